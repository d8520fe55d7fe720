using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules.Counting;

/// <summary>Counting transforms at ports, and as two tables.</summary>
internal static class CountTables
{
    /// <exception cref="ModuleException">Error 86: the transform at the port is of another kind.</exception>
    public static CountingTransform Of(ModuleContext context, string port) =>
        context.Get<TransformValue>(port).Transform as CountingTransform
        ?? throw new ModuleException(86, $"Input port '{port}' holds a transform that counts nothing; connect one of Build Counting Transform.");

    /// <summary>What is counted how: a row for each setting and column.</summary>
    public static TableBatch Metadata(CountingTransform transform)
    {
        var (scheme, features) = (transform.Scheme, transform.Features);
        var table = new TableBatchBuilder(new TableSchema([Text("Name"), Text("Value")]));
        Add("Bits", scheme.Bits);
        Add("Seed", scheme.Seed);
        Add("Depth", scheme.Depth);
        Add("Width", scheme.Width);
        Add("GarbageThreshold", features.GarbageThreshold);
        Add("PriorExamples", features.PriorExamples);
        Add("NoiseScale", features.NoiseScale);
        Add("Counts", features.GivesCounts ? 1 : 0);
        Add("LogOdds", features.GivesOdds ? 1 : 0);
        Add("BackOff", features.GivesBackOff ? 1 : 0);
        foreach (var name in scheme.Classes)
        {
            table.AppendRow("Class", name);
        }

        foreach (var column in transform.Columns)
        {
            table.AppendRow("Column", column.Column);
        }

        return table.Build();

        void Add(string name, double value) => table.AppendRow(name, value.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>The counts: a row for each column and key, with a count for each class.</summary>
    public static TableBatch Counts(CountingTransform transform)
    {
        var table = new TableBatchBuilder(new TableSchema(
        [
            Text("Column"),
            new() { Name = "Key", Type = ColumnType.Int64 },
            .. Enumerable.Range(0, transform.Scheme.Classes.Length).Select(i => new TableField
            {
                Name = FormattableString.Invariant($"Count{i}"),
                Type = ColumnType.Double,
            }),
        ]));
        foreach (var column in transform.Columns)
        {
            foreach (var (key, counts) in column.Counts.OrderBy(entry => entry.Key))
            {
                table.AppendRow([column.Column, key, .. counts.Select(count => (object?)count)]);
            }
        }

        return table.Build();
    }

    /// <exception cref="ModuleException">Error 18: the tables are not what Export Count Table gives.</exception>
    public static CountingTransform Read(TableBatch metadata, TableBatch counts)
    {
        try
        {
            var settings = Enumerable.Range(0, metadata.RowCount)
                .ToLookup(row => Cell(metadata, "Name", row), row => Cell(metadata, "Value", row), StringComparer.Ordinal);
            var classes = settings["Class"].ToImmutableArray();
            var byColumn = Enumerable.Range(0, counts.RowCount).ToLookup(row => Cell(counts, "Column", row), StringComparer.Ordinal);
            return new CountingTransform(
                new CountingScheme(classes, (int)Number("Bits"), (int)Number("Seed"), (int)Number("Depth"), (int)Number("Width")),
                new CountingFeatures(
                    Number("GarbageThreshold"), Number("PriorExamples"), Number("NoiseScale"), Number("Counts") == 1, Number("LogOdds") == 1, Number("BackOff") == 1),
                [
                    .. settings["Column"].Select(name => new ColumnCounts(name, byColumn[name].ToImmutableDictionary(
                        row => long.Parse(Cell(counts, "Key", row), CultureInfo.InvariantCulture),
                        row => Enumerable.Range(0, classes.Length)
                            .Select(i => double.Parse(Cell(counts, FormattableString.Invariant($"Count{i}"), row), CultureInfo.InvariantCulture))
                            .ToArray()))),
                ]);

            double Number(string name) => double.Parse(settings[name].Single(), CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new ModuleException(18, "The two tables are not what Export Count Table gives; connect its outputs unchanged.", exception);
        }
    }

    private static TableField Text(string name) => new() { Name = name, Type = ColumnType.String };

    private static string Cell(TableBatch table, string column, int row) => table.Schema.IndexOf(column) is var index && index >= 0
        ? ColumnText.Text(table.Columns[index], row, CellFormat.File) ?? throw new FormatException($"A cell of '{column}' is missing.")
        : throw new FormatException($"There is no column '{column}'.");
}
