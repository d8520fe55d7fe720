using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Tests.Experiments.Compilation;

public sealed class SchemaCheckTests
{
    private readonly ExperimentHarness _harness = new(ModuleCatalog.CreateDefault());

    [Fact]
    public async Task Check_ColumnsThatFit_KnowsWhatComesOut()
    {
        var result = await CheckAsync("""
            { "name": "n", "nodes": {
                "data": { "dataset": "People" },
                "select": { "module": "Select Columns in Dataset", "inputs": { "Dataset": "data" }, "parameters": { "Select columns": "age" } } } }
            """);

        Assert.Empty(result.Diagnostics);
        Assert.Equal(["age"], result.Schemas[new PortKey("select", "Results dataset")].Fields.Select(field => field.Name));
    }

    [Fact]
    public async Task Check_ColumnThatIsMissing_IsFoundBeforeTheRun()
    {
        var result = await CheckAsync("""
            { "name": "n", "nodes": {
                "data": { "dataset": "People" },
                "select": { "module": "Select Columns in Dataset", "inputs": { "Dataset": "data" }, "parameters": { "Select columns": "aeg" } } } }
            """);

        var error = Assert.Single(result.Diagnostics);
        Assert.Equal("$.nodes.select", error.JsonPath);
        Assert.Contains("Error 0001", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_CategoriesFromRowsNobodySaw_IsNoMistake()
    {
        var result = await CheckAsync("""
            { "name": "n", "nodes": {
                "data": { "dataset": "People" },
                "levels": { "module": "Edit Metadata", "inputs": { "Dataset": "data" }, "parameters": { "Column": "region", "Categorical": "Make categorical" } },
                "dummies": { "module": "Convert to Indicator Values", "inputs": { "Dataset": "levels" }, "parameters": { "Categorical columns to convert": "region" } } } }
            """);

        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public async Task Check_AssetThatIsMissing_IsFound()
    {
        var result = await CheckAsync("""{ "name": "n", "nodes": { "data": { "dataset": "Persons" } } }""");

        Assert.Contains("no saved dataset named 'Persons'", Assert.Single(result.Diagnostics).Message, StringComparison.Ordinal);
    }

    private Task<SchemaCheckResult> CheckAsync(string json) => SchemaCheck.RunAsync(
        _harness.Compile(json), new People(), ExperimentHarness.Services, TestContext.Current.CancellationToken);

    private sealed class People : IAssetSource
    {
        public Task<LoadedAsset?> FindAsync(AssetReference asset, CancellationToken cancellationToken) => Task.FromResult(
            asset.Name == "People"
                ? new LoadedAsset(new TableValue(SmallTables.Of([("age", ColumnType.Int32), ("region", ColumnType.String)], [1L, "N"])), "people")
                : null);
    }
}
