using System.Text.Json;
using Auspex.Experiments.Models.Import;
using Auspex.Experiments.Models.Import.Onnx;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>A graph that ONNX Runtime scores: the file as it was, and how our columns and scores stand to its inputs and outputs.</summary>
internal sealed class OnnxRuntimeModel : TrainedModel, IStoredModel
{
    internal const string FormName = "onnxRuntime";

    private readonly byte[] _file;
    private readonly Lazy<OnnxSession> _session;

    /// <param name="description">Two or more classes, or a number.</param>
    /// <param name="file">The ONNX file.</param>
    /// <param name="plan">What of it is fed and taken.</param>
    /// <param name="session">One that is open already; else it is opened at the first score.</param>
    public OnnxRuntimeModel(ModelDescription description, byte[] file, OnnxPlan plan, OnnxSession? session = null)
        : base(description)
    {
        _file = file;
        _session = session is null ? new Lazy<OnnxSession>(() => OnnxSession.Open(file, plan)) : new Lazy<OnnxSession>(session);
    }

    string IStoredModel.Form => FormName;

    void IStoredModel.Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections) => sections["onnx"] = _file;

    /// <exception cref="FormatException">The graph does not fit the description.</exception>
    internal static OnnxRuntimeModel Read(ModelDescription description, Container container)
    {
        var file = ModelContainer.Array<byte>(container, "onnx");
        try
        {
            var (graph, _, _) = OnnxGraph.Read(file);
            return new OnnxRuntimeModel(description, file, OnnxPlan.Read(graph, file, description.Features.Fields.Length));
        }
        catch (ModelImportException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    internal override IScorer CreateScorer(BoundFeature[] features) =>
        new OnnxRuntimeScorer(_session, features, Task == ModelTask.Multiclass ? Description.Classes.Length : 1);
}
