using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Scripts;

/// <summary>The header of an exchanged table as R source, since R reads no JSON without packages.</summary>
internal static class RHeader
{
    public static string Of(TableBatch table)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"list(rows={table.RowCount}L,columns=list(");
        for (var i = 0; i < table.Columns.Length; i++)
        {
            var field = table.Schema.Fields[i];
            text.Append(i == 0 ? "" : ",\n").Append("list(name=").Append(Quote(field.Name));
            text.Append(",type=\"").Append(field.IsCategorical ? "Category" : field.Type.ToString());
            text.Append("\",missing=").Append(table.Columns[i].CountNulls() > 0 ? "TRUE" : "FALSE");
            if (field.Categories is { } domain)
            {
                text.Append(",ordered=").Append(domain.IsOrdered ? "TRUE" : "FALSE").Append(",levels=list(");
                text.AppendJoin(',', domain.Levels.Select(Quote)).Append(')');
            }

            text.Append(",buffers=c(").AppendJoin(',', ColumnExchange.Sizes(table.Columns[i])).Append("))");
        }

        return text.Append("))\n").ToString();
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
            {
                quoted.Append('\\').Append((char)rune.Value);
            }
            else if (rune.Value < 32 || rune.Value > 126)
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\U{{{rune.Value:x}}}");
            }
            else
            {
                quoted.Append((char)rune.Value);
            }
        }

        return quoted.Append('"').ToString();
    }
}
