using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>Makes a model that ONNX Runtime scores, of a graph that is no tree ensemble of ours.</summary>
internal static class OnnxRuntimeImport
{
    private const int ProbeRows = 16;

    /// <param name="bytes">The file.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="producer">Who wrote it.</param>
    /// <param name="options">What the file does not say.</param>
    /// <param name="refusal">Why it is no tree ensemble of ours.</param>
    public static ImportedModel Read(
        ReadOnlyMemory<byte> bytes, OnnxGraph graph, string producer, ModelImportOptions options, ModelImportException refusal)
    {
        try
        {
            var model = Create(bytes, graph, producer, options);
            return new ImportedModel(
                model,
                $"ONNX, {graph.Nodes.Count} operators{(producer.Length > 0 ? ", by " + MessagePart.Short(producer) : "")}",
                0,
                0,
                [$"Not read as trees of our own: {MessagePart.Short(refusal.Message)}"]);
        }
        catch (Exception exception) when (exception is ModelImportException or ModelRunException or ArgumentException)
        {
            throw new ModelImportException(
                $"{MessagePart.Short(refusal.Message)} Nor can ONNX Runtime score it here: {exception.Message}", exception);
        }
    }

    private static OnnxRuntimeModel Create(ReadOnlyMemory<byte> bytes, OnnxGraph graph, string producer, ModelImportOptions options)
    {
        var file = bytes.ToArray();
        var plan = OnnxPlan.Read(graph, file, options.Features.IsDefault ? null : options.Features.Length);
        var features = Features(plan, options);
        var session = OnnxSession.Open(file, plan);
        try
        {
            var (probe, width) = Probe(session);
            var description = Describe(graph, plan, probe, width, new ModelDescription
            {
                Learner = "ONNX Runtime",
                Task = ModelTask.Regression,
                Label = new TableField { Name = options.Label, Type = ColumnType.Double, Role = ColumnRole.Label },
                Features = features,
                Parameters = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("producer", producer)]),
            });
            return new OnnxRuntimeModel(description, file, plan, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static TableSchema Features(OnnxPlan plan, ModelImportOptions options)
    {
        (OnnxPlanInput Input, string Name)[] own =
        [
            .. plan.Inputs.SelectMany(input => Enumerable.Range(0, input.Width).Select(index => (
                input, input.Width == 1 ? input.Name : string.Create(CultureInfo.InvariantCulture, $"{input.Name}_{index}")))),
        ];
        var names = FeatureNames.Choose(options, [.. own.Select(column => column.Name)]);
        return new TableSchema(
        [
            .. own.Select((column, position) => new TableField
            {
                Name = names[position],
                Type = column.Input.Type switch
                {
                    OnnxTensor.Boolean => ColumnType.Boolean,
                    OnnxTensor.Int32 or OnnxTensor.Int64 => ColumnType.Int64,
                    _ => ColumnType.Double,
                },
            }),
        ]);
    }

    // Shows how many numbers a row gets, and whether they are probabilities.
    private static (double[] Values, int Width) Probe(OnnxSession session)
    {
        var rows = session.Plan.IsRowByRow ? 1 : ProbeRows;
        var inputs = new OnnxInputRows(session.Plan, rows);
        var values = new List<double>();
        for (var start = 0; start < ProbeRows; start += rows)
        {
            inputs.FillProbe(start, rows);
            session.Run(inputs, rows, (scores, _) => values.AddRange(scores));
        }

        return (values.ToArray(), values.Count / ProbeRows);
    }

    private static ModelDescription Describe(OnnxGraph graph, OnnxPlan plan, double[] probe, int width, ModelDescription description)
    {
        var isClasses = plan.LabelType != 0 || plan.Keys is not null || plan.Last is "Softmax" or "Sigmoid";
        if (!isClasses)
        {
            return width == 1 ? description : throw new ModelImportException(
                $"Output '{MessagePart.Short(plan.Score)}' gives {width} numbers a row, by operator '{MessagePart.Short(plan.Last)}'; expected one, or "
                + "probabilities by Softmax. Add a Softmax, or export one target.");
        }

        var isPair = width == 1 && plan.Last == "Sigmoid";
        if (!isPair && (width < 2 || !AreProbabilities(probe, width)))
        {
            throw new ModelImportException(
                $"Output '{MessagePart.Short(plan.Score)}' gives {width} numbers a row that do not add up to 1; expected a probability for each class. "
                + "Export probabilities, not raw scores.");
        }

        var (names, type) = Classes(graph, plan, isPair ? 2 : width);
        return description with
        {
            Task = names.Length == 2 ? ModelTask.Binary : ModelTask.Multiclass,
            Classes = names,
            Label = description.Label with { Type = type },
        };
    }

    private static bool AreProbabilities(double[] probe, int width) => probe.Chunk(width).All(
        row => row.Any(double.IsNaN) || (row.All(value => value is >= -1e-6 and <= 1 + 1e-6) && Math.Abs(row.Sum() - 1) < 1e-3))
        && probe.Any(value => !double.IsNaN(value));

    private static (ImmutableArray<string> Names, ColumnType Type) Classes(OnnxGraph graph, OnnxPlan plan, int count)
    {
        var named = plan.Keys is { } keys ? [keys] : graph.Nodes.AsEnumerable().Reverse();
        foreach (var node in named)
        {
            ImmutableArray<string> texts = [.. node.Texts("classlabels_strings").Select(OnnxText.Of)];
            var numbers = node.Integers("classlabels_int64s") is { Count: > 0 } own ? own : node.Integers("classlabels_ints");
            var names = texts.IsEmpty ? [.. numbers.Select(Text)] : texts;
            if (names.Length == count && names.Distinct(StringComparer.Ordinal).Count() == count)
            {
                return (names, texts.IsEmpty ? ColumnType.Int64 : ColumnType.String);
            }
        }

        return plan.LabelType == OnnxTensor.Text || plan.Keys is not null
            ? throw new ModelImportException($"Found no operator that names {count} classes, each once, for output '{MessagePart.Short(plan.Score)}'; expected classlabels.")
            : ([.. Enumerable.Range(0, count).Select(number => Text(number))], ColumnType.Int64);

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
