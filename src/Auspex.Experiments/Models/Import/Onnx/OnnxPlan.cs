using System.Collections.Immutable;
using System.Globalization;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>An input that is fed from columns.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">The element type, by ONNX's number.</param>
/// <param name="IsFlat">Whether it has the rows' dimension alone.</param>
/// <param name="Width">How many columns it takes.</param>
/// <param name="Column">The first of them.</param>
internal sealed record OnnxPlanInput(string Name, long Type, bool IsFlat, int Width, int Column);

/// <summary>Which inputs of a graph are fed from columns, and which value of it is the score.</summary>
/// <param name="Inputs">The inputs, in the graph's order.</param>
/// <param name="IsRowByRow">Whether the graph takes one row at a time.</param>
/// <param name="Score">The value that is the score.</param>
/// <param name="IsDouble">Whether it is of double precision.</param>
/// <param name="LabelType">The type of the label that the graph gives too; 0 for none.</param>
/// <param name="Keys">The node that names the score's columns, where one does.</param>
/// <param name="Last">The operator that gives the score, renaming and rounding left aside.</param>
internal sealed record OnnxPlan(
    ImmutableArray<OnnxPlanInput> Inputs, bool IsRowByRow, string Score, bool IsDouble, long LabelType, OnnxNode? Keys, string Last)
{
    private const int MostColumns = 1 << 16;
    private const int MostSteps = 100;

    /// <summary>How many columns all inputs take.</summary>
    public int Columns => Inputs.Sum(input => input.Width);

    /// <summary>Plans a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="file">The file, which must be whole in itself.</param>
    /// <param name="columns">How many columns there are, where that is known: for an input that does not say.</param>
    /// <exception cref="ModelImportException">An input or output is none that rows of a table can have.</exception>
    public static OnnxPlan Read(OnnxGraph graph, ReadOnlyMemory<byte> file, int? columns)
    {
        OnnxSafety.Check(file);
        var inputs = ImmutableArray.CreateBuilder<OnnxPlanInput>();
        var (at, isRowByRow) = (0, false);
        var known = graph.Inputs.Sum(input => Math.Max(0, Math.Min(input.Width, MostColumns)));
        foreach (var input in graph.Inputs)
        {
            isRowByRow |= CheckInput(input);
            var width = input.Width > 0 ? input.Width
                : columns is { } all && graph.Inputs.Count(each => each.Width <= 0) == 1 ? all - known
                : throw new ModelImportException(
                    $"Input {Describe(input)} does not say how many columns it has; expected [N, K]. Name the columns with --features.");
            if (width < 1 || at + width > MostColumns)
            {
                throw new ModelImportException($"Input {Describe(input)} has {width} columns; expected 1 to {MostColumns} in all.");
            }

            inputs.Add(new OnnxPlanInput(input.Name, input.Type, input.Sizes.Length == 1, (int)width, at));
            at += (int)width;
        }

        if (at == 0)
        {
            throw new ModelImportException("The graph has no inputs; expected one at least.");
        }

        return Output(graph, inputs.ToImmutable(), isRowByRow);
    }

    // Gives whether it takes one row only.
    private static bool CheckInput(OnnxInput input)
    {
        if (input.Type is not (OnnxTensor.Single or OnnxTensor.Double or OnnxTensor.Int32 or OnnxTensor.Int64 or OnnxTensor.Boolean))
        {
            throw new ModelImportException(
                $"Input {Describe(input)} is of a type that is not served; expected tensors of float, double, int64, int32 or bool.");
        }

        return input.Sizes.IsDefault || input.Sizes.Length is not (1 or 2) || (input.Sizes.Length == 2 && input.Sizes[1] == 0)
            ? throw new ModelImportException($"Input {Describe(input)} is no row of a table; expected [N] or [N, K].")
            : input.Sizes[0] is -1 or 1
                ? input.Sizes[0] == 1
                : throw new ModelImportException($"Input {Describe(input)} takes {input.Sizes[0]} rows at a time; expected any number (N), or 1.");
    }

    private static OnnxPlan Output(OnnxGraph graph, ImmutableArray<OnnxPlanInput> inputs, bool isRowByRow)
    {
        OnnxInput[] labels = [.. graph.Outputs.Where(output => output.Type is OnnxTensor.Int64 or OnnxTensor.Text)];
        OnnxInput[] scores = [.. graph.Outputs.Except(labels)];
        if (scores is not [var score] || labels.Length > 1)
        {
            throw new ModelImportException(
                $"The graph gives {graph.Outputs.Count} outputs: {MessagePart.Short(string.Join(", ", graph.Outputs.Select(Describe)))}; expected a number, probabilities, "
                + "or a label and probabilities.");
        }

        var labelType = labels.Length == 1 ? labels[0].Type : 0;
        var producer = Producer(graph, score.Name);
        if (producer is { Operator: "ZipMap", Inputs: [var zipped] })
        {
            return new OnnxPlan(inputs, isRowByRow, zipped, false, labelType, producer, Producer(graph, zipped)?.Operator ?? "");
        }

        if (score.Type is not (OnnxTensor.Single or OnnxTensor.Double))
        {
            throw new ModelImportException(
                $"Output {Describe(score)} is of a type that is not served; expected a tensor of float or double, or what ZipMap gives.");
        }

        return new OnnxPlan(inputs, isRowByRow, score.Name, score.Type == OnnxTensor.Double, labelType, null, producer?.Operator ?? "");
    }

    // The node that gives a value, through those that only rename or round it.
    private static OnnxNode? Producer(OnnxGraph graph, string value)
    {
        var node = graph.Producer(value);
        for (var step = 0; step < MostSteps && node is { Operator: "Identity" or "Cast", Inputs: [var input] }; step++)
        {
            node = graph.Producer(input);
        }

        return node;
    }

    private static string Describe(OnnxInput value) => string.Create(
        CultureInfo.InvariantCulture,
        $"'{MessagePart.Short(value.Name)}' ({TypeName(value.Type)}{(value.Sizes.IsDefault ? "" : $"[{string.Join(", ", value.Sizes.Take(8).Select(size => size < 0 ? "N" : size.ToString(CultureInfo.InvariantCulture)))}]")})");

    private static string TypeName(long type) => type switch
    {
        0 => "no tensor",
        OnnxTensor.Single => "float",
        OnnxTensor.Double => "double",
        OnnxTensor.Int32 => "int32",
        OnnxTensor.Int64 => "int64",
        OnnxTensor.Text => "string",
        OnnxTensor.Boolean => "bool",
        _ => string.Create(CultureInfo.InvariantCulture, $"type {type}"),
    };
}
