using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Training.Composed;

/// <summary>One-vs-All Multiclass: trains the two-class learner once per class, on "this class or not".</summary>
internal sealed class OneVsAllLearner(string name, ILearner learner) : ILearner
{
    public string Name => name;

    public ModelTask Task => ModelTask.Multiclass;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var labelIndex = table.Schema.IndexOf(labelColumn);
        if (labelIndex < 0)
        {
            throw new ModuleException(1, $"Label column '{labelColumn}' is not in the table; names are case-sensitive.");
        }

        var label = table.Schema.Fields[labelIndex];
        var targets = Targets.Read(table.Columns[labelIndex], label, ModelTask.Multiclass);
        targets.CheckClasses(label, ModelTask.Multiclass);
        var parts = ImmutableArray.CreateBuilder<TrainedModel>(targets.Classes.Length);
        for (var index = 0; index < targets.Classes.Length; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ofClass = ComposedTables.WithLabel(
                table, labelIndex, row => double.IsNaN(targets.Numbers[row]) ? null : targets.Numbers[row] == index);
            parts.Add(learner.Train(ofClass, labelColumn, training with { ReportProgress = null }, cancellationToken));
            training.ReportProgress?.Invoke("Training a model per class", index + 1, targets.Classes.Length);
        }

        var first = parts[0].Description;
        return new OneVsAllModel(
            first with
            {
                Learner = name,
                Task = ModelTask.Multiclass,
                Label = label with { Role = ColumnRole.Label },
                Classes = targets.Classes,
                Parameters = first.Parameters.SetItem("Two-class learner", learner.Name),
                Profile = first.Profile is { } profile ? profile with { Label = targets.Profile } : null,
            },
            parts.MoveToImmutable());
    }
}
