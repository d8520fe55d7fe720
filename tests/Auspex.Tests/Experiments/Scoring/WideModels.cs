using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;

namespace Auspex.Tests.Experiments.Scoring;

/// <summary>Models over the same columns, numbers and levels, and rows for them.</summary>
internal static class WideModels
{
    public const int Numbers = 28;
    public const int Levels = 4;

    private static readonly string[] Names = ["a", "b", "c"];

    public static TableSchema Schema(int levelColumns) => new(
    [
        .. Enumerable.Range(0, Numbers).Select(column => Tables.Number($"x{column}")),
        .. Enumerable.Range(0, levelColumns).Select(column => Tables.Text($"t{column}")),
    ]);

    public static TreeModel Trees(Random random, int trees, int leaves, int levelColumns)
    {
        var builder = new TreeEnsembleBuilder();
        for (var tree = 0; tree < trees; tree++)
        {
            // A comb of random direction is the simplest tree of so many leaves.
            var splits = Enumerable.Range(0, leaves - 1).Select(node => Split(node, node == leaves - 2));
            builder.Add([.. splits], [.. Enumerable.Range(0, leaves).Select(_ => random.NextDouble() - 0.5)]);
        }

        return new TreeModel(Describe(ModelTask.Binary, levelColumns), builder.Build(0.25), LogisticLink.Plain);

        TreeSplit Split(int node, bool isLast)
        {
            var (next, leaf) = (isLast ? ~(node + 1) : node + 1, ~node);
            var (left, right) = random.Next(2) == 0 ? (next, leaf) : (leaf, next);
            var column = random.Next(Numbers + levelColumns);
            return column < Numbers
                ? new TreeSplit(column, (random.NextSingle() * 2) - 1, TreeArrays.Number, random.Next(2) == 0, left, right)
                : new TreeSplit(column, 0, random.Next(Levels), false, left, right);
        }
    }

    public static LinearModel Linear(Random random, int levelColumns) =>
        new(Describe(ModelTask.Binary, levelColumns), Weights(random, levelColumns), 0.5);

    public static MulticlassLinearModel Multiclass(Random random, int levelColumns) => new(
        Describe(ModelTask.Multiclass, levelColumns),
        [Weights(random, levelColumns), Weights(random, levelColumns), Weights(random, levelColumns)],
        [0.1, 0.2, 0.3]);

    /// <summary>Rows of which some have missing numbers and unknown or missing levels.</summary>
    public static TableBatch Rows(Random random, int count, int levelColumns, bool whole) => Tables.Of(
        [.. Schema(levelColumns).Fields],
        count,
        _ =>
        [
            .. Enumerable.Range(0, Numbers).Select(_ => !whole && random.Next(15) == 0 ? null : (object?)((random.NextDouble() * 2) - 1)),
            .. Enumerable.Range(0, levelColumns).Select(_ => random.Next(12) switch { 0 => null, 1 => "other", var some => (object?)Names[some % 3] }),
        ]);

    // One level more than the names, for the unknown ones.
    private static ImmutableArray<double> Weights(Random random, int levelColumns) =>
        [.. Enumerable.Range(0, Numbers + (Levels * levelColumns)).Select(_ => random.NextDouble() - 0.5)];

    private static ModelDescription Describe(ModelTask task, int levelColumns) => new()
    {
        Learner = "Some learner",
        Task = task,
        Label = task == ModelTask.Binary ? Tables.Truth("y") : Tables.Category("y", "a", "b", "c"),
        Classes = task == ModelTask.Binary ? ["False", "True"] : [.. Names],
        Features = new TableSchema(
        [
            .. Enumerable.Range(0, Numbers).Select(column => Tables.Number($"x{column}")),
            .. Enumerable.Range(0, levelColumns).Select(column => Tables.Category($"t{column}", "a", "b", "c")),
        ]),
    };
}
