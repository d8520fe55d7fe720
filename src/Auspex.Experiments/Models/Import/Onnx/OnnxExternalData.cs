namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>Finds tensors whose data lies in files beside the model: such a model would have the runtime open whatever it names.</summary>
internal static class OnnxExternalData
{
    private const int MostDepth = 64;

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

    /// <exception cref="ModelImportException">A tensor's data lies in another file, or the file is damaged.</exception>
    public static void Refuse(ReadOnlyMemory<byte> model) => Walk(model, Kind.Model, 0);

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

            if (Inner(kind, reader.Field) is { } inner)
            {
                Walk(reader.ReadBytes(), inner, depth + 1);
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
