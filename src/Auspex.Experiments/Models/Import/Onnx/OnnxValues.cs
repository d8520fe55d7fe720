namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>Reads the small messages of a model: inputs, outputs, versions.</summary>
internal static class OnnxValues
{
    /// <summary>A ValueInfoProto.</summary>
    public static OnnxInput Read(ReadOnlyMemory<byte> message)
    {
        var (name, type, width) = ("", 0L, -1L);
        var reader = new ProtoReader(message);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case 1:
                    name = OnnxText.Of(reader.ReadBytes());
                    break;
                case 2:
                    (type, width) = ReadType(reader.ReadBytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OnnxInput(name, type, width);
    }

    /// <summary>An OperatorSetIdProto.</summary>
    public static (string Domain, long Version) ReadOperatorSet(ReadOnlyMemory<byte> message)
    {
        var (domain, version) = ("", 0L);
        var reader = new ProtoReader(message);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case 1:
                    domain = OnnxText.Of(reader.ReadBytes());
                    break;
                case 2 when reader.Wire == WireType.Varint:
                    version = reader.ReadVarint();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (domain, version);
    }

    // TypeProto; only tensors have field 1.
    private static (long Type, long Width) ReadType(ReadOnlyMemory<byte> message)
    {
        var (type, width) = (0L, -1L);
        var reader = new ProtoReader(message);
        while (reader.TryReadField())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }

            var tensor = new ProtoReader(reader.ReadBytes());
            while (tensor.TryReadField())
            {
                switch (tensor.Field)
                {
                    case 1 when tensor.Wire == WireType.Varint:
                        type = tensor.ReadVarint();
                        break;
                    case 2:
                        width = ReadWidth(tensor.ReadBytes());
                        break;
                    default:
                        tensor.Skip();
                        break;
                }
            }
        }

        return (type, width);
    }

    private static long ReadWidth(ReadOnlyMemory<byte> shape)
    {
        var sizes = new List<long>();
        var reader = new ProtoReader(shape);
        while (reader.TryReadField())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }

            var size = -1L;
            var dimension = new ProtoReader(reader.ReadBytes());
            while (dimension.TryReadField())
            {
                if (dimension.Field == 1 && dimension.Wire == WireType.Varint)
                {
                    size = dimension.ReadVarint();
                }
                else
                {
                    dimension.Skip();
                }
            }

            sizes.Add(size);
        }

        return sizes switch
        {
            [_] => 1,
            [_, > 0 and var width] => width,
            _ => -1,
        };
    }
}
