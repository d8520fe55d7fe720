using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;

namespace Auspex.Tests.Experiments.Models;

/// <summary>Small models made by hand, so that their files never change by themselves.</summary>
internal static class SampleModels
{
    public static TreeModel Trees { get; } = MakeTrees();

    public static LinearModel Linear { get; } = new(
        Description("Linear Regression", ModelTask.Regression, Tables.Number("price")), [1.5, -2, 0.25, 0], 7);

    public static MulticlassLinearModel Multiclass { get; } = new(
        Description("Multiclass Logistic Regression", ModelTask.Multiclass, Tables.Category("grade", "c", "b", "a")) with
        {
            Classes = ["a", "b", "c"],
        },
        [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1]],
        [0, 0.5, -0.5]);

    public static TableBatch Rows { get; } = Tables.Of(
        [Tables.Number("size"), Tables.Text("colour")],
        6,
        row => row switch
        {
            0 => [1.0, "red"],
            1 => [-1.0, "blue"],
            2 => [null, "red"],
            3 => [3.5, null],
            4 => [0.5, "green"],
            _ => [2.0, "blue"],
        });

    private static TreeModel MakeTrees()
    {
        var builder = new TreeEnsembleBuilder();
        builder.Add([new(0, 1.5f, -1, true, 1, ~0), new(1, 0, 1, false, ~1, ~2)], [0.5, -0.25, 0.125]);
        builder.Add([new(1, 0, 2, false, ~1, ~0)], [2, -2]);
        builder.Add([], [0.0625]);
        return new TreeModel(
            Description("Two-Class Boosted Decision Tree", ModelTask.Binary, Tables.Truth("answer")) with
            {
                Classes = ["False", "True"],
                Profile = new TrainingProfile(
                    [new ColumnProfile(8, 3, -1.5, double.PositiveInfinity), new ColumnProfile(8, 0)], new ColumnProfile(8, 0)),
            },
            builder.Build(-0.5),
            new LogisticLink(1, 0));
    }

    private static ModelDescription Description(string learner, ModelTask task, TableField label) => new()
    {
        Learner = learner,
        Task = task,
        Label = label with { Role = ColumnRole.Label },
        Features = new TableSchema([Tables.Number("size"), Tables.Category("colour", "red", "blue")]),
        Parameters = ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal, [KeyValuePair.Create("Learning rate", "0.2"), KeyValuePair.Create("Größe", "\"quoted\"")]),
        TrainedRows = 1234,
        SkippedRows = 5,
        CreatedBy = "Auspex 0.1.0",
    };
}
