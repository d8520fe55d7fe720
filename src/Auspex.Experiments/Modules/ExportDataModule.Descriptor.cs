using System.Collections.Immutable;

namespace Auspex.Experiments.Modules;

internal sealed partial class ExportDataModule
{
    private const string Destination = "Data destination";
    private const string OutputLocation = "Location of output data";
    private const string ServerName = "Database server name";
    private const string DatabaseName = "Database name";
    private const string ServerUser = "Server user account name";
    private const string ServerPassword = "Server user account password";
    private const string SavedColumns = "Comma separated list of columns to be saved";
    private const string TableName = "Data table name";
    private const string TableColumns = "Comma separated list of datatable columns";
    private const string BatchRows = "Number of rows written per SQL Azure operation";
    private const string BlobAuthentication = "Authentication type";
    private const string SasUri = "SAS URI for blob";
    private const string SasFormat = "File format for SAS file";
    private const string SasHeader = "Write SAS header row";
    private const string AccountName = "Azure account name";
    private const string AccountKey = "Azure account key";
    private const string BlobPath = "Path to blob beginning with container";
    private const string WriteMode = "Azure blob storage write mode";
    private const string BlobFormat = "File format for blob file";
    private const string BlobHeader = "Write blob header row";
    private const string TableAuthentication = "Table authentication type";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Export Data",
        Category = "Data Input and Output",
        FamilyId = "7a391181b6a74ad4b82de419c0d6522c",
        Inputs = [Declare.Dataset("Dataset")],
        IsDeterministic = false,
        Parameters =
        [
            Declare.Choice(
                Destination,
                "AzureBlobStorage",
                ["HiveQuery", "SqlAzure", "AzureTable", "AzureBlobStorage"],
                "Please specify data destination"),
            .. Hive,
            Declare.Text(ServerName, when: To("SqlAzure")),
            Declare.Text(DatabaseName, when: To("SqlAzure")),
            Declare.Text(ServerUser, when: To("SqlAzure")),
            Declare.Secret(ServerPassword, when: To("SqlAzure")),
            Declare.Text(SavedColumns, when: To("SqlAzure")),
            Declare.Text(TableName, when: To("SqlAzure")),
            Declare.Text(TableColumns, when: To("SqlAzure")),
            Declare.Integer(BatchRows, "50", 1, when: To("SqlAzure")),
            .. Blobs,
            .. Tables,
            Declare.Boolean("Use cached results", false),
        ],
    };

    private static ImmutableArray<ModuleParameter> Hive =>
    [
        Declare.Text("Hive table name", when: To("HiveQuery")),
        Declare.Text("HCatalog server URI", when: To("HiveQuery")),
        Declare.Text("Hadoop user account name", when: To("HiveQuery")),
        Declare.Secret("Hadoop user account password", when: To("HiveQuery")),
        Declare.Choice(OutputLocation, "HDFS", ["HDFS", "Azure"], when: To("HiveQuery")),
    ];

    private static ImmutableArray<ModuleParameter> Blobs =>
    [
        Declare.Choice(
            BlobAuthentication, "Account", ["SAS", "Account"], "Please specify authentication type", To("AzureBlobStorage")),
        Declare.Text(SasUri, when: Declare.When(BlobAuthentication, "SAS")),
        Declare.Choice(SasFormat, "CSV", ["ARFF", "CSV", "TSV"], when: Declare.When(BlobAuthentication, "SAS")),
        Declare.Boolean(SasHeader, false, when: Declare.When(BlobAuthentication, "SAS")),
        Declare.Text(AccountName, when: Declare.When(BlobAuthentication, "Account")),
        Declare.Secret(AccountKey, when: Declare.When(BlobAuthentication, "Account")),
        Declare.Text(BlobPath, when: Declare.When(BlobAuthentication, "Account")),
        Declare.Choice(WriteMode, "Error", ["Error", "Overwrite"], when: Declare.When(BlobAuthentication, "Account")),
        Declare.Choice(BlobFormat, "CSV", ["ARFF", "CSV", "TSV"], when: Declare.When(BlobAuthentication, "Account")),
        Declare.Boolean(BlobHeader, false, when: Declare.When(BlobFormat, "CSV", "TSV")),
    ];

    private static ImmutableArray<ModuleParameter> Tables =>
    [
        Declare.Choice(TableAuthentication, "Account", ["SAS", "Account"], when: To("AzureTable")),
        Declare.Text("Table SAS URI", when: Declare.When(TableAuthentication, "SAS")),
        Declare.Text("Table account name", when: Declare.When(TableAuthentication, "Account")),
        Declare.Secret("Table account key", when: Declare.When(TableAuthentication, "Account")),
        Declare.Text("Table name", when: To("AzureTable")),
        Declare.Columns("Partition key", isOptional: true, when: To("AzureTable")),
        Declare.Columns("Azure table row key", isOptional: true, when: To("AzureTable")),
        Declare.Columns("Azure table origin columns", when: To("AzureTable")),
        Declare.Text("Azure table destination columns", when: To("AzureTable")),
        Declare.Choice(
            "Azure table write mode",
            "Insert",
            ["Insert", "Merge", "Replace", "InsertOrReplace", "InsertOrMerge"],
            when: To("AzureTable")),
    ];

    private static ParameterVisibility To(params string[] destinations) => Declare.When(Destination, destinations);
}
