using System.Text.Json;

namespace Auspex.Experiments.Models;

/// <summary>A model that writes itself into a container of <see cref="ContainerFormat.LearnersVersion"/>.</summary>
internal interface IStoredModel
{
    /// <summary>The form's stable name in files.</summary>
    string Form { get; }

    /// <summary>Writes members of the header, and sections.</summary>
    void Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections);
}

/// <summary>The forms of such models, there to read them back.</summary>
internal static class StoredForms
{
    /// <summary>Reads a model; null where no form has this name.</summary>
    /// <exception cref="FormatException">The parts do not fit each other or the description; other exceptions of reading pass.</exception>
    public static TrainedModel? Read(string form, ModelDescription description, JsonElement json, Container container) => form switch
    {
        ForestModel.FormName => ForestModel.Read(description, container),
        OneVsAllModel.FormName when description.Task == ModelTask.Multiclass => OneVsAllModel.Read(description, container),
        OrdinalModel.FormName when description.Task == ModelTask.Ordinal => OrdinalModel.Read(description, container),
        CentroidModel.FormName when description.Task == ModelTask.Clustering => CentroidModel.Read(description, json, container),
        NetworkModel.FormName => NetworkModel.Read(description, json, container),
        SubspaceModel.FormName when description.Task == ModelTask.Anomaly => SubspaceModel.Read(description, container),
        SupportModel.FormName when description.Task == ModelTask.Anomaly => SupportModel.Read(description, json, container),
        GaussianLinearModel.FormName => GaussianLinearModel.Read(description, json, container),
        JungleModel.FormName => JungleModel.Read(description, container),
        RecommenderModel.FormName when description.Task == ModelTask.Recommendation => RecommenderModel.Read(description, json, container),
        VowpalModel.FormName when description.Task == ModelTask.Regression => VowpalModel.Read(description, json, container),
        LocallyDeepModel.FormName => LocallyDeepModel.Read(description, json, container),
        OnnxRuntimeModel.FormName when description.Task is ModelTask.Binary or ModelTask.Multiclass or ModelTask.Regression =>
            OnnxRuntimeModel.Read(description, container),
        _ => null,
    };
}
