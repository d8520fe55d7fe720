namespace Auspex.TestKit.Import;

/// <summary>ONNX files of models that are no trees, as exporters write them.</summary>
public static class OnnxGraphs
{
    private const string Learning = "ai.onnx.ml";

    /// <summary>2a - b + 0.5.</summary>
    public static byte[] LinearRegressor() => OnnxFile.Model(new ProtoWriter()
        .Message(1, OnnxFile.Node("LinearRegressor", "line", Learning, ["X"], ["y"])
            .Message(5, OnnxFile.Singles("coefficients", [2, -1])).Message(5, OnnxFile.Singles("intercepts", [0.5f])))
        .Text(2, "line").Message(11, OnnxFile.Value("X", 1, -1, 2)).Message(12, OnnxFile.Value("y", 1, -1, 1)));

    /// <summary>A scaler and a logistic model of the classes 'no' and 'yes', label and dictionary as outputs: P(yes) = 1 / (1 + exp(-(a - 1) * 2)).</summary>
    /// <param name="transform">The classifier's post_transform.</param>
    public static byte[] LogisticPipeline(string transform = "LOGISTIC") => OnnxFile.Model(new ProtoWriter()
        .Message(1, OnnxFile.Node("Scaler", "scale", Learning, ["X"], ["S"])
            .Message(5, OnnxFile.Singles("offset", [1, 0])).Message(5, OnnxFile.Singles("scale", [2, 1])))
        .Message(1, OnnxFile.Node("LinearClassifier", "classify", Learning, ["S"], ["label", "raw"])
            .Message(5, OnnxFile.Singles("coefficients", [-1, 0, 1, 0])).Message(5, OnnxFile.Singles("intercepts", [0, 0]))
            .Message(5, OnnxFile.Texts("classlabels_strings", ["no", "yes"])).Message(5, OnnxFile.TextAttribute("post_transform", transform)))
        .Message(1, OnnxFile.Node("ZipMap", "zip", Learning, ["raw"], ["probabilities"]).Message(5, OnnxFile.Texts("classlabels_strings", ["no", "yes"])))
        .Text(2, "logistic").Message(11, OnnxFile.Value("X", 1, -1, 2))
        .Message(12, OnnxFile.Value("label", 8, -1)).Message(12, OnnxFile.Maps("probabilities", 8)));

    /// <summary>A network of two inputs 'a' (single precision) and 'n' (64-bit integers), two hidden nodes and three classes.</summary>
    /// <param name="last">The last operator; empty for none.</param>
    /// <param name="batch">The number of rows that it takes; -1 for any.</param>
    public static byte[] Network(string last = "Softmax", int batch = -1)
    {
        var graph = new ProtoWriter()
            .Message(1, OnnxFile.Node("Cast", "cast", "", ["n"], ["f"]).Message(5, OnnxFile.Integer("to", 1)))
            .Message(1, OnnxFile.Node("Concat", "join", "", ["a", "f"], ["x"]).Message(5, OnnxFile.Integer("axis", 1)))
            .Message(1, OnnxFile.Node("MatMul", "first", "", ["x", "W"], ["xw"]))
            .Message(1, OnnxFile.Node("Add", "bias", "", ["xw", "B"], ["h"]))
            .Message(1, OnnxFile.Node("Relu", "relu", "", ["h"], ["r"]))
            .Message(1, OnnxFile.Node("MatMul", "second", "", ["r", "V"], [last.Length > 0 ? "z" : "p"]));
        if (last.Length > 0)
        {
            graph.Message(1, OnnxFile.Node(last, "last", "", ["z"], ["p"]));
        }

        return OnnxFile.Model(graph.Text(2, "network")
            .Message(5, OnnxFile.Tensor("W", [2, 2], 1, -1, 0.5f, 1)).Message(5, OnnxFile.Tensor("B", [2], 0.25f, 0))
            .Message(5, OnnxFile.Tensor("V", [2, 3], 1, 0, -1, 0.5f, 1, 0))
            .Message(11, OnnxFile.Value("a", 1, batch, 1)).Message(11, OnnxFile.Value("n", 7, batch, 1)).Message(12, OnnxFile.Value("p", 1, batch, 3)));
    }

    /// <summary>One operator from an input to an output.</summary>
    public static byte[] One(string type, ProtoWriter input, params ProtoWriter[] outputs)
    {
        var graph = new ProtoWriter().Message(1, OnnxFile.Node(type, "only", "", ["X"], ["y"])).Text(2, "one").Message(11, input);
        foreach (var output in outputs)
        {
            graph.Message(12, output);
        }

        return OnnxFile.Model(graph);
    }
}
