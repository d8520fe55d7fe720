using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Convert to Indicator Values": a 0/1 column named <c>column-level</c> for each level of categorical columns, and
/// (as its later builds did) the transform.
/// </summary>
internal sealed class ConvertToIndicatorValuesModule : IRowwiseModule
{
    private const string Selection = "Categorical columns to convert";
    private const string Overwrite = "Overwrite categorical columns";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Convert to Indicator Values",
        Category = "Data Transformation/Manipulation",
        FamilyId = "6ea59c36f283410eb34cedfabfac39b0",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset"), Declare.Transform("Indicator values transformation")],
        Parameters = [Declare.Columns(Selection), Declare.Boolean(Overwrite, false)],
    };

    public IRowTransform Bind(TableSchema input, ModuleContext context) => Fit(input, context).Bind(input);

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var transform = Fit(table.Schema, context);
        context.Set("Results dataset", transform.Bind(table.Schema).Apply(table));
        context.Set("Indicator values transformation", new TransformValue(transform));
        return Task.CompletedTask;
    }

    private static IndicatorTransform Fit(TableSchema schema, ModuleContext context)
    {
        ImmutableArray<int> selected = context.Parameters.Columns(Selection, schema);
        foreach (var field in selected.Select(index => schema.Fields[index]).Where(field => !field.IsCategorical))
        {
            throw new ModuleException(
                56,
                $"Column '{field.Name}' is {field.Type} and not categorical; Convert to Indicator Values takes categorical "
                + "columns only. Make it categorical with Edit Metadata first.");
        }

        return IndicatorTransform.Fit(schema, selected, context.Parameters.Boolean(Overwrite));
    }
}
