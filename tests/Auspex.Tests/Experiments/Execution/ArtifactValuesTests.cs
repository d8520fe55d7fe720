using System.IO.Compression;
using Auspex.Definitions;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.TestKit.Experiments;
using Auspex.Tests.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Execution;

public sealed class ArtifactValuesTests
{
    private readonly ExperimentHarness _harness = new(ModuleCatalog.CreateDefault());

    [Fact]
    public async Task Load_StoredArchive_IsAnArchiveAgain()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var zip = Zip();

        var id = await _harness.Values.SaveAsync(zip, cancellationToken);
        var loaded = Assert.IsType<ArchiveValue>(await _harness.Values.LoadAsync(AssetKind.Dataset, id, cancellationToken));

        Assert.Equal(AssetKind.Dataset, ArtifactValues.KindOf(zip));
        Assert.Equal(zip.Bytes.ToArray(), loaded.Bytes.ToArray());
    }

    [Fact]
    public async Task Load_StoredTable_KeepsItsFoldsAndItsView()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var table = new TableValue(ModuleRuns.Single("x", Auspex.Connectors.Tables.ColumnType.Int32, 1, 2))
        {
            Folds = new FoldAssignment([1, -1], 3),
            Visualization = "{}",
        };

        var id = await _harness.Values.SaveAsync(table, cancellationToken);
        var loaded = Assert.IsType<TableValue>(await _harness.Values.LoadAsync(AssetKind.Dataset, id, cancellationToken));

        ModuleRuns.AssertSame(table.Table, loaded.Table);
        Assert.Equal([1, -1], loaded.Folds!.Of);
        Assert.Equal((3, "{}"), (loaded.Folds.Count, loaded.Visualization));
    }

    [Fact]
    public async Task Prefixed_StreamThatCannotSeek_IsReadWhole()
    {
        await using var stream = new PrefixedStream(new byte[] { 1, 2 }, new MemoryStream([3, 4, 5]));
        using var all = new MemoryStream();

        await stream.CopyToAsync(all, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3, 4, 5], all.ToArray());
    }

    [Fact]
    public async Task Run_SavedArchive_ReachesAPortOfTypeZip()
    {
        var zip = await _harness.Values.SaveAsync(Zip(), TestContext.Current.CancellationToken);
        var assets = new ArtifactAssets(
            new Dictionary<AssetReference, Auspex.Stores.ArtifactId> { [new AssetReference(AssetKind.Dataset, "packed")] = zip }, _harness.Values);

        var run = await _harness.RunAsync(
            """
            { "name": "Unpack", "nodes": {
                "zip": { "dataset": "packed" },
                "table": { "module": "Unpack Zipped Datasets", "inputs": { "Dataset": "zip" }, "parameters": { "File has header row": true } } } }
            """,
            request => request with { Assets = assets });

        Assert.Empty(run.Errors);
        Assert.Equal(["7"], ModuleRuns.Texts(ExperimentHarness.TableAt(run, "table", "Results dataset"), "a"));
    }

    [Fact]
    public void Compile_TableIntoAPortOfTypeZip_IsRefused()
    {
        var result = _harness.TryCompile(
            """
            { "name": "Wrong", "nodes": {
                "data": { "module": "Enter Data Manually", "parameters": { "Data": "a\n1" } },
                "table": { "module": "Unpack Zipped Datasets", "inputs": { "Dataset": "data" } } } }
            """);

        Assert.Contains(result.Diagnostics, diagnostic => diagnostic.Message.Contains("a zip archive", StringComparison.Ordinal));
    }

    private static ArchiveValue Zip()
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var file = archive.CreateEntry("a.csv").Open();
            file.Write("a\n7\n"u8);
        }

        return new ArchiveValue(bytes.ToArray());
    }
}
