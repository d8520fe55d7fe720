using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Columns;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Add Columns": two tables side by side, row by row; the shorter one is padded with missing values. A right column
/// whose name is taken gets <c> (1)</c> behind it; a second label or weight column is carried along only.
/// </summary>
internal sealed class AddColumnsModule : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Add Columns",
        Category = "Data Transformation/Manipulation",
        FamilyId = "5714a225befd438a9bb5f6fdc50a4efb",
        Inputs = [Declare.Dataset("Left dataset"), Declare.Dataset("Right dataset")],
        Outputs = [Declare.Dataset("Combined dataset")],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var left = context.Table("Left dataset");
        var right = context.Table("Right dataset");
        var rows = Math.Max(left.RowCount, right.RowCount);
        var columns = ImmutableArray.CreateBuilder<Column>();
        columns.AddRange(Pad(left, rows).Columns);
        columns.AddRange(Pad(right, rows).Columns);

        var fields = ImmutableArray.CreateBuilder<TableField>();
        fields.AddRange(left.Schema.Fields.Select(field => Nullable(field, left.RowCount < rows)));
        var taken = left.Schema.Fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var field in right.Schema.Fields)
        {
            fields.Add(Nullable(ColumnRoles.Beside(left.Schema.Fields, field), right.RowCount < rows) with
            {
                Name = ColumnNames.MakeUnique(field.Name, 1, taken),
            });
        }

        context.Set("Combined dataset", new TableBatch(new TableSchema(fields.ToImmutable()), columns.ToImmutable(), rows));
        return Task.CompletedTask;
    }

    private static TableField Nullable(TableField field, bool isPadded) => isPadded ? field with { IsNullable = true } : field;

    private static TableBatch Pad(TableBatch table, int rows)
    {
        if (table.RowCount == rows)
        {
            return table;
        }

        var positions = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            positions[row] = row < table.RowCount ? row : -1;
        }

        return table.Take(positions);
    }
}
