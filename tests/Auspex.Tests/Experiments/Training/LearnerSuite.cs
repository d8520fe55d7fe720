using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Learners;
using Auspex.Experiments.Training.Composed;
using Xunit;

namespace Auspex.Tests.Experiments.Training;

/// <summary>Every learner of the catalogue, with settings that take little time.</summary>
internal static class LearnerSuite
{
    private static readonly ModuleCatalog Catalog = ModuleCatalog.CreateDefault();

    private static readonly Dictionary<string, string> Quick = new(StringComparer.Ordinal)
    {
        ["Number of learning iterations"] = "20",
        ["Number of hidden nodes"] = "7, 5",
        ["The momentum"] = "0.3",
        ["Number of decision DAGs"] = "2",
        ["Maximum width of the decision DAGs"] = "8",
        ["Number of optimization steps per decision DAG layer"] = "1000",
        ["Number of decision trees"] = "3",
        ["Number of trees constructed"] = "5",
        ["Total number of trees constructed"] = "5",
        ["Number of Trees"] = "6",
        ["Number of Centroids"] = "3",
    };

    public static IReadOnlyList<string> Names { get; } =
    [
        .. Catalog.Modules.OfType<LearnerModule>().Select(module => module.Descriptor.Name), "One-vs-All Multiclass", "Ordinal Regression",
    ];

    /// <summary>Learners that take missing and infinite numbers as they are.</summary>
    public static bool IsOfTrees(string name) =>
        name.Contains("Tree", StringComparison.Ordinal) || name.Contains("Forest", StringComparison.Ordinal) || name.Contains("Jungle", StringComparison.Ordinal);

    public static ILearner Create(string name, params (string Name, string Value)[] settings)
    {
        switch (name)
        {
            case "One-vs-All Multiclass":
                return new OneVsAllLearner(name, Create("Two-Class Decision Forest"));
            case "Ordinal Regression":
                return new OrdinalLearner(name, Create("Two-Class Logistic Regression"));
        }

        Assert.True(Catalog.TryFind(name, out var module), name);
        var values = Quick.Where(setting => module.Descriptor.Parameters.Any(parameter => parameter.Name == setting.Key))
            .ToDictionary(StringComparer.Ordinal);
        if (name.Contains("Locally", StringComparison.Ordinal))
        {
            values["Number of iterations"] = "300";
        }

        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        return ((LearnerModule)module).Create(new ModuleParameters(module.Descriptor, values));
    }

    /// <summary>Two numbers and a text, and a label "y" of the learner's kind that they tell something about.</summary>
    public static TableBatch Table(ModelTask task, int rows, Func<int, object?>? first = null)
    {
        var random = new Random(5);
        var label = task switch
        {
            ModelTask.Binary => Tables.Truth("y"),
            ModelTask.Multiclass => Tables.Text("y"),
            ModelTask.Ordinal => Tables.Whole("y"),
            _ => Tables.Number("y"),
        };
        return Tables.Of([Tables.Number("a"), Tables.Number("b"), Tables.Text("c \"x\", é"), label with { Role = ColumnRole.Label }], rows, row =>
        {
            var (a, b, c) = (random.NextDouble(), random.NextDouble() * 10, random.Next(3));
            var sum = a + (b / 10) + (c / 3.0) + (random.NextDouble() * 0.3);
            object? y = task switch
            {
                ModelTask.Binary => sum > 1.4,
                ModelTask.Multiclass => sum > 1.7 ? "high" : sum > 1.1 ? "middle" : "low",
                ModelTask.Ordinal => sum > 1.7 ? 3 : sum > 1.1 ? 2 : 1,
                _ => sum * 100,
            };
            return [first is null ? a : first(row), b, $"c{c}", y];
        });
    }

    public static TrainedModel Train(ILearner learner, TableBatch table, int threads = 2) =>
        learner.Train(table, "y", new TrainingOptions(threads, null), TestContext.Current.CancellationToken);

    public static byte[] Bytes(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ModelContainer.WriteModel(model, stream);
        return stream.ToArray();
    }

    /// <summary>All numbers of the score columns, column by column; NaN where missing.</summary>
    public static double[] Scores(TrainedModel model, TableBatch table, int batchRows = int.MaxValue)
    {
        var transform = model.Bind(table.Schema, appendScores: false);
        var parts = new List<TableBatch>();
        for (var start = 0; start < table.RowCount; start += Math.Min(batchRows, table.RowCount))
        {
            parts.Add(transform.Apply(table.Slice(start, Math.Min(batchRows, table.RowCount - start))));
        }

        var scored = TableBatches.Concatenate(parts);
        return
        [
            .. scored.Schema.Fields.Where(field => field.Score is not null && field.Type == ColumnType.Double)
                .SelectMany(field => Tables.Doubles(scored, field.Name)),
        ];
    }
}
