using System.Collections.Immutable;

namespace Auspex.Experiments.Modules;

internal sealed partial class ImportDataModule
{
    private const string Source = "Data source";
    private const string Url = "Data source URL";
    private const string WebFormat = "Data format";
    private const string WebHeader = "CSV or TSV has header row";
    private const string ServerName = "Database server name";
    private const string DatabaseName = "Database name";
    private const string ServerUser = "Server user account name";
    private const string ServerPassword = "Server user account password";
    private const string TrustCertificate = "Trust server certificate";
    private const string Query = "Database query";
    private const string BlobAuthentication = "Authentication type";
    private const string BlobUri = "URI";
    private const string UriFormat = "File format";
    private const string UriHeader = "URI file has header row";
    private const string AccountName = "Account name";
    private const string AccountKey = "Account key";
    private const string BlobPath = "Path to container, directory or blob";
    private const string BlobFormat = "Blob file format";
    private const string BlobHeader = "File has header row";
    private const string Delimiter = "Column delimiter";
    private const string EncodingName = "Encoding format";
    private const string OutputLocation = "Location of output data";
    private const string TableAuthentication = "Table authentication type";
    private const string RowsToScan = "Rows to scan for property names";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Import Data",
        Category = "Data Input and Output",
        FamilyId = "4e1b0fe6aded4b3fa36f39b8862b9004",
        Outputs = [Declare.Dataset("Results dataset")],
        IsDeterministic = false,
        Parameters =
        [
            Declare.Choice(
                Source,
                "AzureBlobStorage",
                [
                    "Http=Web URL via HTTP", "HiveQuery", "SqlAzure=Azure SQL Database/DW", "AzureTable", "AzureBlobStorage",
                    "PowerQuery=Data Feed Provider (OData)", "DocumentDB=Azure Cosmos DB", "OnPremisesSqlServer",
                ],
                "Please Specify Data Source"),
            Declare.Text(Url, graphName: "URL", when: From("Http")),
            Declare.Choice(WebFormat, "CSV", ["CSV", "TSV", "ARFF", "SvmLight"], when: From("Http")),
            Declare.Boolean(WebHeader, false, "CSV or TSV has Header Row", Declare.When(WebFormat, "CSV", "TSV")),
            .. Hive,
            Declare.Text(ServerName, graphName: "Database Server Name", when: From("SqlAzure", "OnPremisesSqlServer")),
            Declare.Text(DatabaseName, graphName: "Database Name", when: From("SqlAzure", "OnPremisesSqlServer")),
            Declare.Text(ServerUser, graphName: "Server User Account Name", when: From("SqlAzure")),
            Declare.Secret(ServerPassword, "Server User Account Password", From("SqlAzure")),
            Declare.Boolean(TrustCertificate, false, "Trust Server Certificate", From("SqlAzure")),
            Declare.Script(Query, graphName: "Database Query", when: From("SqlAzure", "OnPremisesSqlServer")),
            Declare.Text("Data gateway", when: From("OnPremisesSqlServer")),
            Declare.Secret("User name and password", when: From("OnPremisesSqlServer")),
            .. Blobs,
            .. Tables,
            Declare.Text("Endpoint URL", graphName: "Azure DocumentDB Server", when: From("DocumentDB")),
            Declare.Text("Database ID", when: From("DocumentDB")),
            Declare.Secret("DocumentDB Key", when: From("DocumentDB")),
            Declare.Text("Collection ID", when: From("DocumentDB")),
            Declare.Script("SQL Query", when: From("DocumentDB")),
            Declare.Choice("Data content type", "OData", ["OData"], when: From("PowerQuery")),
            Declare.Text("Source URL", when: From("PowerQuery")),
            Declare.Boolean("Use cached results", false),
        ],
    };

    private static ImmutableArray<ModuleParameter> Hive =>
    [
        Declare.Script("Hive database query", when: From("HiveQuery")),
        Declare.Text("HCatalog server URI", when: From("HiveQuery")),
        Declare.Text("Hadoop user account name", when: From("HiveQuery")),
        Declare.Secret("Hadoop user account password", when: From("HiveQuery")),
        Declare.Choice(OutputLocation, "HDFS", ["HDFS", "Azure"], when: From("HiveQuery")),
        Declare.Text("HDFS server URI", when: Declare.When(OutputLocation, "HDFS")),
        Declare.Text("Azure storage account name", when: Declare.When(OutputLocation, "Azure")),
        Declare.Secret("Azure storage key", when: Declare.When(OutputLocation, "Azure")),
        Declare.Text("Azure container name", when: Declare.When(OutputLocation, "Azure")),
    ];

    private static ImmutableArray<ModuleParameter> Blobs =>
    [
        Declare.Choice(
            BlobAuthentication,
            "Account",
            ["PublicOrSAS", "Account"],
            "Please Specify Authentication Type",
            From("AzureBlobStorage")),
        Declare.Text(BlobUri, when: Declare.When(BlobAuthentication, "PublicOrSAS")),
        Declare.Choice(UriFormat, "CSV", ["CSV", "TSV", "ARFF"], when: Declare.When(BlobAuthentication, "PublicOrSAS")),
        Declare.Boolean(UriHeader, false, "URI file has Header Row", Declare.When(UriFormat, "CSV", "TSV")),
        Declare.Text(AccountName, graphName: "Account Name", when: Declare.When(BlobAuthentication, "Account")),
        Declare.Secret(AccountKey, "Account Key", Declare.When(BlobAuthentication, "Account")),
        Declare.Text(
            BlobPath, graphName: "Path to container or directory or blob", when: Declare.When(BlobAuthentication, "Account")),
        Declare.Choice(
            BlobFormat,
            "CSV",
            ["CSV", "TSV", "ARFF", "Excel", "DelimitedText"],
            "Blob File format",
            Declare.When(BlobAuthentication, "Account")),
        Declare.Boolean(
            BlobHeader, false, "File has Header Row", Declare.When(BlobFormat, "CSV", "TSV", "Excel", "DelimitedText")),

        // Besides the listed ones any delimiter and any encoding that .NET knows may be written, so these are texts.
        Declare.Text(Delimiter, "Comma", when: Declare.When(BlobFormat, "DelimitedText")) with
        {
            Values = ["Comma", "Tab", "Semicolon", "Space"],
        },
        Declare.Text(EncodingName, "utf-8", "Encoding Format", when: Declare.When(BlobFormat, "DelimitedText")) with
        {
            Values = ["utf-8", "Unicode", "ASCII"],
        },
        Declare.Choice("Excel data format", "Sheet", ["Sheet", "Table"], when: Declare.When(BlobFormat, "Excel")),
        Declare.Text("Excel sheet or embedded table name", when: Declare.When(BlobFormat, "Excel")),
    ];

    private static ImmutableArray<ModuleParameter> Tables =>
    [
        Declare.Choice(
            TableAuthentication,
            "Account",
            ["PublicOrSAS", "Account"],
            "Please Specify Table Authentication Type",
            From("AzureTable")),
        Declare.Text("Table URI", when: Declare.When(TableAuthentication, "PublicOrSAS")),
        Declare.Text("Table account name", graphName: "Table Account Name", when: Declare.When(TableAuthentication, "Account")),
        Declare.Secret("Table account key", "Table Account Key", Declare.When(TableAuthentication, "Account")),
        Declare.Text("Table name", when: Declare.When(TableAuthentication, "Account")),
        Declare.Choice(
            RowsToScan, "TopN", ["TopN", "ScanAll"], "Rows to scan for Property names", From("AzureTable")),
        Declare.Integer("Rows count for TopN", "10", 1, when: Declare.When(RowsToScan, "TopN")),
    ];

    private static ParameterVisibility From(params string[] sources) => Declare.When(Source, sources);
}
