using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring.Drift;

/// <summary>A column of a table as a model knows it: numbers, or levels of the training's. Immutable and thread-safe.</summary>
internal sealed class WatchedColumn
{
    private readonly BoundFeature _feature;

    private WatchedColumn(string name, BoundFeature feature, ImmutableArray<string>? levels)
    {
        Name = name;
        Levels = levels;
        _feature = feature;
    }

    public string Name { get; }

    /// <summary>The levels of training; null for numbers.</summary>
    public ImmutableArray<string>? Levels { get; }

    /// <summary>The column of a feature; null where the table has none of this name or kind.</summary>
    public static WatchedColumn? Find(TableField field, TableSchema table)
    {
        var index = table.IndexOf(field.Name);
        try
        {
            return index < 0 ? null
                : field.Categories is { } domain
                    ? new WatchedColumn(field.Name, LevelFeature.Bind(index, table.Fields[index], field, domain, false), domain.Levels)
                    : new WatchedColumn(field.Name, NumberFeature.Bind(index, table.Fields[index], field), null);
        }
        catch (Modules.ModuleException)
        {
            // Of another kind than at training: what that means, the model says when it is bound.
            return null;
        }
    }

    /// <summary>The column of a scored table that says most of the score.</summary>
    public static WatchedColumn FindScore(ModelDescription model, TableSchema scored)
    {
        var name = model.Task == ModelTask.Binary ? ScoreNames.ScoredProbabilities : ScoreNames.ScoredLabels;
        var index = scored.IndexOf(name);
        var field = scored.Fields[index];
        if (model.Task != ModelTask.Multiclass)
        {
            return new WatchedColumn(name, NumberFeature.Bind(index, field, field), null);
        }

        var domain = new CategoryDomain(model.Classes, false);
        return new WatchedColumn(
            name, LevelFeature.Bind(index, field, field with { Categories = domain }, domain, false), model.Classes);
    }

    /// <summary>Rows from <paramref name="start"/> on as numbers, NaN for a missing one.</summary>
    public void ReadNumbers(TableBatch batch, int start, Span<double> values) => _feature.ReadNumbers(batch, start, values);

    /// <summary>
    /// Rows from <paramref name="start"/> on as codes of levels: <see cref="BoundFeature.MissingCode"/>, <see cref="BoundFeature.UnknownCode"/>.
    /// </summary>
    public void ReadCodes(TableBatch batch, int start, Span<int> codes) => _feature.ReadCodes(batch, start, codes);
}
