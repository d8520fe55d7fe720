using Auspex.Connectors.Tables;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Learners;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Training.Tuning;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Sweep Clustering": tries numbers of clusters, and keeps the one that a metric likes best.</summary>
internal sealed class SweepClusteringModule : IModule
{
    private const string LearnerPort = "Untrained model";
    private const string TablePort = "Dataset";
    private const string Metric = "Metric for measuring clustering result";
    private const string Mode = "Specify parameter sweeping mode";
    private const string EntireGrid = "Entire grid";
    private const string RandomSweep = "Random sweep";
    private const string Runs = "Maximum number of runs on random sweep";
    private const string Seed = "Random seed";
    private const string Columns = "Column Set";
    private const string Append = "Check for Append or Uncheck for Result Only";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Sweep Clustering",
        Category = "Machine Learning/Train",
        Inputs = [new(LearnerPort, PortType.ICluster), Declare.Dataset(TablePort)],
        Outputs =
        [
            new("Best Trained model", PortType.ICluster),
            Declare.Dataset("Results dataset"),
            Declare.Dataset("Sweep results"),
        ],
        Parameters =
        [
            Declare.Choice(
                Metric,
                ClusterQuality.Silhouette,
                [ClusterQuality.Silhouette, ClusterQuality.DaviesBouldin, ClusterQuality.Dunn, ClusterQuality.Deviation]),
            Declare.Choice(Mode, RandomSweep, [EntireGrid, RandomSweep]),
            Declare.Integer(Runs, "5", 1, SweepPlan.MostRuns, when: Declare.When(Mode, RandomSweep)),
            Declare.Integer(Seed, "0", when: Declare.When(Mode, RandomSweep)),
            Declare.Columns(Columns),
            Declare.Boolean(Append, true),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        TrainerInput.Read(context, LearnerPort, ModelTask.Clustering, "a clustering learner, such as K-Means Clustering");
        var learner = context.Get<LearnerValue>(LearnerPort);
        var table = context.Table(TablePort);
        var features = TrainerInput.Narrow(table, context.Parameters.Columns(Columns, table.Schema));
        var label = TrainerInput.LabelOf(table);
        ILearner[] candidates = learner.Sweep is { Parameters.IsEmpty: false } sweep
            ? [.. Combinations(context, sweep).Select(sweep.Create)]
            : [learner.Learner];
        if (learner.Sweep is not { Parameters.IsEmpty: false })
        {
            context.Note($"{learner.Learner.Name} is in the mode of single parameters, so there is one number of clusters to try.");
        }

        var metric = context.Parameters.Choice(Metric);
        var runs = CrossValidation.ForEach(
            candidates.Length,
            context.Services.Threads,
            (run, threads) =>
            {
                var model = candidates[run].Train(features, label, new TrainingOptions(threads, null), cancellationToken) as CentroidModel
                    ?? throw new ModuleException(135, $"{candidates[run].Name} gives clusters without centres, which cannot be compared.");
                return (Model: model, Quality: ClusterQuality.Measure(metric, model, model.Bind(table.Schema, appendScores: false).Apply(table)));
            },
            cancellationToken);

        // Stable: of equally good ones the one tried first; one that the metric does not define comes last.
        int[] ranked =
        [
            .. Enumerable.Range(0, runs.Length).OrderBy(run => double.IsNaN(runs[run].Quality) ? double.PositiveInfinity
                : ClusterQuality.GreaterIsBetter(metric) ? -runs[run].Quality : runs[run].Quality),
        ];
        var best = runs[ranked[0]].Model;
        context.Set("Best Trained model", new ModelValue(best));
        context.Set("Results dataset", best.Bind(table.Schema, context.Parameters.Boolean(Append)).Apply(table));
        context.Set("Sweep results", Results(ranked, runs));
        return Task.CompletedTask;
    }

    private static IEnumerable<double[]> Combinations(ModuleContext context, LearnerSweep sweep) =>
        context.Parameters.Choice(Mode) == EntireGrid
            ? SweepPlan.EntireGrid(sweep.Parameters)

            // A number that was drawn before would give the same clusters again.
            : SweepPlan.RandomSweep(sweep.Parameters, context.Parameters.Integer(Runs), context.Random(Seed)).DistinctBy(numbers => numbers[0]);

    private static TableBatch Results(int[] ranked, (CentroidModel Model, double Quality)[] runs)
    {
        var table = new TableBatchBuilder(
            new TableSchema(
            [
                new() { Name = "Cluster Metric", Type = ColumnType.Double },
                new() { Name = "Number of Centroids", Type = ColumnType.Int32 },
                new() { Name = "Index of Run", Type = ColumnType.Int32 },
            ]),
            ranked.Length);
        foreach (var run in ranked)
        {
            var quality = runs[run].Quality;
            table.AppendRow(double.IsNaN(quality) ? null : quality, runs[run].Model.Centers.Length, run);
        }

        return table.Build();
    }
}
