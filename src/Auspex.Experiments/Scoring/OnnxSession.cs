using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Import.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Auspex.Experiments.Scoring;

/// <summary>A graph that ONNX Runtime has loaded. Runs of several threads do not disturb each other.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string[] _inputs;
    private readonly string[] _outputs;

    private OnnxSession(InferenceSession session, OnnxPlan plan)
    {
        _session = session;
        Plan = plan;
        _inputs = [.. plan.Inputs.Select(input => input.Name)];
        _outputs = [plan.Score];
    }

    /// <summary>Takes numbers of all rows, row by row, and how many a row has.</summary>
    public delegate void TakeScores(ReadOnlySpan<double> scores, int width);

    public OnnxPlan Plan { get; }

    /// <summary>Loads a graph.</summary>
    /// <exception cref="ModelRunException">The runtime does not load it, or is not there.</exception>
    public static OnnxSession Open(byte[] file, OnnxPlan plan)
    {
        try
        {
            var environment = OrtEnv.Instance();
            environment.DisableTelemetryEvents();
            environment.EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
            // One thread a run: rows are spread over processors by whoever scores them.
            using var options = new SessionOptions
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            return new OnnxSession(new InferenceSession(OnnxOneOutput.Write(file, plan), options), plan);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelRunException($"ONNX Runtime does not load the graph: {Said(exception)}", exception);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException)
        {
            throw new ModelRunException(
                "The library of ONNX Runtime for this platform is not beside the program, or cannot be loaded; expected 'onnxruntime'. "
                + "Build or install the program for this platform.",
                exception);
        }
    }

    /// <summary>Runs the graph on the rows that were filled in.</summary>
    /// <exception cref="ModelRunException">The graph fails on them.</exception>
    public void Run(OnnxInputRows inputs, int rows, TakeScores take)
    {
        try
        {
            using var options = new RunOptions();
            var values = inputs.Values(rows);
            try
            {
                using var results = _session.Run(options, _inputs, values, _outputs);
                Take(results[0], rows, take);
            }
            finally
            {
                foreach (var value in values)
                {
                    value.Dispose();
                }
            }
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelRunException($"ONNX Runtime fails on {rows} rows: {Said(exception)}", exception);
        }
    }

    public void Dispose() => _session.Dispose();

    // Without the place in the runtime's own sources that it begins with.
    private static string Said(OnnxRuntimeException exception)
    {
        foreach (var mark in (ReadOnlySpan<string>)[" was false. ", "Status Message: "])
        {
            if (exception.Message.LastIndexOf(mark, StringComparison.Ordinal) is >= 0 and var at && at + mark.Length < exception.Message.Length)
            {
                return MessagePart.Short(exception.Message[(at + mark.Length)..]);
            }
        }

        return MessagePart.Short(exception.Message);
    }

    private void Take(OrtValue result, int rows, TakeScores take)
    {
        var shape = result.GetTensorTypeAndShape();
        var count = shape.ElementCount;
        if (count == 0 || count % rows != 0 || shape.Shape.Length > 2 || (shape.Shape.Length > 0 && shape.Shape[0] != rows))
        {
            throw new ModelRunException(
                $"Output '{MessagePart.Short(Plan.Score)}' has the shape [{string.Join(", ", shape.Shape)}] for {rows} rows; expected [{rows}] or [{rows}, K].");
        }

        var scores = new double[count];
        if (shape.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Double)
        {
            result.GetTensorDataAsSpan<double>().CopyTo(scores);
        }
        else
        {
            System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(result.GetTensorDataAsSpan<float>(), scores);
        }

        take(scores, (int)(count / rows));
    }
}
