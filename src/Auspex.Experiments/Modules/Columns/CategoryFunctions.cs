using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules.Columns;

/// <summary>Turns a plain column into the codes of a domain; a value that is no level becomes missing.</summary>
internal sealed class CategorizedColumn(ColumnFunction source, CategoryDomain domain) : ColumnFunction
{
    public override IEnumerable<int> Inputs => source.Inputs;

    public override Column Apply(TableBatch batch)
    {
        var codes = new LevelCodes(0, domain).Of(source.Apply(batch));
        ulong[]? validity = null;
        for (var row = 0; row < codes.Length; row++)
        {
            if (codes[row] < 0)
            {
                validity ??= Column.AllValid(codes.Length);
                validity[row >> 6] &= ~(1UL << (row & 63));
            }
        }

        return new CategoryColumn(codes, codes.Length, domain, validity);
    }
}

/// <summary>Turns a categorical column into a plain one of its levels' type.</summary>
internal sealed class PlainColumn(ColumnFunction source, TableField field) : ColumnFunction
{
    public override IEnumerable<int> Inputs => source.Inputs;

    public override Column Apply(TableBatch batch)
    {
        var codes = (CategoryColumn)source.Apply(batch);
        var levels = ColumnCast.LevelColumn(codes.Domain, field.Type);
        var rows = codes.Values.ToArray();
        for (var row = 0; row < rows.Length; row++)
        {
            if (codes.IsNull(row))
            {
                rows[row] = -1;
            }
        }

        return levels.Take(rows);
    }
}
