using System.Collections.Immutable;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>Reads the small messages of a model: inputs, outputs, versions.</summary>
internal static class OnnxValues
{
    /// <summary>A ValueInfoProto.</summary>
    public static OnnxInput Read(ReadOnlyMemory<byte> message)
    {
        var (name, type) = ("", 0L);
        var sizes = default(ImmutableArray<long>);
        var reader = new ProtoReader(message);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case 1:
                    name = OnnxText.Of(reader.ReadBytes());
                    break;
                case 2:
                    (type, sizes) = ReadType(reader.ReadBytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var width = sizes.IsDefault ? -1 : sizes switch
        {
            [_] => 1,
            [_, > 0 and var last] => last,
            _ => -1,
        };
        return new OnnxInput(name, type, width) { Sizes = sizes };
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
    private static (long Type, ImmutableArray<long> Sizes) ReadType(ReadOnlyMemory<byte> message)
    {
        var type = 0L;
        var sizes = default(ImmutableArray<long>);
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
                        sizes = ReadSizes(tensor.ReadBytes());
                        break;
                    default:
                        tensor.Skip();
                        break;
                }
            }
        }

        return (type, sizes);
    }

    private static ImmutableArray<long> ReadSizes(ReadOnlyMemory<byte> shape)
    {
        var sizes = ImmutableArray.CreateBuilder<long>();
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

        return sizes.ToImmutable();
    }
}
