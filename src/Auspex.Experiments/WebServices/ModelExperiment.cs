using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.WebServices;

/// <summary>The experiment that serves a trained model by itself: its columns in, the same rows with their scores out.</summary>
/// <remarks>For models that no experiment here has trained, such as imported ones: the schema of the input is what the model says of its columns.</remarks>
public static class ModelExperiment
{
    /// <summary>Makes the experiment, and the model and the sample row that it names.</summary>
    /// <param name="model">Any model that Score Model takes.</param>
    /// <param name="name">The experiment's name, and the model's.</param>
    public static (ExperimentDefinition Experiment, ConvertedAsset[] Assets) Create(TrainedModel model, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var (sample, scorer, trained) = (
            new AssetReference(AssetKind.Dataset, $"{name} [sample row]"), "score", new AssetReference(AssetKind.TrainedModel, name));
        var experiment = new ExperimentDefinition
        {
            Name = name,
            Description = $"Scores rows with the model '{name}' ({model.Learner}).",
            Nodes =
            [
                new ExperimentNode { Id = "rows", Module = "", Asset = sample, Parameters = [] },
                new ExperimentNode { Id = "model", Module = "", Asset = trained, Parameters = [] },
                new ExperimentNode
                {
                    Id = scorer,
                    Module = "Score Model",
                    Inputs = [new ExperimentEdge("Trained model", "model", null), new ExperimentEdge("Dataset", "rows", null)],
                    Parameters = [],
                },
            ],
            WebServiceInputs = [new ExperimentPort("input1", "rows", null)],
            WebServiceOutputs = [new ExperimentPort("output1", scorer, null)],
            Source = [],
        };
        return (
            ExperimentWriter.WithSource(experiment),
            [new ConvertedAsset(sample, new TableValue(SampleRow(model)), "rows"), new ConvertedAsset(trained, new ModelValue(model), "model")]);
    }

    // Text is text: which levels the model knows is its own business, and what it does with others too.
    private static TableBatch SampleRow(TrainedModel model)
    {
        var fields = model.Features.Fields;
        var row = new TableBatchBuilder(new TableSchema([.. fields.Select(field => new TableField { Name = field.Name, Type = field.Type })]), 1);
        row.AppendRow([.. Enumerable.Range(0, fields.Length).Select(column => Example(fields[column], model.Description.Profile?.Features[column]))]);
        return row.Build();
    }

    private static object? Example(TableField field, ColumnProfile? profile) => field.Type switch
    {
        ColumnType.Boolean => true,
        ColumnType.Int32 => (int)(profile?.Minimum ?? 0),
        ColumnType.Int64 => (long)(profile?.Minimum ?? 0),
        ColumnType.Double => profile?.Minimum ?? 0.0,
        ColumnType.String => field.Categories?.Levels.FirstOrDefault() ?? "",
        _ => null,
    };
}
