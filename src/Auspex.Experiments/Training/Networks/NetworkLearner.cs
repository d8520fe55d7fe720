using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Training.Linear;

namespace Auspex.Experiments.Training.Networks;

/// <summary>Neural networks of fully connected layers.</summary>
internal sealed class NetworkLearner(
    string name, ModelTask task, NetworkOptions options, bool allowsUnknownLevels, IReadOnlyDictionary<string, string> parameters) : ILearner
{
    // A gigabyte of them.
    private const long MostWeights = 1L << 27;

    public string Name => name;

    public ModelTask Task => task;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var set = TrainingSet.Create(table, labelColumn, task, allowsUnknownLevels, training.ReportProgress)
            .WithoutMissing(task, training.ReportProgress);
        var rows = options.Normalizer switch
        {
            NumberNormalizer.MinMax => LinearRows.MinMax(set),
            NumberNormalizer.Gaussian => LinearRows.Standard(set, center: true),
            NumberNormalizer.Binning => LinearRows.Binned(set),
            _ => LinearRows.Plain(set),
        };
        var outputs = task == ModelTask.Multiclass ? set.Targets.Classes.Length : 1;
        if (options.Outputs is { } wanted && wanted != outputs && !(task == ModelTask.Binary && wanted == 2))
        {
            throw new ModuleException(
                2, $"The network definition has an output layer of {wanted} nodes; label column '{set.Label.Name}' needs {outputs}. Write 'auto'.");
        }

        CheckSize(rows.SlotCount, outputs);
        var targets = set.Targets.Numbers;
        var (mean, deviation) = task == ModelTask.Regression ? Spread(targets) : (0, 1);
        if (task == ModelTask.Regression)
        {
            targets = Array.ConvertAll(targets, target => (target - mean) / deviation);
        }

        var function = task switch
        {
            ModelTask.Binary => NodeFunction.Sigmoid,
            ModelTask.Multiclass => NodeFunction.Softmax,
            _ => NodeFunction.Linear,
        };
        var layers = new NetworkTrainer(options, rows, targets, outputs, function).Train(training.ReportProgress, cancellationToken);
        if (task == ModelTask.Regression)
        {
            // The last layer is linear: it may as well give the label itself.
            layers = layers.SetItem(layers.Length - 1, new NetworkLayer(
                NodeFunction.Linear,
                [.. layers[^1].Weights.Select(weight => weight * deviation)],
                [.. layers[^1].Biases.Select(bias => (bias * deviation) + mean)]));
        }

        if (layers.Any(layer => !layer.Weights.All(double.IsFinite) || !layer.Biases.All(double.IsFinite)))
        {
            throw new ModuleException(
                83, "The network's weights grew beyond all bounds; choose a smaller learning rate, less momentum, or a normalizer.");
        }

        return new NetworkModel(set.Describe(name, task, parameters), rows.Scale, layers);
    }

    private void CheckSize(int slots, int outputs)
    {
        var weights = 0L;
        long inputs = slots;
        foreach (var layer in options.Hidden)
        {
            weights += inputs * layer.Nodes;
            inputs = layer.Nodes;
        }

        if (weights + (inputs * outputs) > MostWeights)
        {
            throw new ModuleException(
                138, $"The network would have {weights + (inputs * outputs)} weights for {slots} inputs; it may have {MostWeights}. "
                + "Use fewer hidden nodes, or columns with fewer levels.");
        }
    }

    // Steps of one size suit labels of about one size.
    private static (double Mean, double Deviation) Spread(double[] targets)
    {
        var mean = targets.Average();
        var deviation = Math.Sqrt(targets.Sum(target => (target - mean) * (target - mean)) / targets.Length);
        return (mean, deviation > 0 ? deviation : 1);
    }
}
