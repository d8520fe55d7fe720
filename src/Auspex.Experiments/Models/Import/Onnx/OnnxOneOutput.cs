namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>
/// Writes a model anew with its score as the only output and without ZipMap, which makes a dictionary of every row: the runtime then gives one
/// tensor for all rows, and computes nothing else.
/// </summary>
internal static class OnnxOneOutput
{
    public static byte[] Write(ReadOnlyMemory<byte> model, OnnxPlan plan)
    {
        using var target = new MemoryStream();
        var reader = new ProtoReader(model);
        while (reader.TryReadField())
        {
            if (reader.Field == 7)
            {
                WriteBytes(target, 7, Graph(reader.ReadBytes(), plan));
            }
            else
            {
                Copy(ref reader, target);
            }
        }

        return target.ToArray();
    }

    private static byte[] Graph(ReadOnlyMemory<byte> graph, OnnxPlan plan)
    {
        using var target = new MemoryStream();
        var reader = new ProtoReader(graph);
        var hasOutput = false;
        while (reader.TryReadField())
        {
            if (reader.Field is not (1 or 12))
            {
                Copy(ref reader, target);
                continue;
            }

            var field = reader.Field;
            var message = reader.ReadBytes();
            var isKept = field == 1 ? new OnnxNode(message).Operator != "ZipMap" : OnnxValues.Read(message).Name == plan.Score;
            if (isKept)
            {
                hasOutput |= field == 12;
                WriteBytes(target, field, message.Span);
            }
        }

        if (!hasOutput)
        {
            using var value = new MemoryStream();
            WriteBytes(value, 1, System.Text.Encoding.UTF8.GetBytes(plan.Score));
            // A type that is a tensor (1) of single precision (1).
            WriteBytes(value, 2, [0x0A, 0x02, 0x08, 0x01]);
            WriteBytes(target, 12, value.ToArray());
        }

        return target.ToArray();
    }

    private static void Copy(ref ProtoReader reader, MemoryStream target)
    {
        var (field, wire) = (reader.Field, reader.Wire);
        switch (wire)
        {
            case WireType.Bytes:
                WriteBytes(target, field, reader.ReadBytes().Span);
                break;
            case WireType.Varint:
                Varint(target, (ulong)field << 3);
                Varint(target, (ulong)reader.ReadVarint());
                break;
            default:
                // The messages of models and graphs have no such fields.
                reader.Skip();
                break;
        }
    }

    private static void WriteBytes(MemoryStream target, int field, ReadOnlySpan<byte> bytes)
    {
        Varint(target, ((ulong)field << 3) | (ulong)WireType.Bytes);
        Varint(target, (ulong)bytes.Length);
        target.Write(bytes);
    }

    private static void Varint(MemoryStream target, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target.WriteByte((byte)(value | 0x80));
        }

        target.WriteByte((byte)value);
    }
}
