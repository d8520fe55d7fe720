using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Learners;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Training.Tuning;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Cross-Validate Model": each fold scored by a model that was trained on the others, over ten random folds or those of
/// Partition and Sample. Rows without a label are left out.
/// </summary>
internal sealed class CrossValidateModelModule : IModule
{
    private const string LearnerPort = "Untrained model";
    private const string Label = "Label column";
    private const string Seed = "Random seed";
    private const string Assignments = "Fold Assignments";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Cross-Validate Model",
        Category = "Machine Learning/Evaluate",
        FamilyId = "75fb875d6b864d468bcc74261ade5826",
        Inputs = [new(LearnerPort, PortType.ILearner), Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Scored results"), Declare.Dataset("Evaluation results by fold")],
        Parameters =
        [
            Declare.Columns(Label, graphName: "Name or numerical index of the label column"),
            Declare.Integer(Seed, "0") with { IsOptional = true },
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var learner = UntrainedPort.Of(context, LearnerPort).Learner;
        var input = context.Get<TableValue>("Dataset");
        var table = input.Table;
        var label = context.Parameters.LabelColumn(Label, table.Schema);
        var name = table.Schema.Fields[label].Name;
        var folds = Assign(context, input, label);
        var scored = CrossValidation.ForEach(
            folds.Count,
            context.Services.Threads,
            (fold, threads) => CrossValidation.Score(learner, table, name, folds, fold, true, threads, cancellationToken),
            cancellationToken);
        context.Set("Scored results", CrossValidation.Join([.. scored.Select((fold, number) => (fold.Rows, WithFold(fold.Scored, number)))]));
        context.Set("Evaluation results by fold", ByFold(learner.Name, scored));
        return Task.CompletedTask;
    }

    private static FoldAssignment Assign(ModuleContext context, TableValue input, int label)
    {
        var rows = Folds.Labelled(input.Table, label);
        if (input.Folds is { } given)
        {
            var hasLabel = rows.ToHashSet();
            var folds = given with { Of = [.. given.Of.Select((fold, row) => hasLabel.Contains(row) ? fold : -1)] };
            for (var fold = 0; fold < folds.Count; fold++)
            {
                if (folds.Count < 2 || folds.Rows(fold).Length == 0)
                {
                    throw new ModuleException(
                        6, $"Fold {fold + 1} of {folds.Count} has no row with a label, or there is no other; at least two folds with rows are needed.");
                }
            }

            return folds;
        }

        return rows.Length >= Folds.Default
            ? Folds.Deal(input.Table.RowCount, rows, Folds.Default, context.Random(Seed), null)
            : throw new ModuleException(
                6,
                $"The number of folds, {Folds.Default}, must be less than the number of rows with a label, which is {rows.Length}; "
                + "give more rows, or assign fewer folds with Partition and Sample.");
    }

    private static TableBatch WithFold(TableBatch scored, int fold)
    {
        // Studio puts the fold before the scores; a column of that name gives way, as earlier scores do.
        var columns = scored.Schema.Fields.Zip(scored.Columns).Where(pair => pair.First.Name != Assignments).ToList();
        var at = columns.FindIndex(pair => pair.First.Score is not null);
        var numbers = new long[scored.RowCount];
        Array.Fill(numbers, fold);
        columns.Insert(at < 0 ? columns.Count : at, (
            new TableField { Name = Assignments, Type = ColumnType.Int32, Role = ColumnRole.None },
            new Int64Column(numbers, numbers.Length, null)));
        return new TableBatch(
            new TableSchema([.. columns.Select(pair => pair.First)]), [.. columns.Select(pair => pair.Second)], scored.RowCount);
    }

    private static TableBatch ByFold(string learner, ScoredFold[] folds)
    {
        var metrics = folds.Select(fold => fold.Metrics.Values).ToArray();
        var schema = new TableSchema(
        [
            new() { Name = "Fold Number", Type = ColumnType.String },
            new() { Name = "Number of examples in fold", Type = ColumnType.Int32 },
            new() { Name = "Model", Type = ColumnType.String },
            .. metrics[0].Select(metric => new TableField { Name = metric.Name, Type = ColumnType.Double }),
        ]);
        var table = new TableBatchBuilder(schema, folds.Length + 2);
        for (var fold = 0; fold < folds.Length; fold++)
        {
            table.AppendRow(
            [
                fold.ToString(System.Globalization.CultureInfo.InvariantCulture),
                folds[fold].Rows.Length,
                learner,
                .. metrics[fold].Select(metric => Known(metric.Value)),
            ]);
        }

        var rows = folds.Sum(fold => fold.Rows.Length);
        ImmutableArray<double[]> byMetric =
        [
            .. Enumerable.Range(0, metrics[0].Length)
                .Select(i => metrics.Select(values => values[i].Value).Where(value => !double.IsNaN(value)).ToArray()),
        ];
        table.AppendRow(["Mean", rows, learner, .. byMetric.Select(values => Known(Mean(values)))]);
        table.AppendRow(["Standard Deviation", rows, learner, .. byMetric.Select(values => Known(Deviation(values)))]);
        return table.Build();
    }

    private static double? Known(double value) => double.IsNaN(value) ? null : value;

    private static double Mean(double[] values) => values.Length == 0 ? double.NaN : values.Sum() / values.Length;

    private static double Deviation(double[] values)
    {
        var mean = Mean(values);
        return values.Length < 2 ? double.NaN : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}
