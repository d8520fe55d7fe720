using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Keys;

namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>A table of users (first column), items (second) and ratings (third).</summary>
internal sealed class RatingTable
{
    // Studio's bound: beyond it ratings are no ratings, but amounts.
    private const int WidestRange = 99;

    private RatingTable(TableBatch table, IdGroups users, IdGroups items, double[] ratings)
    {
        (Table, Users, Items, Ratings) = (table, users, items, ratings);
    }

    public TableBatch Table { get; }

    public IdGroups Users { get; }

    public IdGroups Items { get; }

    /// <summary>The ratings by row; NaN where one is missing.</summary>
    public double[] Ratings { get; }

    /// <summary>Reads triples in which nothing may be missing, and no pair twice.</summary>
    /// <exception cref="ModuleException">
    /// 22: not three columns. 3: no rows. 17: a column of another type. 18: missing or fractional values, or ratings too far apart. 34: a
    /// pair twice.
    /// </exception>
    public static RatingTable ReadComplete(TableBatch table, string port)
    {
        if (table.RowCount == 0)
        {
            throw new ModuleException(3, $"The table at '{port}' has no rows; at least one rating is needed.");
        }

        var read = Read(table, port);
        var missing = (read.Users.CountMissing(), read.Items.CountMissing(), read.Ratings.Count(double.IsNaN));
        Demand(missing.Item1, table, 0);
        Demand(missing.Item2, table, 1);
        Demand(missing.Item3, table, 2);
        var range = read.Ratings.Max() - read.Ratings.Min();
        return range <= WidestRange
            ? read
            : throw new ModuleException(
                18, string.Create(CultureInfo.InvariantCulture, $"Ratings in column '{table.Schema.Fields[2].Name}' are {range} apart; "
                + $"at most {WidestRange} are allowed. Bring them to a narrower scale, such as with Group Data into Bins."));
    }

    /// <summary>Reads triples; rows in which something is missing have a rating of NaN, or no user or item.</summary>
    /// <exception cref="ModuleException">As <see cref="ReadComplete"/>, but for missing values and ranges.</exception>
    public static RatingTable Read(TableBatch table, string port)
    {
        if (table.Columns.Length != 3)
        {
            throw new ModuleException(
                22, $"The table at '{port}' has {table.Columns.Length} columns; expected three: user, item and rating, in this order. "
                + "Choose them with Select Columns in Dataset.");
        }

        var users = IdGroups.Read(table, 0, "Users");
        var items = IdGroups.Read(table, 1, "Items");
        var ratings = ReadRatings(table.Schema.Fields[2], table.Columns[2]);
        var complete = Enumerable.Range(0, table.RowCount).Where(row => users.Of[row] >= 0 && items.Of[row] >= 0).ToArray();
        var pairs = complete.Length == table.RowCount ? table : table.Take(complete);
        return new RowGroups(pairs, 0, 1).Count == complete.Length
            ? new RatingTable(table, users, items, ratings)
            : throw new ModuleException(
                34, $"A user rated an item more than once, in columns '{table.Schema.Fields[0].Name}' and '{table.Schema.Fields[1].Name}'; "
                + "keep one rating of each pair, such as with Remove Duplicate Rows.");
    }

    private static double[] ReadRatings(TableField field, Column column)
    {
        var ratings = new double[column.Length];
        if (column is CategoryColumn categories)
        {
            double[] levels = [.. categories.Domain.Levels.Select(level =>
                double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw NotNumbers(field))];
            for (var row = 0; row < ratings.Length; row++)
            {
                ratings[row] = categories.IsNull(row) ? double.NaN : levels[categories.Values[row]];
            }
        }
        else if (field.IsNumeric)
        {
            NumericValues.Of(column).CopyTo(ratings);
            for (var row = 0; row < ratings.Length; row++)
            {
                ratings[row] = column.IsNull(row) ? double.NaN : ratings[row];
            }
        }
        else
        {
            throw NotNumbers(field);
        }

        var odd = ratings.Count(rating => !double.IsNaN(rating) && (double.IsInfinity(rating) || rating != Math.Floor(rating)));
        return odd == 0
            ? ratings
            : throw new ModuleException(
                18, $"{odd} ratings in column '{field.Name}' are not whole numbers; expected whole numbers. Round them with Apply Math Operation.");
    }

    private static ModuleException NotNumbers(TableField field) => new(
        17, $"Ratings are taken from column '{field.Name}', which is {(field.IsCategorical ? "categorical " : "")}{field.Type}; expected whole numbers.");

    private static void Demand(int missing, TableBatch table, int column)
    {
        if (missing > 0)
        {
            throw new ModuleException(
                18, $"Column '{table.Schema.Fields[column].Name}' has {missing} missing values among {table.RowCount} rows; users, items and "
                + "ratings must all be there. Put Clean Missing Data before.");
        }
    }
}
