using Auspex.Connectors.Tables;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>How many bytes of values rows hold: what databases move, near enough.</summary>
internal static class TableSize
{
    public static long Of(TableBatch batch) => batch.Columns.Sum(column => column switch
    {
        StringColumn texts => texts.Data.Length,
        BooleanColumn booleans => booleans.Length,
        _ => column.Length * 8L,
    });
}
