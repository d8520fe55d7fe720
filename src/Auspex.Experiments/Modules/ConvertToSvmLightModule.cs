using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Convert to SVMLight": the label, of two classes as 1 and -1, and the features as numbers, in the columns that SVMLight
/// has: <c>Labels</c>, then the features in order.
/// </summary>
internal sealed class ConvertToSvmLightModule : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Convert to SVMLight",
        Category = "Data Format Conversions",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var label = table.Schema.LabelIndex;
        if (label < 0)
        {
            throw new ModuleException(24, "The dataset has no label column, which SVMLight needs; mark one with Edit Metadata.");
        }

        var fields = new List<TableField> { new() { Name = "Labels", Type = ColumnType.Double, Role = ColumnRole.Label } };
        var columns = new List<Column> { Labels(table.Schema.Fields[label], table.Columns[label]) };
        for (var i = 0; i < table.Columns.Length; i++)
        {
            var field = table.Schema.Fields[i];
            if (field.Role != ColumnRole.Feature || field.Score is not null)
            {
                continue;
            }

            if (field.IsCategorical || (!field.IsNumeric && field.Type != ColumnType.Boolean))
            {
                throw new ModuleException(
                    17,
                    $"Column '{field.Name}' is {(field.IsCategorical ? "categorical" : field.Type)}; SVMLight holds numbers. "
                    + "Convert it to indicator values, or clear it as feature with Edit Metadata.");
            }

            fields.Add(field with { Type = ColumnType.Double, Name = fields.Exists(other => other.Name == field.Name) ? field.Name + " (1)" : field.Name });
            columns.Add(new DoubleColumn(NumericValues.Of(table.Columns[i]).ToArray(), table.RowCount, table.Columns[i].Validity));
        }

        context.Set("Results dataset", new TableBatch(new TableSchema([.. fields]), [.. columns], table.RowCount));
        return Task.CompletedTask;
    }

    private static DoubleColumn Labels(TableField field, Column column)
    {
        var domain = CategoryDomains.Of(column);
        if (domain.Levels.Length <= 2)
        {
            // The second class is the positive one, as everywhere.
            var codes = new LevelCodes(0, domain).Of(column);
            return new DoubleColumn([.. codes.Select(code => code == domain.Levels.Length - 1 ? 1.0 : -1.0)], column.Length, column.Validity);
        }

        return field.IsNumeric && !field.IsCategorical
            ? new DoubleColumn(NumericValues.Of(column).ToArray(), column.Length, column.Validity)
            : throw new ModuleException(
                17, $"Label column '{field.Name}' has {domain.Levels.Length} classes that are no numbers; SVMLight holds numbers.");
    }
}
