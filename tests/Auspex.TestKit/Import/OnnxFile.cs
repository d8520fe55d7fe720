namespace Auspex.TestKit.Import;

/// <summary>The messages of an ONNX file.</summary>
public static class OnnxFile
{
    /// <summary>A model around a graph.</summary>
    public static byte[] Model(ProtoWriter graph, int machineLearningVersion = 3) => new ProtoWriter()
        .Integer(1, 8)
        .Text(2, "tests")
        .Message(8, new ProtoWriter().Text(1, "").Integer(2, 13))
        .Message(8, new ProtoWriter().Text(1, "ai.onnx.ml").Integer(2, machineLearningVersion))
        .Message(7, graph)
        .ToArray();

    /// <summary>A node without attributes; add them as field 5.</summary>
    public static ProtoWriter Node(string type, string name, string domain, string[] inputs, string[] outputs)
    {
        var node = new ProtoWriter();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        foreach (var output in outputs)
        {
            node.Text(2, output);
        }

        return node.Text(3, name).Text(4, type).Text(7, domain);
    }

    /// <summary>An input or output; a size below zero is not said.</summary>
    public static ProtoWriter Value(string name, int type, params int[] sizes)
    {
        var shape = new ProtoWriter();
        foreach (var size in sizes)
        {
            shape.Message(1, size < 0 ? new ProtoWriter().Text(2, "N") : new ProtoWriter().Integer(1, size));
        }

        var tensor = new ProtoWriter().Integer(1, type).Message(2, shape);
        return new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, tensor));
    }

    /// <summary>An initializer of one number of single precision.</summary>
    public static ProtoWriter Scalar(string name, float value) =>
        new ProtoWriter().Packed(1, [1]).Integer(2, 1).Single(4, value).Text(8, name);

    /// <summary>An initializer of numbers of single precision.</summary>
    public static ProtoWriter Tensor(string name, long[] sizes, params float[] values)
    {
        var tensor = new ProtoWriter().Packed(1, sizes).Integer(2, 1);
        foreach (var value in values)
        {
            tensor.Single(4, value);
        }

        return tensor.Text(8, name);
    }

    /// <summary>An output as ZipMap gives it: for each row, numbers of single precision by key.</summary>
    public static ProtoWriter Maps(string name, int keyType)
    {
        var map = new ProtoWriter().Integer(1, keyType).Message(2, new ProtoWriter().Message(1, new ProtoWriter().Integer(1, 1)));
        var sequence = new ProtoWriter().Message(1, new ProtoWriter().Message(5, map));
        return new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(4, sequence));
    }

    public static ProtoWriter Integer(string name, long value) => new ProtoWriter().Text(1, name).Integer(3, value).Integer(20, 2);

    public static ProtoWriter Number(string name, float value) => new ProtoWriter().Text(1, name).Single(2, value).Integer(20, 1);

    public static ProtoWriter TextAttribute(string name, string value) => new ProtoWriter().Text(1, name).Text(4, value).Integer(20, 3);

    public static ProtoWriter Integers(string name, IEnumerable<long> values)
    {
        var attribute = new ProtoWriter().Text(1, name);
        foreach (var value in values)
        {
            attribute.Integer(8, value);
        }

        return attribute.Integer(20, 7);
    }

    public static ProtoWriter Singles(string name, IEnumerable<float> values)
    {
        var attribute = new ProtoWriter().Text(1, name);
        foreach (var value in values)
        {
            attribute.Single(7, value);
        }

        return attribute.Integer(20, 6);
    }

    public static ProtoWriter Texts(string name, IEnumerable<string> values)
    {
        var attribute = new ProtoWriter().Text(1, name);
        foreach (var value in values)
        {
            attribute.Text(9, value);
        }

        return attribute.Integer(20, 8);
    }
}
