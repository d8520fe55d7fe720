using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>Writes and reads <c>.ilearner</c> and <c>.itransform</c> files. They are data, checked whole; a graph of ONNX inside one is run by ONNX Runtime when it scores.</summary>
/// <remarks>Bytes depend on the content alone, so that equal models give equal files.</remarks>
public static class ModelContainer
{
    private const string TreesForm = "trees";
    private const string TreeSumsForm = "treeSums";
    private const string LinearForm = "linear";
    private const string MulticlassLinearForm = "multiclassLinear";

    // Levels make headers long; nesting is shallow.
    private static readonly JsonDocumentOptions HeaderOptions = new() { MaxDepth = 64 };

    /// <summary>Writes a model; the stream is left open.</summary>
    public static void WriteModel(TrainedModel model, Stream stream)
    {
        var sections = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var version = ContainerFormat.FirstVersion;
        var header = Json(writer =>
        {
            ModelHeader.Write(writer, model.Description);
            switch (model)
            {
                case TreeModel trees:
                    writer.WriteString("form", TreesForm);
                    writer.WriteNumber("bias", trees.Trees.Bias);
                    version = TreeSections.WriteLink(writer, trees.Link, trees.Task);
                    version = Math.Max(version, TreeSections.Write(trees.Trees.Arrays, sections));
                    break;
                case TreeSumsModel sums:
                    writer.WriteString("form", TreeSumsForm);
                    version = ContainerFormat.ImportedTreesVersion;
                    TreeSections.WriteLink(writer, sums.Link, sums.Task);
                    TreeSections.Write(sums.Trees.Arrays, sections);
                    sections["sumStarts"] = Bytes<int>(sums.Starts.AsSpan());
                    sections["biases"] = Bytes<double>(sums.Biases.AsSpan());
                    break;
                case LinearModel linear:
                    writer.WriteString("form", LinearForm);
                    if (linear.Link != LinearModel.UsualLink(linear.Task))
                    {
                        writer.WriteString("link", linear.Link.ToString());
                        version = ContainerFormat.LearnersVersion;
                    }

                    sections["weights"] = Bytes<double>(linear.Weights.AsSpan());
                    sections["biases"] = Bytes<double>([linear.Bias]);
                    break;
                case MulticlassLinearModel multiclass:
                    writer.WriteString("form", MulticlassLinearForm);
                    sections["weights"] = Bytes<double>([.. multiclass.Weights.SelectMany(weights => weights)]);
                    sections["biases"] = Bytes<double>(multiclass.Biases.AsSpan());
                    break;
                case IStoredModel stored:
                    writer.WriteString("form", stored.Form);
                    stored.Write(writer, sections);
                    version = ContainerFormat.LearnersVersion;
                    break;
                default:
                    throw new InvalidOperationException($"No file form for {model.GetType().Name}.");
            }
        });
        ContainerFormat.Write(new Container(ContainerKind.Model, header, sections, version), stream);
    }

    /// <summary>Reads a model from a stream's position to its end.</summary>
    /// <exception cref="ModelFormatException">It is no model file, is damaged, or is of a version that is not read.</exception>
    public static TrainedModel ReadModel(Stream stream) => ReadModel(stream, isPart: false);

    /// <summary>Reads a model that is part of another: one of two classes.</summary>
    internal static TrainedModel ReadPart(Stream stream) => ReadModel(stream, isPart: true);

    private static TrainedModel ReadModel(Stream stream, bool isPart)
    {
        var container = ContainerFormat.Read(stream, ContainerKind.Model);
        return Guard<TrainedModel>(() =>
        {
            using var document = JsonDocument.Parse(container.Header, HeaderOptions);
            var json = document.RootElement;
            var description = ModelHeader.Read(json);
            if (isPart && description.Task != ModelTask.Binary)
            {
                // Models of two classes have no parts: files cannot be nested deeper, and so cannot exhaust the stack.
                throw new FormatException($"A {description.Task} model cannot be part of another.");
            }

            return json.GetProperty("form").GetString() switch
            {
                TreesForm when description.Task is ModelTask.Binary or ModelTask.Regression => ReadTrees(description, json, container),
                TreeSumsForm when description.Task is ModelTask.Binary or ModelTask.Multiclass => ReadTreeSums(description, json, container),
                LinearForm when description.Task is ModelTask.Binary or ModelTask.Regression => ReadLinear(description, json, container),
                MulticlassLinearForm when description.Task == ModelTask.Multiclass => ReadMulticlass(description, container),
                { } form when StoredForms.Read(form, description, json, container) is { } model => model,
                var form => throw new FormatException($"Form '{form}' is not known for a {description.Task} model."),
            };
        });
    }

    /// <summary>Writes a transform; the stream is left open.</summary>
    public static void WriteTransform(FittedTransform transform, Stream stream)
    {
        var header = Json(writer =>
        {
            writer.WriteString("kind", transform.Kind);
            writer.WritePropertyName("content");
            transform.Write(writer);
        });
        ContainerFormat.Write(
            new Container(ContainerKind.Transform, header, ImmutableDictionary<string, byte[]>.Empty), stream);
    }

    /// <summary>Reads a transform from a stream's position to its end.</summary>
    /// <exception cref="ModelFormatException">It is no transform file, is damaged, or is of a version or kind that is not read.</exception>
    public static FittedTransform ReadTransform(Stream stream)
    {
        var container = ContainerFormat.Read(stream, ContainerKind.Transform);
        return Guard(() =>
        {
            using var document = JsonDocument.Parse(container.Header, HeaderOptions);
            var kind = document.RootElement.GetProperty("kind").GetString()
                ?? throw new FormatException("The transform's kind is null.");
            return FittedTransformReaders.Read(kind, document.RootElement.GetProperty("content"));
        });
    }

    private static TreeModel ReadTrees(ModelDescription description, JsonElement json, Container container) => new(
        description,
        new TreeEnsemble(TreeSections.Read(container), TreeSections.Finite(json, "bias")),
        TreeSections.ReadLink(json, description.Task));

    private static TreeSumsModel ReadTreeSums(ModelDescription description, JsonElement json, Container container) => new(
        description,
        new TreeEnsemble(TreeSections.Read(container), 0),
        ImmutableCollectionsMarshal.AsImmutableArray(Array<int>(container, "sumStarts")),
        ImmutableCollectionsMarshal.AsImmutableArray(Finite(container, "biases")),
        TreeSections.ReadLink(json, description.Task));

    private static LinearModel ReadLinear(ModelDescription description, JsonElement json, Container container) =>
        Array<double>(container, "biases") is [var bias]
            ? new LinearModel(
                description,
                ImmutableCollectionsMarshal.AsImmutableArray(Finite(container, "weights")),
                bias,
                json.TryGetProperty("link", out var link) ? Enum.Parse<SumLinkKind>(link.GetString() ?? "") : LinearModel.UsualLink(description.Task))
            : throw new FormatException("Expected one bias.");

    private static MulticlassLinearModel ReadMulticlass(ModelDescription description, Container container)
    {
        var weights = Finite(container, "weights");
        var classes = description.Classes.Length;
        if (weights.Length % classes != 0)
        {
            throw new FormatException($"Found {weights.Length} weights for {classes} classes.");
        }

        return new MulticlassLinearModel(
            description,
            [.. weights.Chunk(Math.Max(1, weights.Length / classes)).Select(ImmutableCollectionsMarshal.AsImmutableArray)],
            ImmutableCollectionsMarshal.AsImmutableArray(Finite(container, "biases")));
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    // All processors that .NET 10 is supported on are little-endian, as the format is.
    internal static byte[] Bytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values).ToArray();

    internal static T[] Array<T>(Container container, string section)
        where T : unmanaged
    {
        if (!container.Sections.TryGetValue(section, out var bytes))
        {
            throw new FormatException($"Section '{section}' is missing.");
        }

        var values = MemoryMarshal.Cast<byte, T>(bytes).ToArray();
        return MemoryMarshal.AsBytes(values.AsSpan()).Length == bytes.Length
            ? values
            : throw new FormatException($"Section '{section}' has {bytes.Length} bytes, which are no whole number of elements.");
    }

    internal static double[] Finite(Container container, string section)
    {
        var values = Array<double>(container, section);
        return values.All(double.IsFinite) ? values : throw new FormatException($"Section '{section}' has a number that is not finite.");
    }

    // Whatever is wrong behind a right checksum was written so: by another program, or on purpose.
    private static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException or KeyNotFoundException
            or InvalidOperationException or OverflowException or ModuleException or ModelFormatException)
        {
            throw new ModelFormatException($"The file's content does not fit its form: {MessagePart.Short(exception.Message)}", exception);
        }
    }
}
