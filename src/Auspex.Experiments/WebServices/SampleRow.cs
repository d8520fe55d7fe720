using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.WebServices;

/// <summary>The first row of a table as text.</summary>
internal static class SampleRow
{
    public static ImmutableArray<string?>? Of(TableBatch table) =>
        table.RowCount == 0 ? null : [.. table.Columns.Select(First)];

    private static string? First(Column column) => column.IsNull(0) ? null : column switch
    {
        BooleanColumn booleans => booleans.Values[0] ? "true" : "false",
        Int64Column integers => integers.Values[0].ToString(CultureInfo.InvariantCulture),
        DoubleColumn doubles => doubles.Values[0].ToString("R", CultureInfo.InvariantCulture),
        DateTimeColumn instants => new DateTime(instants.Values[0]).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        TimeSpanColumn durations => new TimeSpan(durations.Values[0]).ToString("c", CultureInfo.InvariantCulture),
        CategoryColumn codes => codes.Values[0] < 0 ? null : codes.Domain.Levels[codes.Values[0]],
        StringColumn texts => texts.Text(0),
        _ => null,
    };
}
