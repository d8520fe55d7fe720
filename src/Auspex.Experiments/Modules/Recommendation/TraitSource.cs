using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Recommendation;

namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>Bias and traits of users, or of items, whether the model knows them or features tell of them.</summary>
internal sealed class TraitSource
{
    private readonly RecommenderSide _side;
    private readonly string _what;
    private readonly FeatureTable? _table;
    private readonly FeatureRows? _rows;

    /// <param name="side">The model's side.</param>
    /// <param name="features">The table of features; null when none is connected.</param>
    /// <param name="what">"user" or "item".</param>
    /// <exception cref="ModuleException">
    /// 53: the model needs features and there are none. 1, 17: they do not fit the model's. 18, 36: ids are missing or there twice.
    /// </exception>
    public TraitSource(RecommenderSide side, TableBatch? features, string what)
    {
        _side = side;
        _what = what;
        if (!side.HasFeatures)
        {
            return;
        }

        if (features is null)
        {
            throw new ModuleException(
                53, $"The model was trained with {what} features, and none are connected; connect a table of {what} features with the columns "
                + $"{string.Join(", ", side.Layout.Columns.Take(10).Select(column => $"'{column.Name}'"))}.");
        }

        _table = FeatureTable.Read(features, what);
        _rows = FeatureRows.Read(side.Layout, side.Scale, features, [.. Enumerable.Range(0, features.RowCount)]);
    }

    /// <summary>All that training knew.</summary>
    public Candidates All()
    {
        string[] ids = [.. Enumerable.Range(0, _side.Ids.Count).Select(index => _side.Ids[index])];
        return Of(ids, _side.Ids.Type, mayLackFeatures: true);
    }

    /// <summary>Users or items by id. Those that neither training nor features tell of are average ones.</summary>
    /// <exception cref="ModuleException">35: the model needs features, and the table has none of one.</exception>
    public Candidates Of(string[] ids, ColumnType type, bool mayLackFeatures = false)
    {
        var values = new double[ids.Length * _side.Size];
        var without = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            var index = _side.Ids.IndexOf(ids[i]);
            var result = values.AsSpan(i * _side.Size, _side.Size);
            if (_table is { } table && table.RowOf(ids[i]) is >= 0 and var row)
            {
                _side.Of(index, _rows!, row, result);
                continue;
            }

            without += _table is not null && !mayLackFeatures ? 1 : 0;
            if (index >= 0)
            {
                _side.Of(index).CopyTo(result);
            }
        }

        return without == 0 ? new Candidates(ids, type, _side.Size, values) : throw FeatureTable.WithoutFeatures(without, ids.Length, _what);
    }
}
