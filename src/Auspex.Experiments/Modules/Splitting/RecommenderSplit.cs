using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Modules.Keys;

namespace Auspex.Experiments.Modules.Splitting;

/// <summary>The fractions of Recommender Split, each from 0 to 1.</summary>
/// <param name="TrainingOnlyUsers">Users with training rows only.</param>
/// <param name="TestUserRatings">Of the other users' rows, those for training.</param>
/// <param name="ColdUsers">Users with test rows only.</param>
/// <param name="ColdItems">Items with test rows only.</param>
/// <param name="IgnoredUsers">Users left out.</param>
/// <param name="IgnoredItems">Items left out.</param>
internal sealed record RecommenderFractions(
    double TrainingOnlyUsers,
    double TestUserRatings,
    double ColdUsers,
    double ColdItems,
    double IgnoredUsers,
    double IgnoredItems);

/// <summary>
/// Recommender Split: rows of users (first column) and items (second column) for training and for test. In this order: rows
/// of ignored items are left out, rows of cold items go to the test, rows of ignored users are left out, rows of cold users go to
/// the test, rows of training-only users to training, and every other user's rows are divided.
/// </summary>
internal static class RecommenderSplit
{
    private enum Part
    {
        Left = 0,
        Training,
        Test,
        Out,
    }

    public static (int[] First, int[] Second) Split(
        TableBatch table, RecommenderFractions fractions, bool removesColdItems, SeededRandom random)
    {
        if (table.Columns.Length < 2)
        {
            throw new ModuleException(
                20, $"The dataset has {table.Columns.Length} columns; Recommender Split needs users, items and, where there are, ratings.");
        }

        RequireIds(table.Schema.Fields[0], "Users");
        RequireIds(table.Schema.Fields[1], "Items");
        var users = new RowGroups(table, 0);
        var items = new RowGroups(table, 1);
        var itemParts = Draw(items.Count, random, (fractions.IgnoredItems, Part.Out), (fractions.ColdItems, Part.Test));
        var userParts = Draw(
            users.Count,
            random,
            (fractions.IgnoredUsers, Part.Out),
            (fractions.ColdUsers, Part.Test),
            (fractions.TrainingOnlyUsers, Part.Training));

        var parts = new Part[table.RowCount];
        for (var row = 0; row < parts.Length; row++)
        {
            var item = itemParts[items.Of[row]];
            parts[row] = item != Part.Left ? item : userParts[users.Of[row]];
        }

        DivideUsers(parts, users, fractions.TestUserRatings, random);
        if (removesColdItems)
        {
            RemoveColdItems(parts, items, itemParts);
        }

        return (Rows(parts, Part.Training), Rows(parts, Part.Test));
    }

    private static void RequireIds(TableField field, string what)
    {
        if (field.Type is not (ColumnType.String or ColumnType.Int32 or ColumnType.Int64) && !field.IsCategorical)
        {
            throw new ModuleException(
                17, $"{what} are taken from column '{field.Name}', which is {field.Type}; Recommender Split needs text or integers there.");
        }
    }

    private static Part[] Draw(int count, SeededRandom random, params ReadOnlySpan<(double Fraction, Part Part)> shares)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order.AsSpan());
        var parts = new Part[count];
        var next = 0;
        foreach (var (fraction, part) in shares)
        {
            var size = Math.Min(count - next, (int)Math.Round(count * fraction));
            foreach (var drawn in order.AsSpan(next, size))
            {
                parts[drawn] = part;
            }

            next += size;
        }

        return parts;
    }

    private static void DivideUsers(Part[] parts, RowGroups users, double fraction, SeededRandom random)
    {
        var left = new List<int>?[users.Count];
        for (var row = 0; row < parts.Length; row++)
        {
            if (parts[row] == Part.Left)
            {
                (left[users.Of[row]] ??= []).Add(row);
            }
        }

        foreach (var rows in left)
        {
            var wanted = (int)Math.Round((rows?.Count ?? 0) * fraction);
            for (var at = 0; at < (rows?.Count ?? 0); at++)
            {
                var isTraining = wanted > 0 && random.Next(rows!.Count - at) < wanted;
                parts[rows![at]] = isTraining ? Part.Training : Part.Test;
                wanted -= isTraining ? 1 : 0;
            }
        }
    }

    private static void RemoveColdItems(Part[] parts, RowGroups items, Part[] itemParts)
    {
        var isTrained = new bool[items.Count];
        for (var row = 0; row < parts.Length; row++)
        {
            isTrained[items.Of[row]] |= parts[row] == Part.Training;
        }

        for (var row = 0; row < parts.Length; row++)
        {
            var item = items.Of[row];
            if (parts[row] == Part.Test && !isTrained[item] && itemParts[item] != Part.Test)
            {
                parts[row] = Part.Out;
            }
        }
    }

    private static int[] Rows(Part[] parts, Part wanted) =>
        [.. Enumerable.Range(0, parts.Length).Where(row => parts[row] == wanted)];
}
