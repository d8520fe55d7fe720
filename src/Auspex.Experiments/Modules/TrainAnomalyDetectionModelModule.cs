using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules;

/// <summary>Train Anomaly Detection Model: learns what rows are like, without a label; one that is marked is left alone.</summary>
internal sealed class TrainAnomalyDetectionModelModule : IModule
{
    private const string LearnerPort = "Untrained model";
    private const string TablePort = "Dataset";
    private const string OutputPort = "Trained model";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Train Anomaly Detection Model",
        Category = "Machine Learning/Train",
        FamilyId = "d6acbacea72d44b99878869115e02458",
        Inputs = [new(LearnerPort, PortType.ILearner), Declare.Dataset(TablePort)],
        Outputs = [new(OutputPort, PortType.ILearner)],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var learner = TrainerInput.Read(
            context, LearnerPort, ModelTask.Anomaly, "an anomaly detector, such as PCA-Based Anomaly Detection");
        var table = context.Table(TablePort);
        var options = new TrainingOptions(context.Services.Threads, context.Services.ReportProgress);
        context.Set(OutputPort, new ModelValue(learner.Train(table, TrainerInput.LabelOf(table), options, cancellationToken)));
        return Task.CompletedTask;
    }
}
