using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Tests.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>Clusters, anomaly detectors and learners made of learners, by their modules.</summary>
public sealed class UnlabelledModulesTests
{
    private static readonly TableBatch Points = Tables.Of(
        [Tables.Number("x"), Tables.Number("y"), Tables.Text("kind") with { Role = ColumnRole.Label }],
        40,
        row => [row % 2 == 0 ? 0.0 + (row * 0.01) : 10.0 + (row * 0.01), row * 0.001, row % 10 == 0 ? null : row % 2 == 0 ? "near" : "far"]);

    [Fact]
    public async Task TrainClusteringModel_OfTwoHeaps_AssignsEachRowToItsOwn()
    {
        var outputs = await ClusterAsync();

        var results = ((TableValue)outputs["Results dataset"]).Table;
        Assert.Equal(
            ["x", "y", "kind", "Assignments", "DistancesToClusterCenter no.0", "DistancesToClusterCenter no.1"],
            results.Schema.Fields.Select(field => field.Name));
        var assignments = ((Int64Column)results.Columns[3]).Values.ToArray();
        Assert.All(Enumerable.Range(0, 40), row => Assert.Equal(assignments[row % 2], assignments[row]));
        Assert.NotEqual(assignments[0], assignments[1]);
    }

    [Fact]
    public async Task AssignDataToClusters_OfTheSameRows_GivesTheTrainersResults()
    {
        var outputs = await ClusterAsync();

        var assigned = await RunAsync("Assign Data to Clusters", [], ("Trained model", outputs["Trained model"]), ("Dataset", new TableValue(Points)));

        var (left, right) = (((TableValue)outputs["Results dataset"]).Table, ((TableValue)assigned["Results dataset"]).Table);
        Assert.Equal(Tables.Doubles(left, "DistancesToClusterCenter no.1"), Tables.Doubles(right, "DistancesToClusterCenter no.1"));
        Assert.True(ModuleRuns.Find("Assign Data to Clusters") is IRowwiseModule);
    }

    [Theory]
    [InlineData("Fill missing values", true)]
    [InlineData("Overwrite from closest to center", false)]
    public async Task LabelModes_OfRowsWithoutLabels_GiveThemThoseOfTheirCluster(string mode, bool keepsOwn)
    {
        var outputs = await ClusterAsync(("Assign Label Mode", mode));
        var assigned = await RunAsync("Assign Data to Clusters", [], ("Trained model", outputs["Trained model"]), ("Dataset", new TableValue(Points)));

        var labels = (StringColumn)((TableValue)assigned["Results dataset"]).Table.Columns[2];

        Assert.All(Enumerable.Range(0, 40), row => Assert.Equal(row % 2 == 0 ? "near" : "far", labels.Text(row)));
        Assert.Equal(keepsOwn, ((CentroidModel)((ModelValue)outputs["Trained model"]).Model).ClusterLabels!.OnlyMissing);
    }

    [Theory]
    [InlineData("First N")]
    [InlineData("Random")]
    [InlineData("K-Means++ Fast")]
    [InlineData("Evenly")]
    [InlineData("Use Label Column")]
    public async Task Initializations_OfTwoHeaps_AllFindThem(string initialization)
    {
        var outputs = await ClusterAsync(("Initialization", initialization));

        var assignments = ((Int64Column)((TableValue)outputs["Results dataset"]).Table.Columns[3]).Values.ToArray();
        Assert.NotEqual(assignments[0], assignments[1]);
    }

    [Fact]
    public async Task Cosine_OfDirections_IgnoresLengths()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Number("y")], 20, row => row % 2 == 0 ? [row + 1.0, 0.1] : [0.1, row + 1.0]);
        var outputs = await ClusterAsync(table, "x,y", ("Metric", "Cosine"));

        var assignments = ((Int64Column)((TableValue)outputs["Results dataset"]).Table.Columns[2]).Values.ToArray();

        Assert.All(Enumerable.Range(0, 20), row => Assert.Equal(assignments[row % 2], assignments[row]));
    }

    [Fact]
    public async Task EvaluateModel_OfClusters_HasARowForAllAndOnePerCluster()
    {
        var results = (await ClusterAsync())["Results dataset"];

        var table = ((TableValue)(await RunAsync("Evaluate Model", [], ("Scored dataset", results)))["Evaluation results"]).Table;

        Assert.Equal(
            ["Combined Evaluation", "Evaluation For Cluster No.0", "Evaluation For Cluster No.1"],
            Enumerable.Range(0, 3).Select(row => ((StringColumn)table.Columns[0]).Text(row)));
        Assert.Equal([40L, 20, 20], ((Int64Column)table.Columns[3]).Values.ToArray());
        Assert.True(Tables.Doubles(table, "Average Distance to Cluster Center")[0] < Tables.Doubles(table, "Average Distance to Other Center")[0]);
    }

    [Fact]
    public async Task TrainClusteringModel_OfTooFewRows_Fails21() =>
        Assert.Equal(21, (await Assert.ThrowsAsync<ModuleException>(() => ClusterAsync(("Number of Centroids", "50")))).Number);

    [Fact]
    public async Task TrainClusteringModel_WithoutTheLabelItNeeds_Fails134()
    {
        var table = Tables.Of([Tables.Number("x")], 10, row => [(double)row]);

        Assert.Equal(134, (await Assert.ThrowsAsync<ModuleException>(() => ClusterAsync(table, "x", ("Initialization", "Use Label Column")))).Number);
    }

    [Theory]
    [InlineData("PCA-Based Anomaly Detection")]
    [InlineData("One-Class Support Vector Machine")]
    public async Task TrainAnomalyDetectionModel_OfRowsOnALine_FindsTheOneBesideIt(string detector)
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Number("y")], 100, row => [row - 50.0, row == 99 ? -300.0 : (row - 50.0) * 2]);
        var learner = LearnerSuite.Create(detector, ("Number of components to use in PCA", "1"), ("Enable input feature mean normalization", "True"));

        var trained = await RunAsync(
            "Train Anomaly Detection Model", [], ("Untrained model", new LearnerValue(learner)), ("Dataset", new TableValue(table.Slice(0, 99))));
        var scored = ((TableValue)(await RunAsync(
            "Score Model", [], ("Trained model", trained["Trained model"]), ("Dataset", new TableValue(table))))["Scored dataset"]).Table;

        Assert.Equal(["x", "y", "Scored Labels", "Scored Probabilities"], scored.Schema.Fields.Select(field => field.Name));
        var scores = Tables.Doubles(scored, "Scored Probabilities");
        Assert.Equal(scores.Max(), scores[99]);
        Assert.Equal(1, ((Int64Column)scored.Columns[2]).Values[99]);
        Assert.Equal(0, ((Int64Column)scored.Columns[2]).Values[50]);
    }

    [Fact]
    public async Task TrainAnomalyDetectionModel_OfMoreComponentsThanFeatures_Fails47()
    {
        var learner = LearnerSuite.Create("PCA-Based Anomaly Detection", ("Number of components to use in PCA", "9"));

        Assert.Equal(47, (await Assert.ThrowsAsync<ModuleException>(() => RunAsync(
            "Train Anomaly Detection Model", [], ("Untrained model", new LearnerValue(learner)), ("Dataset", new TableValue(Points))))).Number);
    }

    [Theory]
    [InlineData("Train Model", "Untrained model", "K-Means Clustering")]
    [InlineData("Train Anomaly Detection Model", "Untrained model", "Two-Class Decision Forest")]
    [InlineData("Train Clustering Model", "Untrained model", "PCA-Based Anomaly Detection")]
    [InlineData("One-vs-All Multiclass", "Untrained binary classification model", "Multiclass Decision Forest")]
    [InlineData("Ordinal Regression", "Untrained binary classification model", "Linear Regression")]
    public async Task Modules_GivenALearnerOfAnotherKind_Fail13(string module, string port, string learner)
    {
        var (name, value) = module == "Train Clustering Model" ? ("Column Set", "x") : ("Label column", "kind");
        (string, string)[] parameters = ModuleRuns.Find(module).Descriptor.Parameters.Any(parameter => parameter.Name == name) ? [(name, value)] : [];

        Assert.Equal(13, (await Assert.ThrowsAsync<ModuleException>(() => RunAsync(
            module, parameters, (port, new LearnerValue(LearnerSuite.Create(learner))), ("Dataset", new TableValue(Points))))).Number);
    }

    [Fact]
    public async Task ScoreModel_OfClusters_Fails13AndAssigningOthersToo()
    {
        var clusters = (await ClusterAsync())["Trained model"];
        var forest = new ModelValue(LearnerSuite.Train(LearnerSuite.Create("Two-Class Decision Forest"), LearnerSuite.Table(ModelTask.Binary, 50)));

        Assert.Equal(13, (await Assert.ThrowsAsync<ModuleException>(() => RunAsync(
            "Score Model", [], ("Trained model", clusters), ("Dataset", new TableValue(Points))))).Number);
        Assert.Equal(13, (await Assert.ThrowsAsync<ModuleException>(() => RunAsync(
            "Assign Data to Clusters", [], ("Trained model", forest), ("Dataset", new TableValue(Points))))).Number);
    }

    [Fact]
    public async Task Ranges_OfEveryLearner_NameTheParameterThatTheyListValuesOf()
    {
        foreach (var descriptor in Auspex.Experiments.Catalog.ModuleCatalog.CreateDefault().Modules.Select(module => module.Descriptor))
        {
            Assert.All(
                descriptor.Parameters.Where(parameter => parameter.Kind == ParameterKind.ParameterRange),
                range => Assert.Single(descriptor.Parameters, parameter => parameter.Name == range.RangeOf));
        }

        await Task.CompletedTask;
    }

    [Fact]
    public void OrdinalModel_OfRanks_PredictsThemInOrder()
    {
        var table = LearnerSuite.Table(ModelTask.Ordinal, 400);
        var scored = LearnerSuite.Train(LearnerSuite.Create("Ordinal Regression"), table).Bind(table.Schema, false).Apply(table);

        var metrics = (Auspex.Experiments.Evaluation.OrdinalMetrics)Auspex.Experiments.Evaluation.ModelMetrics.Evaluate(scored);

        Assert.InRange(metrics.MeanZeroOneError, 0, 0.25);
        Assert.InRange(metrics.MeanAbsoluteError, metrics.MeanZeroOneError, 0.26);
        Assert.Equal(23, Assert.Throws<ModuleException>(() => LearnerSuite.Train(
            LearnerSuite.Create("Ordinal Regression"), LearnerSuite.Table(ModelTask.Multiclass, 50))).Number);
    }

    [Fact]
    public void QuantileForest_OfEvenNoise_CoversItsParts()
    {
        var random = new Random(1);
        var table = Tables.Of([Tables.Number("x"), Tables.Number("y") with { Role = ColumnRole.Label }], 4000, _ => [random.NextDouble(), random.NextDouble()]);
        var model = LearnerSuite.Train(
            LearnerSuite.Create("Fast Forest Quantile Regression", ("Number of Trees", "30"), ("Quantiles to be estimated", "0.1; 0.9")), table);

        var scored = model.Bind(table.Schema, false).Apply(table);

        Assert.Equal(0.1, Tables.Doubles(scored, "Quantile: 0.100").Average(), 0.04);
        Assert.Equal(0.9, Tables.Doubles(scored, "Quantile: 0.900").Average(), 0.04);
        Assert.Equal(
            ["Average Quantile Loss: 0.100", "Average Quantile Loss: 0.900"],
            Auspex.Experiments.Evaluation.ModelMetrics.Evaluate(scored).Values.Select(metric => metric.Name));
    }

    private static Task<IReadOnlyDictionary<string, PortValue>> ClusterAsync(params (string Name, string Value)[] settings) =>
        ClusterAsync(Points, "x,y", settings);

    private static Task<IReadOnlyDictionary<string, PortValue>> ClusterAsync(
        TableBatch table, string columns, params (string Name, string Value)[] settings)
    {
        var learner = LearnerSuite.Create("K-Means Clustering", [("Number of Centroids", "2"), .. settings]);
        return RunAsync(
            "Train Clustering Model", [("Column Set", columns)], ("Untrained model", new LearnerValue(learner)), ("Dataset", new TableValue(table)));
    }

    private static async Task<IReadOnlyDictionary<string, PortValue>> RunAsync(
        string name, (string Name, string Value)[] parameters, params (string Port, PortValue Value)[] inputs)
    {
        var module = ModuleRuns.Find(name);
        var context = new ModuleContext(
            inputs.ToDictionary(input => input.Port, input => input.Value, StringComparer.Ordinal),
            new ModuleParameters(module.Descriptor, parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)),
            ModuleRuns.Services);
        await module.RunAsync(context, TestContext.Current.CancellationToken);
        return context.Outputs;
    }
}
