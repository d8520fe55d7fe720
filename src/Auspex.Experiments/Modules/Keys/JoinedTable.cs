using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Columns;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules.Keys;

/// <summary>
/// Builds the table of a join: left columns, then right ones, which get <c> (2)</c> behind a name that is taken. Without the
/// right key columns, the left ones hold the keys of right rows that have no partner.
/// </summary>
internal static class JoinedTable
{
    public static TableBatch Make(
        TableBatch left,
        ImmutableArray<int> leftKeys,
        TableBatch right,
        ImmutableArray<int> rightKeys,
        RowPairs pairs,
        bool keepsRightKeys)
    {
        var rows = pairs.Count;
        var leftIsWhole = pairs.LeftIsWhole;
        var fields = ImmutableArray.CreateBuilder<TableField>();
        var columns = ImmutableArray.CreateBuilder<Column>();
        var leftHasGaps = pairs.UnmatchedRight > 0;
        var rightHasGaps = pairs.Right.Contains(-1);
        for (var i = 0; i < left.Columns.Length; i++)
        {
            var key = keepsRightKeys ? -1 : leftKeys.IndexOf(i);
            if (key >= 0 && pairs.UnmatchedRight > 0)
            {
                var both = BothKeys(left, i, right, rightKeys[key], pairs);
                fields.Add(both.Schema.Fields[0]);
                columns.Add(both.Columns[0]);
            }
            else
            {
                fields.Add(left.Schema.Fields[i] with { IsNullable = left.Schema.Fields[i].IsNullable || leftHasGaps });
                columns.Add(leftIsWhole ? left.Columns[i] : left.Columns[i].Take(pairs.Left));
            }
        }

        var taken = fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < right.Columns.Length; i++)
        {
            if (!keepsRightKeys && rightKeys.Contains(i))
            {
                continue;
            }

            var field = right.Schema.Fields[i];
            fields.Add(ColumnRoles.Beside(left.Schema.Fields, field) with
            {
                Name = ColumnNames.MakeUnique(field.Name, 2, taken),
                IsNullable = field.IsNullable || rightHasGaps,
            });
            columns.Add(right.Columns[i].Take(pairs.Right));
        }

        return new TableBatch(new TableSchema(fields.ToImmutable()), columns.ToImmutable(), rows);
    }

    private static TableBatch BothKeys(TableBatch left, int leftKey, TableBatch right, int rightKey, RowPairs pairs)
    {
        var field = left.Schema.Fields[leftKey];
        var matched = pairs.Count - pairs.UnmatchedRight;
        var above = left.Columns[leftKey].Take(pairs.Left[..matched]);
        var below = right.Columns[rightKey].Take(pairs.Right[matched..]);
        return TableBatches.Concatenate(
            new TableBatch(new TableSchema([field]), [above], above.Length),
            new TableBatch(
                new TableSchema([right.Schema.Fields[rightKey] with { Name = field.Name }]), [below], below.Length));
    }
}
