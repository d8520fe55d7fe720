using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>Train Clustering Model: finds clusters in a table and assigns its rows to them.</summary>
internal sealed class TrainClusteringModelModule : IModule
{
    private const string LearnerPort = "Untrained model";
    private const string TablePort = "Dataset";
    private const string ModelPort = "Trained model";
    private const string ResultsPort = "Results dataset";
    private const string Columns = "Column Set";
    private const string Append = "Check for Append or Uncheck for Result Only";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Train Clustering Model",
        Category = "Machine Learning/Train",
        FamilyId = "bb43c744f7fa41d0ae6774ae75da3ffd",
        Inputs = [new(LearnerPort, PortType.ICluster), Declare.Dataset(TablePort)],
        Outputs = [new(ModelPort, PortType.ICluster), Declare.Dataset(ResultsPort)],
        Parameters = [Declare.Columns(Columns), Declare.Boolean(Append, true)],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var learner = TrainerInput.Read(context, LearnerPort, ModelTask.Clustering, "a clustering learner, such as K-Means Clustering");
        var table = context.Table(TablePort);
        var features = TrainerInput.Narrow(table, context.Parameters.Columns(Columns, table.Schema));
        var options = new TrainingOptions(context.Services.Threads, context.Services.ReportProgress);
        var model = learner.Train(features, TrainerInput.LabelOf(table), options, cancellationToken);
        context.Set(ModelPort, new ModelValue(model));
        context.Set(ResultsPort, model.Bind(table.Schema, context.Parameters.Boolean(Append)).Apply(table));
        return Task.CompletedTask;
    }
}
