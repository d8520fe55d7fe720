using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules;

/// <summary>Assign Data to Clusters: gives each row its nearest cluster and the distances to all.</summary>
internal sealed class AssignDataToClustersModule : RowwiseModule
{
    private const string ModelPort = "Trained model";
    private const string Append = "Append or Result Only";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Assign Data to Clusters",
        Category = "Machine Learning/Score",
        FamilyId = "20a0683a07f94a08a89b44b3bbaae382",
        Inputs = [new(ModelPort, PortType.ICluster), Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters = [Declare.Boolean(Append, true)],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context)
    {
        var model = context.Get<PortValue>(ModelPort) switch
        {
            ModelValue { Model: { Task: ModelTask.Clustering } clusters } => clusters,
            ModelValue { Model: var other } => throw new ModuleException(
                13, $"Input port '{ModelPort}' holds a model of {other.Learner}, which has no clusters; score it with Score Model."),
            LearnerValue value => throw new ModuleException(
                12, $"Input port '{ModelPort}' holds {value.Learner.Name} untrained; put Train Clustering Model between the two."),
            var other => throw new ModuleException(3, $"Input port '{ModelPort}' holds {other.Kind}; expected a trained clustering model."),
        };
        return model.Bind(input, context.Parameters.Boolean(Append));
    }
}
