using System.Text;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>Import Data and Export Data on folders and SQLite files; other stores keep the same contracts, tested beside them.</summary>
public sealed class ImportExportTests : IDisposable
{
    private const string Import = "Import Data";
    private const string Export = "Export Data";

    private static readonly TableBatch Table = ModuleRuns.Batch(
        [
            ModuleRuns.Field("id", ColumnType.Int32), ModuleRuns.Category("town, \"x\"", "Köln", "Bonn"), ModuleRuns.Field("pay", ColumnType.Double),
            ModuleRuns.Field("born", ColumnType.DateTime), ModuleRuns.Field("ok", ColumnType.Boolean),
        ],
        [1, "Köln", 1.5, new DateTime(2000, 1, 2), true],
        [2, null, null, null, null],
        [3, "Bonn", -2.5, new DateTime(2001, 2, 3, 4, 5, 6), false]);

    private readonly TemporaryFolder _folder = new();
    private readonly BlobStores _stores;
    private readonly ModuleServices _services;

    public ImportExportTests()
    {
        _stores = new BlobStores(new BlobStoresOptions { FileRoots = [_folder.Path] }, TimeProvider.System);
        _services = ModuleRuns.Services with
        {
            OpenBlobStore = _stores.Open,
            FileRoots = [_folder.Path],
            Databases = new SqlTables(new SqlTablesOptions { FileRoots = [_folder.Path] }),
        };
    }

    public void Dispose()
    {
        _stores.Dispose();
        _folder.Dispose();
    }

    private string Account => $"FileRoot={_folder.Path}";

    [Theory]
    [InlineData("CSV", "True")]
    [InlineData("TSV", "True")]
    [InlineData("ARFF", "False")]
    public async Task Blob_WrittenAndRead_IsTheSameTable(string format, string header)
    {
        await ExportAsync(("Path to blob beginning with container", "c/out/a.txt"), ("File format for blob file", format), ("Write blob header row", header));

        var read = await ImportAsync(
            ("Path to container, directory or blob", "c/out/a.txt"), ("Blob file format", format), ("File has header row", header));

        Assert.Equal(ModuleRuns.Names(Table), ModuleRuns.Names(read));
        foreach (var name in ModuleRuns.Names(Table))
        {
            Assert.Equal(ModuleRuns.Texts(Table, name), ModuleRuns.Texts(read, name));
        }

        if (format == "ARFF")
        {
            Assert.Equal(["Köln", "Bonn"], read.Schema.Fields[1].Categories!.Levels);
        }
    }

    [Fact]
    public async Task Blob_WithoutHeader_GetsColNames()
    {
        await ExportAsync(("Path to blob beginning with container", "c/a.csv"));

        var read = await ImportAsync(("Path to container, directory or blob", "c/a.csv"));

        Assert.Equal(["Col1", "Col2", "Col3", "Col4", "Col5"], ModuleRuns.Names(read));
        Assert.Equal(3, read.RowCount);
    }

    [Fact]
    public async Task Import_PatternAndFolder_ReadAllInOrderWithCommonTypes()
    {
        Write("c/in/p1.csv", "a,b,c\n1,x,\n007,y,\n");
        Write("c/in/p2.csv", "a,b,c\nZ,x,2.5\n");
        Write("c/in/other.txt", "a,b,c\n9,9,9\n");
        Write("c/in/deep/p3.csv", "a,b,c\n5,5,5\n");

        var matched = await ImportAsync(("Path to container, directory or blob", "c/in/p*.csv"), ("File has header row", "True"));
        var all = await ImportAsync(("Path to container, directory or blob", "c/in/deep"), ("File has header row", "True"));

        Assert.Equal(["1", "007", "Z"], ModuleRuns.Texts(matched, "a"));
        Assert.Equal([null, null, "2.5"], ModuleRuns.Texts(matched, "c"));
        Assert.Equal(ColumnType.Double, matched.Schema.Fields[2].Type);
        Assert.Equal(["5"], ModuleRuns.Texts(all, "a"));
    }

    [Fact]
    public async Task Import_DelimitedText_TakesDelimiterAndEncoding()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "c"));
        await File.WriteAllBytesAsync(
            Path.Combine(_folder.Path, "c", "u.txt"),
            Encoding.Unicode.GetBytes("a;b\n\"ü;1\";2\n"),
            TestContext.Current.CancellationToken);

        var read = await ImportAsync(
            ("Path to container, directory or blob", "c/u.txt"),
            ("Blob file format", "DelimitedText"),
            ("File has header row", "True"),
            ("Column delimiter", "Semicolon"),
            ("Encoding format", "Unicode"));

        Assert.Equal(["ü;1"], ModuleRuns.Texts(read, "a"));
    }

    [Fact]
    public async Task Export_BlobThatExists_IsError57UnlessOverwritten()
    {
        (string, string) path = ("Path to blob beginning with container", "c/a.csv");
        await ExportAsync(path);

        await FailExportAsync(57, path);
        await ExportAsync(path, ("Azure blob storage write mode", "Overwrite"), ("Write blob header row", "True"));

        Assert.StartsWith("id,", await File.ReadAllTextAsync(
            Path.Combine(_folder.Path, "c", "a.csv"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(65, "Path to container, directory or blob", "c/gone.csv")]
    [InlineData(65, "Path to container, directory or blob", "c/*.csv")]
    [InlineData(9, "Path to container, directory or blob", "c/../x.csv")]
    [InlineData(9, "Account name", "Bad_Name!")]
    [InlineData(64, "Account name", "FileRoot=/")]
    [InlineData(3, "Path to container, directory or blob", "")]
    public async Task Import_BlobThatCannotBe_IsError(int number, string parameter, string value) => await FailImportAsync(
        number,
        ("Account name", Account), ("Account key", "YQ=="), ("Path to container, directory or blob", "c/a.csv"), (parameter, value));

    [Fact]
    public async Task Import_FilesOfDifferentColumns_IsError18()
    {
        Write("c/1.csv", "a,b\n1,2\n");
        Write("c/2.csv", "a,c\n1,2\n");

        await FailImportAsync(18, ("Account name", Account), ("Path to container, directory or blob", "c"), ("File has header row", "True"));
    }

    [Theory]
    [InlineData(49, "CSV", "a,b\n1\n")]
    [InlineData(49, "ARFF", "a,b\n1\n")]
    [InlineData(39, "Excel", "a")]
    public async Task Import_FileThatBreaksItsFormat_IsError(int number, string format, string text)
    {
        Write("c/a.csv", text);

        await FailImportAsync(
            number, ("Account name", Account), ("Path to container, directory or blob", "c/a.csv"), ("Blob file format", format), ("File has header row", "True"));
    }

    [Theory]
    [InlineData(2, "Encoding format", "klingon")]
    [InlineData(2, "Column delimiter", "\"")]
    public async Task Import_DelimitedTextParameters_AreChecked(int number, string parameter, string value)
    {
        Write("c/a.csv", "a\n1\n");

        await FailImportAsync(
            number, ("Account name", Account), ("Path to container, directory or blob", "c/a.csv"), ("Blob file format", "DelimitedText"), (parameter, value));
    }

    [Theory]
    [InlineData(52, "account", null)]
    [InlineData(52, "account", "no base64!")]
    public async Task Import_AccountKeyThatIsNone_IsError52(int number, string name, string? key)
    {
        (string, string)[] parameters = [("Account name", name), ("Path to container, directory or blob", "c/a.csv")];

        await FailImportAsync(number, key is null ? parameters : [.. parameters, ("Account key", key)]);
    }

    [Theory]
    [InlineData(29, "Http", "Data source URL", "ftp://example.com/a.csv")]
    [InlineData(29, "Http", "Data source URL", "not an address")]
    [InlineData(29, "Http", "Data source URL", "https://example.com/")]
    [InlineData(39, "HiveQuery", "Hive database query", "select 1")]
    [InlineData(39, "AzureTable", "Table name", "t")]
    [InlineData(39, "PowerQuery", "Source URL", "https://example.com/odata")]
    [InlineData(39, "DocumentDB", "SQL Query", "select 1")]
    [InlineData(39, "OnPremisesSqlServer", "Database query", "select 1")]
    public async Task Import_SourceThatCannotBe_IsError(int number, string source, string parameter, string value) =>
        await FailImportAsync(number, ("Data source", source), (parameter, value));

    [Theory]
    [InlineData(77, "Azure blob storage write mode", "Append")]
    [InlineData(79, "Path to blob beginning with container", "a.csv")]
    [InlineData(52, "Azure account name", "account")]
    [InlineData(39, "Data destination", "AzureTable")]
    [InlineData(39, "Data destination", "HiveQuery")]
    public async Task Export_ThatCannotBe_IsError(int number, string parameter, string value) =>
        await FailExportAsync(number, ("Path to blob beginning with container", "c/a.csv"), (parameter, value));

    [Fact]
    public async Task Export_SasUriThatIsNone_IsError29() => await FailExportAsync(
        29, ("Authentication type", "SAS"), ("SAS URI for blob", "c:\\a.csv"));

    [Fact]
    public async Task Sql_WrittenAndRead_KeepsValuesUnderNewNames()
    {
        await ExportSqlAsync(("Comma separated list of columns to be saved", "id, pay, \"town, \"\"x\"\"\""), ("Comma separated list of datatable columns", "Key,Salary,Town"));

        var read = await ImportSqlAsync("select * from people order by Key");

        Assert.Equal(["Key", "Salary", "Town"], ModuleRuns.Names(read));
        Assert.Equal(["1", "2", "3"], ModuleRuns.Texts(read, "Key"));
        Assert.Equal(["1.5", null, "-2.5"], ModuleRuns.Texts(read, "Salary"));
        Assert.Equal(["Köln", null, "Bonn"], ModuleRuns.Texts(read, "Town"));
    }

    [Theory]
    [InlineData(27, "id,pay", "a")]
    [InlineData(1, "gone", "a")]
    [InlineData(18, "id,pay", "a,A")]
    [InlineData(27, " ", "a")]
    public async Task Sql_ColumnListsThatDoNotPair_IsError(int number, string saved, string names)
    {
        var failure = await Assert.ThrowsAsync<ModuleException>(() => ExportSqlAsync(
            ("Comma separated list of columns to be saved", saved), ("Comma separated list of datatable columns", names)));

        Assert.Equal(number, failure.Number);
    }

    [Theory]
    [InlineData(69, "select * from nowhere")]
    [InlineData(69, "selekt 1")]
    public async Task Sql_QueryThatCannotRun_IsError69(int number, string query)
    {
        await ExportSqlAsync(("Comma separated list of columns to be saved", "id"), ("Comma separated list of datatable columns", "id"));

        Assert.Equal(number, (await Assert.ThrowsAsync<ModuleException>(() => ImportSqlAsync(query))).Number);
    }

    [Fact]
    public async Task Sql_FileOutsideTheRoots_IsError71() => await FailImportAsync(
        71,
        ("Data source", "Azure SQL Database/DW"), ("Database server name", "sqlite:/etc/other.db"), ("Database name", "x"), ("Database query", "select 1"));

    [Fact]
    public async Task Sql_ServerNameThatIsNone_IsError15() => await FailImportAsync(
        15,
        ("Data source", "SqlAzure"), ("Database server name", "a;b"), ("Database name", "x"), ("Database query", "select 1"));

    [Fact]
    public async Task Sql_ConstraintBroken_IsError121AndWritesNothing()
    {
        await ExportSqlAsync(("Comma separated list of columns to be saved", "id"), ("Comma separated list of datatable columns", "id"));

        var failure = await Assert.ThrowsAsync<ModuleException>(() => ExportSqlAsync(
            ("Comma separated list of columns to be saved", "id"), ("Comma separated list of datatable columns", "elsewhere")));

        Assert.Equal(121, failure.Number);
        Assert.Equal(3, (await ImportSqlAsync("select * from people")).RowCount);
    }

    private Task<ModuleContext> ExportSqlAsync(params (string, string)[] parameters) => ModuleRuns.RunAsync(
        Export,
        [Table],
        [
            ("Data destination", "SqlAzure"), ("Database server name", $"sqlite:{_folder.Path}/d.db"), ("Database name", "d"),
            ("Data table name", "people"), ("Number of rows written per SQL Azure operation", "2"), .. parameters,
        ],
        _services);

    private async Task<TableBatch> ImportSqlAsync(string query)
    {
        var context = await ModuleRuns.RunAsync(
            Import,
            [],
            [("Data source", "SqlAzure"), ("Database server name", $"sqlite:{_folder.Path}/d.db"), ("Database name", "d"), ("Database query", query)],
            _services);
        return ModuleRuns.Table(context, "Results dataset");
    }

    private Task<ModuleContext> ExportAsync(params (string, string)[] parameters) => ModuleRuns.RunAsync(
        Export, [Table], Merge([("Azure account name", Account)], parameters), _services);

    private async Task<TableBatch> ImportAsync(params (string, string)[] parameters)
    {
        var context = await ModuleRuns.RunAsync(Import, [], [("Account name", Account), .. parameters], _services);
        return ModuleRuns.Table(context, "Results dataset");
    }

    private async Task FailExportAsync(int number, params (string, string)[] parameters) => Assert.Equal(
        number, (await Assert.ThrowsAsync<ModuleException>(() => ExportAsync(parameters))).Number);

    private async Task FailImportAsync(int number, params (string, string)[] parameters) => Assert.Equal(
        number, (await Assert.ThrowsAsync<ModuleException>(() => ModuleRuns.RunAsync(Import, [], Merge([], parameters), _services))).Number);

    // A later value of a parameter wins.
    private static (string Name, string Value)[] Merge((string Name, string Value)[] first, (string Name, string Value)[] then) =>
        [.. first.Concat(then).GroupBy(pair => pair.Name).Select(group => group.Last())];

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
