using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Training.Composed;

/// <summary>
/// Ordinal Regression by reduction (Li and Lin 2007): each row becomes one per rank but the highest, with the question
/// "is the label above this rank?", and the two-class learner answers all of them with one model.
/// </summary>
internal sealed class OrdinalLearner(string name, ILearner learner) : ILearner
{
    // Each rank is a copy of the table.
    private const int MostRanks = 100;

    public string Name => name;

    public ModelTask Task => ModelTask.Ordinal;

    public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions training, CancellationToken cancellationToken)
    {
        var labelIndex = table.Schema.IndexOf(labelColumn);
        if (labelIndex < 0)
        {
            throw new ModuleException(1, $"Label column '{labelColumn}' is not in the table; names are case-sensitive.");
        }

        var label = table.Schema.Fields[labelIndex];
        if (!label.IsNumeric || label.IsCategorical)
        {
            throw new ModuleException(
                23, $"Label column '{labelColumn}' is no column of numbers; {name} needs ranks as numbers, such as 1 to 5, since texts have no order.");
        }

        var targets = Targets.Read(table.Columns[labelIndex], label, ModelTask.Ordinal);
        targets.CheckClasses(label, ModelTask.Multiclass);
        var ranks = targets.Classes.Length;
        if (ranks > MostRanks)
        {
            throw new ModuleException(
                83, $"Label column '{labelColumn}' has {ranks} distinct values; {name} takes up to {MostRanks} ranks. Use a regression learner.");
        }

        var part = learner.Train(Extend(table, labelIndex, targets), labelColumn, training, cancellationToken);
        var description = part.Description;
        var questions = ranks - 1;
        return new OrdinalModel(
            description with
            {
                Learner = name,
                Task = ModelTask.Ordinal,
                Label = label with { Role = ColumnRole.Label },
                Classes = targets.Classes,
                Features = new TableSchema(description.Features.Fields[..^1]),
                Parameters = description.Parameters.SetItem("Two-class learner", learner.Name),
                TrainedRows = description.TrainedRows / questions,
                SkippedRows = description.SkippedRows / questions,
                Profile = description.Profile is { } profile
                    ? new TrainingProfile([.. profile.Features[..^1].Select(feature => Once(feature, questions))], targets.Profile)
                    : null,
            },
            part);
    }

    private static TableBatch Extend(TableBatch table, int labelIndex, Targets targets)
    {
        var questions = targets.Classes.Length - 1;
        var count = checked(table.RowCount * questions);
        var rows = new int[count];
        var codes = new int[count];
        for (var i = 0; i < count; i++)
        {
            (rows[i], codes[i]) = (i % table.RowCount, i / table.RowCount);
        }

        var labelled = ComposedTables.WithLabel(
            table.Take(rows),
            labelIndex,
            row => double.IsNaN(targets.Numbers[rows[row]]) ? null : targets.Numbers[rows[row]] > codes[row]);
        var domain = new CategoryDomain([.. Enumerable.Range(1, questions).Select(rank => rank.ToString(CultureInfo.InvariantCulture))]);
        var question = new TableField { Name = FreeName(table.Schema), Type = ColumnType.String, Categories = domain };
        return new TableBatch(
            new TableSchema(labelled.Schema.Fields.Add(question)),
            labelled.Columns.Add(new CategoryColumn(codes, count, domain, null)),
            count);
    }

    private static string FreeName(TableSchema schema)
    {
        var name = "above rank";
        while (schema.IndexOf(name) >= 0)
        {
            name += " ";
        }

        return name;
    }

    private static ColumnProfile Once(ColumnProfile profile, int questions) =>
        profile with { Rows = profile.Rows / questions, Missing = profile.Missing / questions };
}
