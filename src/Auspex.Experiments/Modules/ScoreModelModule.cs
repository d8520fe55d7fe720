using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules;

/// <summary>Score Model: adds a trained model's predictions to a table.</summary>
internal sealed class ScoreModelModule : RowwiseModule
{
    private const string ModelPort = "Trained model";
    private const string ReasonCount = "Reasons per row";
    private const string Append = "Append score columns to output";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Score Model",
        Category = "Machine Learning/Score",
        FamilyId = "401b4f92e7244d5abe81d5b0ff9bdb33",
        Inputs = [new(ModelPort, PortType.ILearner), Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Scored dataset")],
        // The last is ours: Studio's module had none.
        Parameters = [Declare.Boolean(Append, true), Declare.Integer(ReasonCount, "0", 0, TrainedModel.MostReasons)],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context)
    {
        var model = context.Get<PortValue>(ModelPort) switch
        {
            ModelValue { Model: { Task: ModelTask.Clustering } clusters } => throw new ModuleException(
                13, $"Input port '{ModelPort}' holds clusters of {clusters.Learner}; assign rows to them with Assign Data to Clusters."),
            ModelValue value => value.Model,
            LearnerValue value => throw new ModuleException(
                12, $"Input port '{ModelPort}' holds {value.Learner.Name} untrained; put Train Model between the two."),
            var other => throw new ModuleException(3, $"Input port '{ModelPort}' holds {other.Kind}; expected a trained model."),
        };
        return model.WithReasons(context.Parameters.Integer(ReasonCount)).Bind(input, context.Parameters.Boolean(Append));
    }
}
