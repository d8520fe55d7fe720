using System.Buffers.Binary;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>A tensor's numbers; its shape does not matter here.</summary>
internal static class OnnxTensor
{
    /// <summary>ONNX's number of single precision.</summary>
    public const long Single = 1;

    /// <summary>ONNX's number of 32-bit integers.</summary>
    public const long Int32 = 6;

    /// <summary>ONNX's number of 64-bit integers.</summary>
    public const long Int64 = 7;

    /// <summary>ONNX's number of text.</summary>
    public const long Text = 8;

    /// <summary>ONNX's number of truth values.</summary>
    public const long Boolean = 9;

    /// <summary>ONNX's number of double precision.</summary>
    public const long Double = 11;

    /// <summary>The name of an initializer's message.</summary>
    public static string NameOf(ReadOnlyMemory<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadField())
        {
            if (reader.Field == 8)
            {
                return OnnxText.Of(reader.ReadBytes());
            }

            reader.Skip();
        }

        return "";
    }

    /// <summary>The numbers of single or double precision.</summary>
    /// <exception cref="ModelImportException">It holds something else, or its data lies in another file.</exception>
    public static double[] Numbers(ReadOnlyMemory<byte> message, string where)
    {
        var numbers = new List<double>();
        var raw = ReadOnlyMemory<byte>.Empty;
        var type = 0L;
        var reader = new ProtoReader(message);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case 2 when reader.Wire == WireType.Varint:
                    type = reader.ReadVarint();
                    break;
                case 4:
                    reader.ReadSingles(numbers);
                    break;
                case 9:
                    raw = reader.ReadBytes();
                    break;
                case 10:
                    reader.ReadDoubles(numbers);
                    break;
                case 13 or 14:
                    throw new ModelImportException($"{where}: its data lies in another file, which is not read. Save the model as one file.");
                default:
                    reader.Skip();
                    break;
            }
        }

        var width = type == Single ? sizeof(float) : sizeof(double);
        if (type is not (Single or Double) || raw.Length % width != 0)
        {
            throw new ModelImportException($"{where}: found a tensor of type {type}; expected numbers of single (1) or double (11) precision.");
        }

        for (var at = 0; at < raw.Length; at += width)
        {
            numbers.Add(type == Single
                ? BinaryPrimitives.ReadSingleLittleEndian(raw.Span[at..])
                : BinaryPrimitives.ReadDoubleLittleEndian(raw.Span[at..]));
        }

        return [.. numbers];
    }
}
