using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>Train Model: fits an untrained model on a labelled table.</summary>
internal sealed class TrainModelModule : IModule
{
    private const string LearnerPort = "Untrained model";
    private const string TablePort = "Dataset";
    private const string OutputPort = "Trained model";
    private const string Label = "Label column";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Train Model",
        Category = "Machine Learning/Train",
        FamilyId = "5cc7053eaa30450d96c0dae4be720977",
        Inputs = [new(LearnerPort, PortType.ILearner), Declare.Dataset(TablePort)],
        Outputs = [new(OutputPort, PortType.ILearner)],
        Parameters = [Declare.Columns(Label)],
    };

    public async Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var learner = context.Get<PortValue>(LearnerPort) switch
        {
            LearnerValue { Learner: { Task: not (ModelTask.Anomaly or ModelTask.Clustering) } value } => value,
            LearnerValue { Learner: var unlabelled } => throw new ModuleException(
                13,
                $"Input port '{LearnerPort}' holds {unlabelled.Name}, which learns without a label; train it with "
                + $"{(unlabelled.Task == ModelTask.Anomaly ? "Train Anomaly Detection Model" : "Train Clustering Model")}."),
            ModelValue value => throw new ModuleException(
                13,
                $"Input port '{LearnerPort}' holds a model that {value.Model.Learner} has trained already; "
                + "connect the learner itself, or score with the model."),
            var other => throw new ModuleException(3, $"Input port '{LearnerPort}' holds {other.Kind}; expected an untrained model."),
        };
        var table = context.Table(TablePort);
        var label = table.Schema.Fields[context.Parameters.LabelColumn(Label, table.Schema)].Name;
        var options = new TrainingOptions(context.Services.Threads, context.Services.ReportProgress);
        var model = learner.Train(table, label, options, cancellationToken);
        context.Set(OutputPort, new ModelValue(model.WithTrainingData(table, await TableFile.HashAsync(table, cancellationToken))));
    }
}
