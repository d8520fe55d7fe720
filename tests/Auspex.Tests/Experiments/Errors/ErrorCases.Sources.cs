using System.Text;
using Auspex.Experiments.Models;
using static Auspex.Tests.Experiments.Errors.ErrorTables;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>Reading, writing, converting, and scripts.</summary>
internal static partial class ErrorCases
{
    private const string BlobPath = "Path to container, directory or blob";
    private const string OutPath = "Path to blob beginning with container";
    private const string ModelPath = "Path to container or directory or blob";
    private const string SavedList = "Comma separated list of columns to be saved";
    private const string NamedList = "Comma separated list of datatable columns";
    private const string Root = "Account name=FileRoot={root}";
    private const string OutRoot = "Azure account name=FileRoot={root}";
    private const string Header = "File has header row=True";

    private static string[] Sqlite => ["Database server name=sqlite:{root}/d.db", "Database name=d"];

    private static IEnumerable<ErrorCase> Sources() =>
    [
        new(3, "Enter Data Manually", ["'Data'"], [], "Data="),
        new(49, "Enter Data Manually", ["'Data'"], [], "Data=a,b\n1\n"),

        new(2, "Import Data", ["klingon"], [], Root, $"{BlobPath}=c/good.csv", "Blob file format=DelimitedText", "Encoding format=klingon"),
        new(2, "Import Data", ["'Column delimiter'"], [], Root, $"{BlobPath}=c/good.csv", "Blob file format=DelimitedText", "Column delimiter=\""),
        new(3, "Import Data", [$"'{BlobPath}'"], [], Root),
        new(9, "Import Data", ["'Bad_Name!'"], [], "Account name=Bad_Name!", "Account key=YQ==", $"{BlobPath}=c/a.csv"),
        new(15, "Import Data", ["a;b"], [], "Data source=SqlAzure", "Database server name=a;b", "Database name=x", "Database query=select 1"),
        new(18, "Import Data", ["c/both/2.csv", "c/both/1.csv"], [], Root, $"{BlobPath}=c/both", Header),
        new(29, "Import Data", ["'Data source URL'"], [], "Data source=Http", "Data source URL=ftp://example.com/a.csv"),
        new(30, "Import Data", ["did not answer"], [], "Data source=Http", $"Data source URL=https://{ErrorWorld.Unreachable}.example.com/a.csv"),
        new(39, "Import Data", ["'Data source'", "HiveQuery"], [], "Data source=HiveQuery"),
        new(39, "Import Data", ["'Blob file format'", "Excel"], [], Root, $"{BlobPath}=c/good.csv", "Blob file format=Excel"),
        new(49, "Import Data", ["c/ragged.csv"], [], Root, $"{BlobPath}=c/ragged.csv", Header),
        new(49, "Import Data", ["c/plain.arff"], [], Root, $"{BlobPath}=c/plain.arff", "Blob file format=ARFF"),
        new(52, "Import Data", ["'account'"], [], "Account name=account", "Account key=no base64!", $"{BlobPath}=c/a.csv"),
        new(64, "Import Data", ["/"], [], "Account name=FileRoot=/", $"{BlobPath}=c/a.csv"),
        new(65, "Import Data", ["'c/gone.csv'"], [], Root, $"{BlobPath}=c/gone.csv"),
        new(69, "Import Data", ["d.db"], [], ["Data source=SqlAzure", .. Sqlite, "Database query=select * from nowhere"]),
        new(71, "Import Data", ["/etc/other.db"], [], "Data source=SqlAzure", "Database server name=sqlite:/etc/other.db", "Database name=x", "Database query=select 1"),
        new(126, "Import Data", ["db.example.com"], [], "Data source=SqlAzure", "Database server name=postgres://db.example.com", "Database name=x", "Database query=select 1"),
        new(154, "Import Data", ["nobody.invalid"], [], "Data source=SqlAzure", "Database server name=postgres://nobody.invalid", "Database name=x", "Database query=select 1"),
        new(1000, "Import Data", ["InvalidDataException"], [], $"Account name={ErrorWorld.Faulty}", "Account key=YQ==", $"{BlobPath}=c/a.csv"),

        new(1, "Export Data", ["'gone'", "'age'"], [People], ["Data destination=SqlAzure", .. Sqlite, "Data table name=t", $"{SavedList}=gone", $"{NamedList}=a"]),
        new(3, "Export Data", ["'Dataset'"], [null], OutRoot, $"{OutPath}=c/new.csv"),
        new(18, "Export Data", [$"'{NamedList}'"], [People], ["Data destination=SqlAzure", .. Sqlite, "Data table name=t", $"{SavedList}=age,kids", $"{NamedList}=a,A"]),
        new(27, "Export Data", [$"'{SavedList}'", $"'{NamedList}'"], [People], ["Data destination=SqlAzure", .. Sqlite, "Data table name=t", $"{SavedList}=age,kids", $"{NamedList}=a"]),
        new(29, "Export Data", ["'SAS URI for blob'"], [People], "Authentication type=SAS", "SAS URI for blob=c:\\a.csv"),
        new(39, "Export Data", ["'Data destination'", "AzureTable"], [People], "Data destination=AzureTable"),
        new(52, "Export Data", ["'account'"], [People], "Azure account name=account", $"{OutPath}=c/new.csv"),
        new(57, "Export Data", ["'c/good.csv'", "'Azure blob storage write mode'"], [People], OutRoot, $"{OutPath}=c/good.csv"),
        new(64, "Export Data", ["/"], [People], "Azure account name=FileRoot=/", $"{OutPath}=c/new.csv"),
        new(71, "Export Data", ["/etc/other.db"], [People], "Data destination=SqlAzure", "Database server name=sqlite:/etc/other.db", "Database name=x", "Data table name=t", $"{SavedList}=age", $"{NamedList}=a"),
        new(77, "Export Data", ["'Azure blob storage write mode'", "Append"], [People], OutRoot, $"{OutPath}=c/new.csv", "Azure blob storage write mode=Append"),
        new(79, "Export Data", [$"'{OutPath}'"], [People], OutRoot, $"{OutPath}=a.csv"),
        new(121, "Export Data", ["sqlite_own"], [People], ["Data destination=SqlAzure", .. Sqlite, "Data table name=sqlite_own", $"{SavedList}=age", $"{NamedList}=a"]),
        new(126, "Export Data", ["db.example.com"], [People], "Data destination=SqlAzure", "Database server name=postgres://db.example.com", "Database name=x", "Data table name=t", $"{SavedList}=age", $"{NamedList}=a"),
        new(151, "Export Data", ["did not answer"], [People], $"Azure account name={ErrorWorld.Unreachable}", "Azure account key=YQ==", $"{OutPath}=c/new.csv"),

        new(3, "Load Trained Model", [$"'{ModelPath}'"], [], Root),
        new(29, "Load Trained Model", ["'Data source URL'"], [], "Data source=Http", "Data source URL=model.ilearner"),
        new(48, "Load Trained Model", ["did not answer"], [], "Data source=Http", $"Data source URL=https://{ErrorWorld.Unreachable}.example.com/m.ilearner"),
        new(65, "Load Trained Model", [$"'{ModelPath}'"], [], Root, $"{ModelPath}=c/both"),
        new(82, "Load Trained Model", ["c/old.ilearner"], [], Root, $"{ModelPath}=c/old.ilearner"),

        new(3, "Unpack Zipped Datasets", ["'Dataset'"], [null]),
        new(49, "Unpack Zipped Datasets", ["a.csv"], [Zip(("a.csv", "a,b\n1\n"))]),
        new(102, "Unpack Zipped Datasets", ["zip"], [new ArchiveValue(Encoding.UTF8.GetBytes("no zip"))]),
        new(131, "Unpack Zipped Datasets", ["gzip"], [new ArchiveValue(Encoding.UTF8.GetBytes("no gzip either"))], "Compression file format=Gzip"),
        new(132, "Unpack Zipped Datasets", ["'a.csv'", "'Dataset to Unpack'"], [Zip(("a.csv", "1"), ("b.csv", "2"))]),
        new(133, "Unpack Zipped Datasets", ["'c.csv'", "'a.csv'"], [Zip(("a.csv", "1"))], "Dataset to Unpack=c.csv"),
        new(136, "Unpack Zipped Datasets", ["no file"], [Zip()]),

        new(3, "Convert to CSV", ["'Dataset'"], [null]),
        new(3, "Convert to TSV", ["'Dataset'"], [null]),
        new(3, "Convert to ARFF", ["'Dataset'"], [null]),
        new(3, "Convert to SVMLight", ["'Dataset'"], [null]),
        new(17, "Convert to SVMLight", ["'name'"], [People]),
        new(24, "Convert to SVMLight", ["label"], [Of([Number("a")], [1.0])]),
        new(2, "Convert to Dataset", ["'New value'", $"'{Size}'"], [Of([Number(Size)], new object?[] { null })], "Action=ReplaceValues", "New value=abc"),
        new(3, "Convert to Dataset", ["'Dataset'"], [null]),

        new(85, "Execute Python Script", ["line 2"], [People, null, null], "Python script=def azureml_main(a, b):\n    raise ValueError('my own words')\n"),
        new(3, "Execute Python Script", ["'Python script'"], [People, null, null], "Python script="),
        new(102, "Execute Python Script", ["bundle"], [null, null, new ArchiveValue(Encoding.UTF8.GetBytes("no zip"))]),
        new(138, "Execute Python Script", ["MiB"], [People, null, null], "Python script=def azureml_main(a, b):\n    raise MemoryError()\n"),
        new(63, "Execute R Script", ["Rscript"], [People, null, null]),
        new(3, "Execute R Script", ["'R Script'"], [People, null, null], "R Script="),
    ];

    private static ArchiveValue Zip(params (string, string)[] files) => new(ErrorWorld.Zip(files));
}
