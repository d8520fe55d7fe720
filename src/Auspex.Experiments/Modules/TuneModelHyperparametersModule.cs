using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Learners;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Training.Tuning;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Tune Model Hyperparameters": tries combinations of a learner's parameters, ranks them by a metric of the validation
/// table, or of held-out folds, and trains the best one on the whole training table.
/// </summary>
internal sealed class TuneModelHyperparametersModule : IModule
{
    private const string LearnerPort = "Untrained model";
    private const string TrainingPort = "Training dataset";
    private const string ValidationPort = "Validation dataset";
    private const string Mode = "Specify parameter sweeping mode";
    private const string EntireGrid = "Entire grid";
    private const string RandomGrid = "Random grid";
    private const string RandomSweep = "Random sweep";
    private const string SweepRuns = "Maximum number of runs on random sweep";
    private const string SweepSeed = "Random seed";
    private const string GridRuns = "Maximum number of runs on random grid";
    private const string GridSeed = "Random seed (grid)";
    private const string Label = "Label column";
    private const string ClassMetric = "Metric for measuring performance for classification";
    private const string NumberMetric = "Metric for measuring performance for regression";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Tune Model Hyperparameters",
        Category = "Machine Learning/Train",
        FamilyId = "038d91b6c2f242a192151f2c20ed1b40",
        Inputs =
        [
            new(LearnerPort, PortType.ILearner),
            Declare.Dataset(TrainingPort),
            Declare.Dataset(ValidationPort, isOptional: true),
        ],
        Outputs = [Declare.Dataset("Sweep results"), new("Trained best model", PortType.ILearner)],
        Parameters =
        [
            Declare.Choice(Mode, RandomSweep, [EntireGrid, RandomGrid, RandomSweep]),
            Declare.Integer(SweepRuns, "5", 1, SweepPlan.MostRuns, when: Declare.When(Mode, RandomSweep)),
            Declare.Integer(SweepSeed, "0", when: Declare.When(Mode, RandomSweep)),
            Declare.Integer(GridRuns, "5", 1, SweepPlan.MostRuns, when: Declare.When(Mode, RandomGrid)),
            Declare.Integer(GridSeed, "0", graphName: "Random seed for random grid", when: Declare.When(Mode, RandomGrid)),
            Declare.Columns(Label, graphName: "Name or numerical index of the label column"),
            Declare.Choice(
                ClassMetric, "Accuracy", ["Accuracy", "Precision", "Recall", "F-score", "AUC", "Average Log Loss", "Train Log Loss"]),
            Declare.Choice(
                NumberMetric,
                "Mean absolute error",
                [
                    "Mean absolute error", "Root of mean squared error", "Relative absolute error", "Relative squared error",
                    "Coefficient of determination",
                ]),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var learner = UntrainedPort.Of(context, LearnerPort);
        var training = context.Get<TableValue>(TrainingPort);
        var table = training.Table;
        var label = table.Schema.Fields[context.Parameters.LabelColumn(Label, table.Schema)];
        var sweep = learner.Sweep ?? new LearnerSweep([], !label.IsNumeric || label.IsCategorical, _ => learner.Learner);
        if (sweep.Parameters.IsEmpty)
        {
            context.Note($"{learner.Learner.Name} has no parameters to sweep over; it is trained as it is.");
        }

        var combinations = Combinations(context, sweep);
        ILearner[] candidates = [.. combinations.Select(sweep.Create)];
        var runs = Judge(context, candidates, training, label.Name, sweep.IsClassifier, cancellationToken);
        var hasClasses = ChosenMetric.HasClasses(runs[0].Metrics.Task, 13, Descriptor.Name);
        var metric = hasClasses
            ? ChosenMetric.OfClasses(context.Parameters.Choice(ClassMetric))
            : ChosenMetric.OfNumbers(context.Parameters.Choice(NumberMetric));

        // Stable: of equally good combinations the one tried first.
        int[] ranked = [.. Enumerable.Range(0, runs.Length).OrderBy(run => metric.Rank(runs[run].Value(metric)))];
        var best = candidates[ranked[0]].Train(
            table, label.Name, new TrainingOptions(context.Services.Threads, context.Services.ReportProgress), cancellationToken);
        context.Set("Sweep results", Results(sweep.Parameters, ranked.Select(run => (combinations[run], runs[run]))));
        context.Set("Trained best model", new ModelValue(best));
        return Task.CompletedTask;
    }

    private static double[][] Combinations(ModuleContext context, LearnerSweep sweep) => context.Parameters.Choice(Mode) switch
    {
        EntireGrid => SweepPlan.EntireGrid(sweep.Parameters),
        RandomGrid => SweepPlan.RandomGrid(sweep.Parameters, context.Parameters.Integer(GridRuns), context.Random(GridSeed)),
        _ => SweepPlan.RandomSweep(sweep.Parameters, context.Parameters.Integer(SweepRuns), context.Random(SweepSeed)),
    };

    private static SweepRun[] Judge(
        ModuleContext context, ILearner[] candidates, TableValue training, string label, bool isClassifier,
        CancellationToken cancellationToken)
    {
        var table = training.Table;
        if (context.Has(ValidationPort))
        {
            var validation = context.Table(ValidationPort);
            RequireSameLabel(table.Schema, validation.Schema, label);
            return CrossValidation.ForEach(
                candidates.Length,
                context.Services.Threads,
                (run, threads) =>
                {
                    var model = candidates[run].Train(table, label, new TrainingOptions(threads, null), cancellationToken);
                    return new SweepRun([ModelMetrics.Evaluate(model.Bind(validation.Schema, appendScores: false).Apply(validation))]);
                },
                cancellationToken);
        }

        var folds = training.Folds ?? Deal(table, label, isClassifier, context);
        var done = 0;
        var judged = CrossValidation.ForEach(
            candidates.Length * folds.Count,
            context.Services.Threads,
            (index, threads) =>
            {
                var metrics = CrossValidation.Score(
                    candidates[index / folds.Count], table, label, folds, index % folds.Count, false, threads, cancellationToken).Metrics;
                context.Services.ReportProgress?.Invoke(
                    "Sweeping", Interlocked.Increment(ref done), candidates.Length * (long)folds.Count);
                return metrics;
            },
            cancellationToken);
        return [.. judged.Chunk(folds.Count).Select(metrics => new SweepRun(metrics))];
    }

    private static FoldAssignment Deal(TableBatch table, string label, bool isClassifier, ModuleContext context)
    {
        var column = table.Schema.IndexOf(label);
        var rows = Folds.Labelled(table, column);
        if (rows.Length < Folds.Default)
        {
            throw new ModuleException(
                21, $"{rows.Length} rows have a value in label column '{label}'; without a validation dataset at least {Folds.Default} are needed, one for each fold.");
        }

        var strata = isClassifier ? Folds.Strata(table, column) : null;
        if (strata is not null && rows.GroupBy(row => strata[row]).Min(group => group.Count()) is var fewest && fewest < Folds.Default)
        {
            throw new ModuleException(
                83,
                $"A class of label column '{label}' has {fewest} rows; without a validation dataset each class needs at least {Folds.Default}, "
                + "one for each fold. Connect a validation dataset, or assign fewer folds with Partition and Sample.");
        }

        // Always the same folds: what differs between runs is to be the parameters.
        context.Note($"{Folds.Default} folds.");
        return Folds.Deal(table.RowCount, rows, Folds.Default, new Execution.SeededRandom(1), strata);
    }

    private static void RequireSameLabel(TableSchema training, TableSchema validation, string label)
    {
        var index = validation.IndexOf(label);
        if (index < 0)
        {
            throw new ModuleException(24, $"The validation dataset has no column '{label}', which is the label; connect rows whose label is known.");
        }

        var (one, other) = (training.Fields[training.IndexOf(label)], validation.Fields[index]);
        if (one.Type != other.Type && !(one.IsNumeric && other.IsNumeric))
        {
            throw new ModuleException(58, $"Label column '{label}' is {one.Type} in the training dataset and {other.Type} in the validation dataset; convert one with Edit Metadata.");
        }
    }

    private static TableBatch Results(ImmutableArray<SweptParameter> parameters, IEnumerable<(double[] Numbers, SweepRun Run)> runs)
    {
        var rows = runs.ToList();
        var fields = parameters.Select(parameter => new TableField
        {
            Name = parameter.Name,
            Type = parameter.IsInteger ? ColumnType.Int32 : ColumnType.Double,
        }).ToList();
        var taken = fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        var metrics = rows[0].Run.Metrics.Values.Select(metric => metric.Name).ToList();
        fields.AddRange(metrics.Select(name => new TableField { Name = ColumnNames.MakeUnique(name, 1, taken), Type = ColumnType.Double }));
        var table = new TableBatchBuilder(new TableSchema([.. fields]), rows.Count);
        foreach (var (numbers, run) in rows)
        {
            table.AppendRow(
            [
                .. numbers.Select((number, i) => parameters[i].IsInteger ? (object)(int)number : number),
                .. Enumerable.Range(0, metrics.Count).Select(i => run.Mean(metrics => metrics.Values[i].Value) is var mean && double.IsNaN(mean) ? null : (object)mean),
            ]);
        }

        return table.Build();
    }

    /// <summary>The metrics of one combination, for each fold.</summary>
    private sealed record SweepRun(ModelMetrics[] Folds)
    {
        public ModelMetrics Metrics => Folds[0];

        public double Value(ChosenMetric metric) => Mean(metric.Of);

        /// <summary>The mean over the folds that define it; NaN where none does.</summary>
        public double Mean(Func<ModelMetrics, double> of)
        {
            double[] values = [.. Folds.Select(of).Where(value => !double.IsNaN(value))];
            return values.Length == 0 ? double.NaN : values.Sum() / values.Length;
        }
    }
}
