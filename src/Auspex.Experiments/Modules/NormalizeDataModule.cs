using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Normalize Data": rescales numeric columns in place, and gives the fitted function.</summary>
internal sealed class NormalizeDataModule : IModule
{
    private const string Method = "Transformation method";
    private const string ZeroForConstant = "Use 0 for constant columns when checked";
    private const string Selection = "Columns to transform";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Normalize Data",
        Category = "Data Transformation/Scale and Reduce",
        FamilyId = "986df33367484b85923d871df70d6aaf",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Transformed dataset"), Declare.Transform("Transformation function")],
        Parameters =
        [
            Declare.Choice(Method, "ZScore", ["ZScore", "MinMax", "Logistic", "LogNormal", "Tanh"]),
            Declare.Boolean(ZeroForConstant, true, when: Declare.When(Method, "ZScore", "MinMax", "LogNormal")),
            Declare.Columns(Selection, "NumericAll"),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var method = Enum.Parse<NormalizationMethod>(context.Parameters.Choice(Method));
        var usesConstants = method is NormalizationMethod.ZScore or NormalizationMethod.MinMax or NormalizationMethod.LogNormal;
        var constantValue = usesConstants && !context.Parameters.Boolean(ZeroForConstant) ? double.NaN : 0;
        var selected = context.Parameters.Columns(Selection, table.Schema, errorIfNone: 20);
        if (table.RowCount == 0)
        {
            throw new ModuleException(21, "The dataset has no rows; Normalize Data needs at least one to learn its scale from.");
        }

        var transform = NormalizingTransform.Fit(table, selected, method, constantValue, cancellationToken);
        context.Set("Transformed dataset", transform.Bind(table.Schema).Apply(table));
        context.Set("Transformation function", new TransformValue(transform));
        return Task.CompletedTask;
    }
}
