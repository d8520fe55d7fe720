using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>Has ONNX Runtime score rows, some thousand at a time.</summary>
/// <param name="session">The graph.</param>
/// <param name="features">Its columns.</param>
/// <param name="outputs">How many numbers of a row are taken, the last ones: of two classes the second.</param>
internal sealed class OnnxRuntimeScorer(Lazy<OnnxSession> session, BoundFeature[] features, int outputs) : IScorer
{
    private const int MostRows = 4096;
    private const int MostNumbers = 1 << 20;

    public int Outputs => outputs;

    public void Score(TableBatch batch, double[][] scores)
    {
        if (batch.RowCount == 0)
        {
            return;
        }

        var opened = session.Value;
        var most = opened.Plan.IsRowByRow ? 1 : Math.Clamp(MostNumbers / features.Length, 1, Math.Min(MostRows, batch.RowCount));
        var inputs = new OnnxInputRows(opened.Plan, most);
        for (var start = 0; start < batch.RowCount; start += most)
        {
            var (first, rows) = (start, Math.Min(most, batch.RowCount - start));
            inputs.Fill(features, batch, first, rows);
            opened.Run(inputs, rows, (values, width) => Take(values, width, rows, first, inputs.IsIncomplete, scores));
        }
    }

    private void Take(ReadOnlySpan<double> values, int width, int rows, int first, bool[] isIncomplete, double[][] scores)
    {
        if (width != outputs && !(outputs == 1 && width == 2))
        {
            throw new ModelRunException($"The graph gives {width} numbers a row; its description says {outputs}. The file was altered; import the model again.");
        }

        for (var row = 0; row < rows; row++)
        {
            for (var output = 0; output < outputs; output++)
            {
                scores[output][first + row] = isIncomplete[row] ? double.NaN : values[(row * width) + width - outputs + output];
            }
        }
    }
}
