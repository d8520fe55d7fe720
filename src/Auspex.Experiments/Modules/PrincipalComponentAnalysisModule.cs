using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Statistics;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Principal Component Analysis": the selected columns give way to their projections on the directions in which they vary
/// most, behind the columns that were not selected. Exact up to 600 columns, by randomised range finding above. A missing value
/// counts as its column's mean.
/// </summary>
internal sealed class PrincipalComponentAnalysisModule : IModule
{
    private const string Selection = "Selected columns";
    private const string Dimensions = "Number of dimensions to reduce to";
    private const string ZeroMean = "Normalize dense dataset to zero mean";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Principal Component Analysis",
        Category = "Data Transformation/Scale and Reduce",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset"), Declare.Transform("PCA Transformation")],
        Parameters = [Declare.Columns(Selection), Declare.Integer(Dimensions, null, 1), Declare.Boolean(ZeroMean, true)],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var selected = context.Parameters.Columns(Selection, table.Schema);
        var dimensions = context.Parameters.Integer(Dimensions);
        var columns = ProjectionTransform.Slots(table.Schema, selected, Descriptor.Name);
        var width = columns.Sum(column => column.Slots);
        if (dimensions > width)
        {
            throw new ModuleException(
                81, $"'{Dimensions}' is {dimensions}; the selected columns make {width} features, and there can be no more dimensions than these.");
        }

        if (table.RowCount == 0)
        {
            throw new ModuleException(21, "The dataset has no rows; Principal Component Analysis needs at least one.");
        }

        var slots = ProjectionTransform.Read(table, columns);
        var means = SlotMeans.Of(slots, columns);
        double[] offsets = context.Parameters.Boolean(ZeroMean) ? means : new double[width];
        SlotMeans.Center(slots, means, offsets);
        cancellationToken.ThrowIfCancellationRequested();
        var transform = new ProjectionTransform(
            Descriptor.Name, columns, means, offsets, PrincipalDirections.Of(slots, table.RowCount, dimensions), dropsSources: true);
        context.Set("Results dataset", transform.Bind(table.Schema).Apply(table));
        context.Set("PCA Transformation", new TransformValue(transform));
        return Task.CompletedTask;
    }
}
