using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.WebServices;

/// <summary>The first row of a table as text.</summary>
internal static class SampleRow
{
    public static ImmutableArray<string?>? Of(TableBatch table) =>
        table.RowCount == 0 ? null : [.. table.Columns.Select(column => ColumnText.Text(column, 0, CellFormat.File))];
}
