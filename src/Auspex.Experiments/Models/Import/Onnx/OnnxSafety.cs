namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>
/// Looks at all of a model, inner graphs too, for what must not come to the runtime: tensors whose data lies in other files, which it would open whatever
/// they are called, and trees where our reader does not check them.
/// </summary>
internal static class OnnxSafety
{
    private const int MostDepth = 64;

    // Model, graph, node; a function counts as an inner graph.
    private const int OuterNode = 2;

    private enum Kind
    {
        Model,
        Training,
        Function,
        Graph,
        Node,
        Attribute,
        Sparse,
        Tensor,
    }

    /// <exception cref="ModelImportException">There is such a part, or the file is damaged.</exception>
    public static void Check(ReadOnlyMemory<byte> model) => Walk(model, Kind.Model, 0);

    private static void Walk(ReadOnlyMemory<byte> message, Kind kind, int depth)
    {
        if (depth > MostDepth)
        {
            throw new ModelImportException($"Graphs within graphs are more than {MostDepth} deep; the file is damaged.");
        }

        var reader = new ProtoReader(message);
        while (reader.TryReadField())
        {
            if (kind == Kind.Tensor && (reader.Field == 13 || (reader.Field == 14 && (reader.Wire != WireType.Varint || reader.ReadVarint() != 0))))
            {
                throw new ModelImportException(
                    $"The data of tensor '{MessagePart.Short(OnnxTensor.NameOf(message))}' lies in another file, which is not read. Save the model as one file.");
            }

            if (kind == Kind.Node && depth > OuterNode && reader.Field == 4)
            {
                var type = OnnxText.Of(reader.ReadBytes());
                if (type.StartsWith("TreeEnsemble", StringComparison.Ordinal))
                {
                    throw new ModelImportException($"Operator '{MessagePart.Short(type)}' stands in a graph within the graph; expected trees in the outer one.");
                }
            }
            else if (Inner(kind, reader.Field) is { } inner)
            {
                Walk(reader.ReadBytes(), inner, depth + (inner == Kind.Function ? 2 : 1));
            }
            else if (kind != Kind.Tensor || reader.Field != 14)
            {
                reader.Skip();
            }
        }
    }

    // What stands in a field, where it can have tensors.
    private static Kind? Inner(Kind kind, int field) => (kind, field) switch
    {
        (Kind.Model, 7) => Kind.Graph,
        (Kind.Model, 20) => Kind.Training,
        (Kind.Model, 25) => Kind.Function,
        (Kind.Training, 1 or 2) => Kind.Graph,
        (Kind.Function, 7) => Kind.Node,
        (Kind.Function, 11) => Kind.Attribute,
        (Kind.Graph, 1) => Kind.Node,
        (Kind.Graph, 5) => Kind.Tensor,
        (Kind.Graph, 15) => Kind.Sparse,
        (Kind.Node, 5) => Kind.Attribute,
        (Kind.Attribute, 5 or 10) => Kind.Tensor,
        (Kind.Attribute, 6 or 11) => Kind.Graph,
        (Kind.Attribute, 22 or 23) => Kind.Sparse,
        (Kind.Sparse, 1 or 2) => Kind.Tensor,
        _ => null,
    };
}
