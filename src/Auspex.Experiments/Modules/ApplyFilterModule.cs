using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Columns;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Apply Filter": runs a filter over numeric columns in row order, in place. A missing value, or one that is not a
/// number, stays and the filter begins anew behind it.
/// </summary>
internal sealed class ApplyFilterModule : IModule
{
    private const string Selection = "Column set";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Apply Filter",
        Category = "Data Transformation/Filter",
        Inputs = [new("Filter", PortType.IFilter), Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters = [Declare.Columns(Selection, "NumericAll")],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var filter = context.Get<FilterValue>("Filter").Filter;
        var table = context.Table("Dataset");
        var fields = table.Schema.Fields.ToBuilder();
        var columns = table.Columns.ToBuilder();
        foreach (var index in NumericColumns.Of(context, Selection, table.Schema, Descriptor.Name))
        {
            cancellationToken.ThrowIfCancellationRequested();
            fields[index] = fields[index] with { Type = filter.GivesTruth ? ColumnType.Boolean : ColumnType.Double };
            columns[index] = Run(filter, table.Columns[index]);
        }

        context.Set("Results dataset", new TableBatch(new TableSchema(fields.ToImmutable()), columns.ToImmutable(), table.RowCount));
        return Task.CompletedTask;
    }

    private static Column Run(SignalFilter filter, Column column)
    {
        var values = NumericValues.Of(column);
        var results = new double[values.Length];
        var validity = column.Validity;
        for (var start = 0; start < values.Length;)
        {
            var end = start;
            while (end < values.Length && !column.IsNull(end) && !double.IsNaN(values[end]))
            {
                end++;
            }

            if (end > start)
            {
                filter.Run(values[start..end]).CopyTo(results, start);
            }

            if (end < values.Length)
            {
                results[end] = double.NaN;
            }

            start = end + 1;
        }

        return filter.GivesTruth
            ? new BooleanColumn([.. results.Select(value => value == 1)], results.Length, validity)
            : new DoubleColumn(results, results.Length, validity);
    }
}
