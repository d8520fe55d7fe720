using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>Scores a few rows of text with a tree of one node, so that the code for it is compiled while a model is read.</summary>
/// <remarks>
/// Loops over rows are compiled at their first call. On the processor that is idle until the first block is there, that takes
/// no time from anybody.
/// </remarks>
public static class ScoringWarmUp
{
    // Enough for the kernel that takes many rows at once.
    private const int Rows = 64;

    /// <summary>Smaller inputs are through before it would help.</summary>
    public const long LeastBytes = 4 << 20;

    /// <summary>Begins, on another thread.</summary>
    public static Task StartAsync() => Task.Run(RunAsync);

    private static async Task RunAsync()
    {
        var label = new TableField { Name = "label", Type = ColumnType.Double };
        var feature = new TableField { Name = "feature", Type = ColumnType.Double };
        var trees = new TreeEnsembleBuilder();
        trees.Add([new TreeSplit(0, 0.25, TreeArrays.Number, MissingRight: false, ~0, ~1)], [-0.5, 0.5]);
        var model = new TreeModel(
            new ModelDescription
            {
                Learner = nameof(ScoringWarmUp),
                Task = ModelTask.Binary,
                Label = label,
                Features = new TableSchema([feature]),
                Classes = ["0", "1"],
            },
            trees.Build(bias: 0),
            new SumLink(SumLinkKind.Logistic));

        var text = new StringBuilder("label,feature\n");
        for (var row = 0; row < Rows; row++)
        {
            text.Append("1,0.").Append(123456 + (row * 7919)).Append('\n');
        }

        var options = new DelimitedTextOptions { Schema = new TableSchema([label, feature]) };
        await using var reader = await DelimitedBlockReader.OpenAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), options, CancellationToken.None);
        var plan = TextScoringPlan.Compile(
            model.Bind(options.Schema, appendScores: true), options, reader.FileColumns, new DelimitedTextWriterOptions());
        await new TextScorer(plan, threads: 1, onBadRow: null)
            .RunAsync(reader, default, (_, _, _) => ValueTask.CompletedTask, CancellationToken.None);
    }
}
