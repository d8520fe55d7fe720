using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training;
using Auspex.Experiments.Training.Recommendation;

namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>A table of features, a row for each user or item, whose id stands in the first column.</summary>
internal sealed class FeatureTable
{
    private readonly Dictionary<string, int> _rows;

    private FeatureTable(TableBatch table, Dictionary<string, int> rows) => (Table, _rows) = (table, rows);

    public TableBatch Table { get; }

    /// <param name="table">The table.</param>
    /// <param name="what">"user" or "item", for messages.</param>
    /// <exception cref="ModuleException">17: no ids in the first column. 18: one is missing. 36: one is there twice.</exception>
    public static FeatureTable Read(TableBatch table, string what)
    {
        if (table.Columns.IsEmpty)
        {
            throw new ModuleException(22, $"The table of {what} features has no columns; expected the {what}'s id, then features.");
        }

        var ids = IdGroups.Read(table, 0, what == "user" ? "Users" : "Items");
        var name = table.Schema.Fields[0].Name;
        if (ids.CountMissing() is > 0 and var missing)
        {
            throw new ModuleException(
                18, $"Column '{name}' of the {what} features has {missing} missing values; every row needs the {what} that it describes.");
        }

        if (ids.Count < table.RowCount)
        {
            throw new ModuleException(
                36, $"The {what} features have {table.RowCount} rows for {ids.Count} {what}s of column '{name}'; expected one row for each. "
                + "Remove the others, such as with Remove Duplicate Rows.");
        }

        var rows = new Dictionary<string, int>(ids.Count, StringComparer.Ordinal);
        for (var i = 0; i < ids.Count; i++)
        {
            rows.Add(ids.Texts[i], ids.FirstRows[i]);
        }

        return new FeatureTable(table, rows);
    }

    /// <summary>The row of an id, or -1.</summary>
    public int RowOf(string id) => _rows.TryGetValue(id, out var row) ? row : -1;

    /// <summary>How the features become slots, and their rows in the order of ids: what training needs.</summary>
    /// <exception cref="ModuleException">
    /// 53: the table has no rows. 20, 14, 17: no features, or such as no learner can use. 33: an infinite number. 35: an id without a row.
    /// </exception>
    public static (FeatureLayout Layout, SlotScale Scale, FeatureRows Rows) Fit(TableBatch table, string[] ids, string what)
    {
        var features = Read(table, what);
        if (table.RowCount == 0)
        {
            throw new ModuleException(53, $"The table of {what} features has no rows; expected one for each {what}, or nothing connected.");
        }

        var layout = new FeatureLayout(FeatureColumns.Find(table, 0), allowsUnknownLevels: true);
        int[] rows = [.. ids.Select(features.RowOf)];
        if (rows.Count(row => row < 0) is > 0 and var without)
        {
            throw WithoutFeatures(without, ids.Length, what);
        }

        var scale = Standardize(layout, table, rows);
        return (layout, scale, FeatureRows.Read(layout, scale, table, rows));
    }

    /// <summary>Error 35.</summary>
    public static ModuleException WithoutFeatures(int without, int all, string what) => new(
        35, $"{without} of {all} {what}s have no row in the table of {what} features; add one for each, or leave out their ratings.");

    private static SlotScale Standardize(FeatureLayout layout, TableBatch table, int[] rows)
    {
        var bound = BoundFeature.Bind(layout, table.Schema);
        var (offsets, factors) = (new double[bound.Length], new double[bound.Length]);
        Array.Fill(factors, 1);
        var numbers = new double[table.RowCount];
        for (var column = 0; column < bound.Length; column++)
        {
            if (layout.IsLevels(column))
            {
                continue;
            }

            bound[column].ReadNumbers(table, 0, numbers);
            double[] present = [.. rows.Select(row => numbers[row]).Where(number => !double.IsNaN(number))];
            if (present.Any(double.IsInfinity))
            {
                throw new ModuleException(
                    33, $"Column '{layout.Columns[column].Name}' has an infinite value; features need finite numbers. Clip or clean the column.");
            }

            var mean = present.Length == 0 ? 0 : present.Average();
            var deviation = present.Length == 0 ? 0 : Math.Sqrt(present.Average(number => (number - mean) * (number - mean)));
            var isConstant = !(deviation > 1e-13 * Math.Abs(mean)) || !double.IsFinite(1 / deviation) || !double.IsFinite(mean);
            (offsets[column], factors[column]) = (double.IsFinite(mean) ? mean : 0, isConstant ? 0 : 1 / deviation);
        }

        return new SlotScale([.. offsets], [.. factors]);
    }
}
