using System.Collections.Immutable;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The element type, by ONNX's number; 0 where it is no tensor.</param>
/// <param name="Width">The size of its last dimension where there are two; 1 where there is one; -1 where it is not said.</param>
internal sealed record OnnxInput(string Name, long Type, long Width)
{
    /// <summary>The size of each dimension, -1 where it is not said; default where the file has no shape.</summary>
    public ImmutableArray<long> Sizes { get; init; }
}

/// <summary>The graph of an ONNX model: nodes, and what they pass to each other by name.</summary>
internal sealed class OnnxGraph
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _initializers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxNode> _producers = new(StringComparer.Ordinal);
    private readonly ILookup<string, OnnxNode> _consumers;

    private OnnxGraph(ReadOnlyMemory<byte> message)
    {
        var inputs = new List<ReadOnlyMemory<byte>>();
        var reader = new ProtoReader(message);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case 1:
                    Nodes.Add(new OnnxNode(reader.ReadBytes()));
                    break;
                case 5:
                    var tensor = reader.ReadBytes();
                    _initializers[OnnxTensor.NameOf(tensor)] = tensor;
                    break;
                case 11:
                    inputs.Add(reader.ReadBytes());
                    break;
                case 12:
                    Outputs.Add(OnnxValues.Read(reader.ReadBytes()));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        foreach (var node in Nodes)
        {
            foreach (var output in node.Outputs)
            {
                if (output.Length > 0 && !_producers.TryAdd(output, node))
                {
                    throw new ModelImportException($"Two nodes give '{MessagePart.Short(output)}'. The file is damaged.");
                }
            }
        }

        // Older files list initializers among the inputs.
        Inputs.AddRange(inputs.Select(OnnxValues.Read).Where(input => !_initializers.ContainsKey(input.Name)));
        _consumers = Nodes.SelectMany(node => node.Inputs.Distinct(StringComparer.Ordinal).Select(input => (input, node)))
            .ToLookup(entry => entry.input, entry => entry.node, StringComparer.Ordinal);
    }

    public List<OnnxNode> Nodes { get; } = [];

    public List<OnnxInput> Inputs { get; } = [];

    public List<OnnxInput> Outputs { get; } = [];

    /// <summary>Reads the graph of a model's bytes.</summary>
    /// <returns>The graph, the version of the operators for machine learning, and who wrote the file.</returns>
    public static (OnnxGraph Graph, long Version, string Producer) Read(ReadOnlyMemory<byte> model)
    {
        OnnxGraph? graph = null;
        var (version, producer) = (0L, "");
        var reader = new ProtoReader(model);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case 2:
                    producer = OnnxText.Of(reader.ReadBytes());
                    break;
                case 7:
                    graph = new OnnxGraph(reader.ReadBytes());
                    break;
                case 8:
                    var (domain, number) = OnnxValues.ReadOperatorSet(reader.ReadBytes());
                    version = domain == "ai.onnx.ml" ? number : version;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (graph ?? throw ProtoReader.Damaged(), version, producer);
    }

    /// <summary>The node that gives a value; null for inputs and initializers.</summary>
    public OnnxNode? Producer(string value) => _producers.GetValueOrDefault(value);

    /// <summary>The nodes that take a value.</summary>
    public IEnumerable<OnnxNode> Consumers(string value) => _consumers[value];

    /// <summary>The numbers of an initializer or a constant; null where the value is neither.</summary>
    public double[]? Constant(string value)
    {
        if (_initializers.TryGetValue(value, out var tensor))
        {
            return OnnxTensor.Numbers(tensor, $"initializer '{MessagePart.Short(value)}'");
        }

        return Producer(value) is { Operator: "Constant" } node && node.Has("value")
            ? OnnxTensor.Numbers(node.Tensor("value"), node.Where)
            : null;
    }
}
