using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>The classes of a classifier, in its order, and the type of the label that has them as values.</summary>
internal sealed record OnnxLabels(ImmutableArray<string> Classes, ColumnType Type)
{
    /// <exception cref="ModelImportException">There are fewer than two, or one stands twice.</exception>
    public static OnnxLabels Read(OnnxNode node, string fileName)
    {
        ImmutableArray<string> texts = [.. node.Texts("classlabels_strings").Select(OnnxText.Of)];
        ImmutableArray<string> numbers =
        [
            .. node.Integers("classlabels_int64s").Select(label => label.ToString(CultureInfo.InvariantCulture)),
        ];
        var classes = texts.IsEmpty ? numbers : texts;
        if (classes.Length < 2 || classes.Distinct(StringComparer.Ordinal).Count() != classes.Length)
        {
            throw new ModelImportException($"{fileName}: {node.Where} has {classes.Length} class labels; expected two at least, each once.");
        }

        return new OnnxLabels(classes, texts.IsEmpty ? ColumnType.Int64 : ColumnType.String);
    }

    /// <summary>A description of a model with these classes.</summary>
    public ModelDescription Describe(ModelDescription description, ModelTask task) => description with
    {
        Task = task,
        Classes = Classes,
        Label = description.Label with { Type = Type },
    };
}
