using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.WebServices;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Tests.Experiments.WebServices;

/// <summary>Models without a label on their way from training to a web service.</summary>
public sealed class ClusterEndToEndTests
{
    private const string Clusters = """
        { "name": "Heaps",
          "nodes": {
            "data": { "module": "Enter Data Manually", "parameters": { "Data": "x,y\n0,1\n0.5,1\n9,8\n9.5,8\n0.2,1.2\n9.1,7.7\n" } },
            "learner": { "module": "K-Means Clustering" },
            "train": { "module": "Train Clustering Model", "inputs": { "Untrained model": "learner", "Dataset": "data" }, "parameters": { "Column Set": "x, y" } },
            "score": { "module": "Assign Data to Clusters", "inputs": { "Trained model": "train.Trained model", "Dataset": "data" } } } }
        """;

    private const string Anomalies = """
        { "name": "Odd ones",
          "nodes": {
            "data": { "module": "Enter Data Manually", "parameters": { "Data": "x,y\n0,1\n0.5,1\n9,8\n9.5,8\n0.2,1.2\n9.1,7.7\n" } },
            "learner": { "module": "PCA-Based Anomaly Detection", "parameters": { "Number of components to use in PCA": 1 } },
            "train": { "module": "Train Anomaly Detection Model", "inputs": { "Untrained model": "learner", "Dataset": "data" } },
            "score": { "module": "Score Model", "inputs": { "Trained model": "train", "Dataset": "data" } } } }
        """;

    private readonly ExperimentHarness _harness = new(ModuleCatalog.CreateDefault());

    [Theory]
    [InlineData(Clusters, "Results dataset", "DistancesToClusterCenter no.1")]
    [InlineData(Anomalies, "Scored dataset", "Scored Probabilities")]
    public async Task Publish_ModelWithoutLabel_ScoresAsTrainingDid(string training, string port, string column)
    {
        var run = await _harness.RunAsync(training);
        var conversion = PredictiveConversion.Convert(run, _harness.Catalog, new ConversionOptions());
        var predictive = await ExperimentHarness.RunAsync(
            _harness.Compile(conversion.Experiment!), request => request with { Assets = new ConvertedAssets(conversion.Assets) });
        var package = await new WebServicePackager(_harness.Values).PackageAsync(predictive, exposeSample: true, TestContext.Current.CancellationToken);
        var runtime = await WebServiceRuntime.LoadAsync(package, _harness.Catalog, _harness.Values, TestContext.Current.CancellationToken);

        var table = ExperimentHarness.TableAt(run, "score", port);
        var rows = new TableBatch(new TableSchema(table.Schema.Fields[..2]), table.Columns[..2], table.RowCount);
        var served = runtime.BindRowwise(rows.Schema, new Dictionary<string, string>())!.Apply(rows);

        Assert.True(runtime.IsRowwise);
        Assert.Equal(Tables.Doubles(table, column), Tables.Doubles(served, column));
    }
}
