using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Linear;

namespace Auspex.Experiments.Training.Clustering;

/// <summary>K-Means Clustering. The model does not depend on the number of threads.</summary>
internal sealed class KMeansLearner(string name, KMeansOptions options, IReadOnlyDictionary<string, string> parameters) : ILearner
{
    public string Name => name;

    public ModelTask Task => ModelTask.Clustering;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var needsLabel = options.Label != LabelUse.None || options.Start == CenterStart.ByLabel;
        if (needsLabel && labelColumn.Length == 0)
        {
            throw new ModuleException(
                134, $"The table has no label column, and {name} is to use one; mark one as label with Edit Metadata, or choose another "
                + "initialization and label mode.");
        }

        var isFilled = options.Label == LabelUse.FillMissing;
        var set = TrainingSet.CreateUnlabelled(isFilled ? WithLabelFeature(table, labelColumn) : table, labelColumn, allowsUnknownLevels: true)
            .WithoutMissing(ModelTask.Clustering, training.ReportProgress);
        if (set.RowCount < options.Clusters)
        {
            throw new ModuleException(
                21, $"The table has {set.RowCount} rows without missing values; {options.Clusters} clusters need at least as many.");
        }

        var rows = LinearRows.Plain(set);
        var labels = labelColumn.Length == 0 ? null : set.Table.Columns[set.Table.Schema.IndexOf(labelColumn)];
        var clustered = new ClusterRows(
            rows,
            isFilled ? [.. Enumerable.Range(0, set.RowCount).Select(labels!.IsNull)] : null,
            isFilled ? set.Layout.Columns.Length - 1 : -1);
        var (centers, clusters) = Cluster(set, clustered, labels, training, cancellationToken);
        return Describe(set, rows, clustered, centers, clusters, labels);
    }

    private (double[][] Centers, int[] Clusters) Cluster(
        TrainingSet set, ClusterRows rows, Column? labels, TrainingOptions training, CancellationToken cancellationToken)
    {
        var lloyd = new Lloyd(set.Layout, rows, options.Metric, training.Threads, cancellationToken);
        var ofLabels = options.Start == CenterStart.ByLabel ? Targets.Read(labels!, set.Label, ModelTask.Multiclass).Numbers : null;
        (double[][] Centers, int[] Clusters, double Cost)? best = null;
        for (var start = 0; start < options.Starts; start++)
        {
            var random = new SeededRandom(unchecked(options.Seed + start));
            var first = FirstCenters.Choose(set.Layout, rows, options, ofLabels, lloyd, random);
            var found = lloyd.Run(first, options.Iterations, round => training.ReportProgress?.Invoke("Moving centres", round, options.Iterations));
            if (best is null || found.Cost < best.Value.Cost)
            {
                best = found;
            }
        }

        return (best!.Value.Centers, best.Value.Clusters);
    }

    private CentroidModel Describe(
        TrainingSet set, LinearRows rows, ClusterRows clustered, double[][] centers, int[] clusters, Column? labels)
    {
        var description = set.Describe(name, ModelTask.Clustering, parameters) with { Clusters = centers.Length };
        var scale = rows.Scale;
        var given = options.Label switch
        {
            LabelUse.Overwrite => new ClusterLabels(NearestLabels(set, clustered, centers, labels!), OnlyMissing: false),
            LabelUse.FillMissing => new ClusterLabels(CommonLabels(set, clusters, centers.Length, labels!), OnlyMissing: true),
            _ => null,
        };
        if (options.Label == LabelUse.FillMissing)
        {
            // The label helped to find the clusters; rows to come are assigned by the other columns.
            var count = set.Layout.Columns.Length - 1;
            centers = [.. centers.Select(center => center[..set.Layout.Start(count)])];
            scale = new SlotScale(scale.Offsets[..^1], scale.Factors[..^1]);
            description = description with
            {
                Features = new TableSchema(description.Features.Fields[..^1]),
                Profile = description.Profile is { } profile ? profile with { Features = profile.Features[..^1] } : null,
            };
        }

        return new CentroidModel(description, options.Metric, scale, [.. centers.Select(center => center.ToImmutableArray())], given);
    }

    // The label as one more feature behind the others; the column itself stays for what is asked of it later.
    private static TableBatch WithLabelFeature(TableBatch table, string labelColumn)
    {
        var index = table.Schema.IndexOf(labelColumn);
        var (label, column) = (table.Schema.Fields[index], table.Columns[index]);
        var name = labelColumn;
        do
        {
            name += " ";
        }
        while (table.Schema.IndexOf(name) >= 0);

        if (label.IsNumeric && !label.IsCategorical)
        {
            var numbers = Targets.Read(column, label, ModelTask.Regression).Numbers;
            return Append(
                new TableField { Name = name, Type = ColumnType.Double },
                new DoubleColumn([.. numbers.Select(number => double.IsNaN(number) ? 0 : number)], numbers.Length, null));
        }

        var targets = Targets.Read(column, label, ModelTask.Multiclass);
        var domain = new CategoryDomain(targets.Classes);
        return Append(
            new TableField { Name = name, Type = ColumnType.String, Categories = domain },
            new CategoryColumn(
                [.. targets.Numbers.Select(number => double.IsNaN(number) ? -1 : (int)number)],
                table.RowCount,
                domain,
                column.Validity));

        TableBatch Append(TableField field, Column added) =>
            new(new TableSchema(table.Schema.Fields.Add(field)), table.Columns.Add(added), table.RowCount);
    }

    private ImmutableArray<string> NearestLabels(TrainingSet set, ClusterRows rows, double[][] centers, Column labels)
    {
        var texts = new LabelTexts(labels);
        var distances = new CentroidDistances(set.Layout, options.Metric, centers);
        var nearest = new string?[centers.Length];
        var least = new double[centers.Length];
        Array.Fill(least, double.PositiveInfinity);
        var slots = new int[rows.Columns];
        var values = new double[rows.Columns];
        for (var row = 0; row < rows.Count; row++)
        {
            if (texts.Text(row) is not { } text)
            {
                continue;
            }

            rows.Read(row, slots, values);
            for (var center = 0; center < centers.Length; center++)
            {
                var measure = distances.Measure(center, slots, values);
                if (measure < least[center])
                {
                    (nearest[center], least[center]) = (text, measure);
                }
            }
        }

        return [.. nearest.Select(label => label ?? throw NoLabels(set.Label))];
    }

    private static ImmutableArray<string> CommonLabels(TrainingSet set, int[] clusters, int count, Column labels)
    {
        var texts = new LabelTexts(labels);
        var counts = Enumerable.Range(0, count).Select(_ => new SortedDictionary<string, int>(StringComparer.Ordinal)).ToArray();
        var all = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < clusters.Length; row++)
        {
            if (texts.Text(row) is { } text)
            {
                counts[clusters[row]][text] = counts[clusters[row]].GetValueOrDefault(text) + 1;
                all[text] = all.GetValueOrDefault(text) + 1;
            }
        }

        if (all.Count == 0)
        {
            throw NoLabels(set.Label);
        }

        var isMean = set.Label.Type == ColumnType.Double && !set.Label.IsCategorical;
        return [.. counts.Select(cluster => Of(cluster.Count > 0 ? cluster : all))];

        string Of(SortedDictionary<string, int> labels) => isMean
            ? (labels.Sum(label => double.Parse(label.Key, CultureInfo.InvariantCulture) * label.Value) / labels.Values.Sum())
                .ToString("R", CultureInfo.InvariantCulture)
            : labels.MaxBy(label => label.Value).Key;
    }

    private static ModuleException NoLabels(TableField label) =>
        new(134, $"No row without missing features has a value in label column '{label.Name}', and clusters are to be labelled.");
}
