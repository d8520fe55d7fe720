using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring.Challengers;

/// <summary>What a node of a graph scored, kept until another graph has scored the same: 12 to 24 bytes per row, and no table.</summary>
/// <param name="Model">Whose scores they are.</param>
/// <param name="Scores">The scores.</param>
/// <param name="Truth">The labels, where the table has them.</param>
/// <param name="Rows">How many.</param>
internal sealed record KeptScores(TrainedModel Model, ModelScores Scores, TrueLabels Truth, int Rows)
{
    /// <param name="name">The model's, for messages.</param>
    /// <param name="model">What scored.</param>
    /// <param name="scored">Its table.</param>
    /// <param name="classes">The classes that codes count: the champion's.</param>
    /// <exception cref="Modules.ModuleException">13: there are no scores that can be compared.</exception>
    public static KeptScores Of(string name, TrainedModel model, TableBatch scored, ImmutableArray<string> classes)
    {
        var reading = ScoreReading.Require(name, model, scored.Schema, classes);
        return new KeptScores(model, ModelScores.Of(reading, scored), TrueLabels.Of(reading, scored), scored.RowCount);
    }
}
