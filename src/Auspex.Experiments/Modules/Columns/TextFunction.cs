using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules.Columns;

/// <summary>A text column made text by text; a second column, or -1, gives a word beside. Missing stays missing.</summary>
internal sealed class TextFunction(int source, int beside, Func<string, string?, string?> function) : ColumnFunction
{
    public override IEnumerable<int> Inputs => beside < 0 ? [source] : [source, beside];

    public override Column Apply(TableBatch batch)
    {
        var builder = new StringColumnBuilder(batch.RowCount);
        for (var row = 0; row < batch.RowCount; row++)
        {
            var text = ColumnText.Text(batch.Columns[source], row, CellFormat.File);
            builder.Append(text is null ? null : function(text, beside < 0 ? null : ColumnText.Text(batch.Columns[beside], row, CellFormat.File)));
        }

        return builder.Build();
    }
}
