using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>What trainers of models without a label take.</summary>
internal static class TrainerInput
{
    /// <summary>The learner at a port.</summary>
    /// <exception cref="ModuleException">Error 13: it is for another task, or trained already.</exception>
    public static ILearner Read(ModuleContext context, string port, ModelTask task, string expected) => context.Get<PortValue>(port) switch
    {
        LearnerValue { Learner: var learner } when learner.Task == task => learner,
        LearnerValue { Learner: var learner } => throw new ModuleException(
            13, $"Input port '{port}' holds {learner.Name}; expected {expected}."),
        ModelValue { Model: var model } => throw new ModuleException(
            13, $"Input port '{port}' holds a model that {model.Learner} has trained already; connect the learner itself."),
        var other => throw new ModuleException(3, $"Input port '{port}' holds {other.Kind}; expected an untrained model."),
    };

    /// <summary>The name of the label column; empty where there is none.</summary>
    /// <exception cref="ModuleException">Error 37: there are several.</exception>
    public static string LabelOf(TableBatch table)
    {
        string[] labels = [.. table.Schema.Fields.Where(field => field.Role == ColumnRole.Label).Select(field => field.Name)];
        return labels.Length <= 1
            ? labels.FirstOrDefault() ?? ""
            : throw new ModuleException(37, $"The table has {labels.Length} label columns: {ColumnNames.Listed(labels)}; expected one at most. Clear the others with Edit Metadata.");
    }

    /// <summary>The table with the chosen columns as its features. Others stay, hidden from learners; labels are left alone.</summary>
    public static TableBatch Narrow(TableBatch table, IReadOnlyCollection<int> chosen)
    {
        var fields = table.Schema.Fields;
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].Role != ColumnRole.Label)
            {
                fields = fields.SetItem(i, fields[i] with { Role = chosen.Contains(i) ? ColumnRole.Feature : ColumnRole.None });
            }
        }

        return new TableBatch(new TableSchema(fields), table.Columns, table.RowCount);
    }
}
