namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>An operator of a graph. Attributes are parsed when they are asked for.</summary>
internal sealed class OnnxNode
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _attributes = new(StringComparer.Ordinal);

    public OnnxNode(ReadOnlyMemory<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case 1:
                    Inputs.Add(OnnxText.Of(reader.ReadBytes()));
                    break;
                case 2:
                    Outputs.Add(OnnxText.Of(reader.ReadBytes()));
                    break;
                case 3:
                    Name = OnnxText.Of(reader.ReadBytes());
                    break;
                case 4:
                    Operator = OnnxText.Of(reader.ReadBytes());
                    break;
                case 5:
                    var attribute = reader.ReadBytes();
                    _attributes[AttributeName(attribute)] = attribute;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public string Name { get; } = "";

    public string Operator { get; } = "";

    /// <summary>The node in messages.</summary>
    public string Where =>
        $"operator '{MessagePart.Short(Operator)}' of node '{MessagePart.Short(Name.Length > 0 ? Name : Outputs.FirstOrDefault() ?? "")}'";

    /// <summary>Whether the attribute is there.</summary>
    public bool Has(string attribute) => _attributes.ContainsKey(attribute);

    /// <summary>A whole number.</summary>
    public long Integer(string attribute, long missing)
    {
        var value = missing;
        Read(attribute, 3, (ref ProtoReader reader) => value = reader.Wire == WireType.Varint ? reader.ReadVarint() : throw ProtoReader.Damaged());
        return value;
    }

    /// <summary>A number of single precision.</summary>
    public double Number(string attribute, double missing)
    {
        var value = missing;
        Read(attribute, 2, (ref ProtoReader reader) => value = reader.Wire == WireType.Fixed32 ? reader.ReadSingle() : throw ProtoReader.Damaged());
        return value;
    }

    /// <summary>A text.</summary>
    public string Text(string attribute, string missing)
    {
        var value = missing;
        Read(attribute, 4, (ref ProtoReader reader) => value = OnnxText.Of(reader.ReadBytes()));
        return value;
    }

    /// <summary>Whole numbers; none where it is missing.</summary>
    public List<long> Integers(string attribute)
    {
        var values = new List<long>();
        Read(attribute, 8, (ref ProtoReader reader) => reader.ReadVarints(values));
        return values;
    }

    /// <summary>Texts, as bytes; none where it is missing.</summary>
    public List<ReadOnlyMemory<byte>> Texts(string attribute)
    {
        var values = new List<ReadOnlyMemory<byte>>();
        Read(attribute, 9, (ref ProtoReader reader) => values.Add(reader.ReadBytes()));
        return values;
    }

    /// <summary>Numbers of single precision or, in the attribute's twin, of double; none where both are missing.</summary>
    public double[] Numbers(string attribute)
    {
        if (Tensor(attribute + "_as_tensor") is { IsEmpty: false } tensor)
        {
            return OnnxTensor.Numbers(tensor, $"{Where}, '{attribute}_as_tensor'");
        }

        var values = new List<double>();
        Read(attribute, 7, (ref ProtoReader reader) => reader.ReadSingles(values));
        return [.. values];
    }

    /// <summary>A tensor's message; empty where it is missing.</summary>
    public ReadOnlyMemory<byte> Tensor(string attribute)
    {
        var value = ReadOnlyMemory<byte>.Empty;
        Read(attribute, 5, (ref ProtoReader reader) => value = reader.ReadBytes());
        return value;
    }

    private delegate void TakeField(ref ProtoReader reader);

    private void Read(string attribute, int field, TakeField take)
    {
        if (!_attributes.TryGetValue(attribute, out var message))
        {
            return;
        }

        var reader = new ProtoReader(message);
        while (reader.TryReadField())
        {
            if (reader.Field == field)
            {
                take(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static string AttributeName(ReadOnlyMemory<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadField())
        {
            if (reader.Field == 1)
            {
                return OnnxText.Of(reader.ReadBytes());
            }

            reader.Skip();
        }

        return "";
    }
}
