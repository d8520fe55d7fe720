using System.Diagnostics;
using Microsoft.ML;

namespace Auspex.Peers;

/// <summary>ONNX Runtime under ML.NET's text loader and saver, with the model that bench/peers/onnx_trees.py made of LightGBM's.</summary>
internal static class OnnxModel
{
    public static void Score(Workload workload, string modelPath, string input, string output)
    {
        var context = new MLContext(seed: 1);
        var rows = MlNetTrees.Load(context, workload, input);
        var model = context.Transforms.Concatenate("features", [.. workload.Numbers])
            .Append(context.Transforms.ApplyOnnxModel(["probabilities"], ["features"], modelPath))
            .Fit(rows);
        var started = Stopwatch.GetTimestamp();
        MlNetTrees.Save(context, model.Transform(rows), [.. workload.Columns, "probabilities"], output);
        PeerReport.Print("onnx-runtime", workload, output, Stopwatch.GetElapsedTime(started));
    }
}
