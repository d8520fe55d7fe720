using Auspex.Connectors.Tables;
using Auspex.Experiments.Training;

namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>A scored table read as lists: who asks, and what stands at each place.</summary>
internal sealed class ScoredLists
{
    private readonly IdGroups _askers;
    private readonly LabelTexts[] _places;

    private ScoredLists(IdGroups askers, LabelTexts[] places) => (_askers, _places) = (askers, places);

    public int Count => _askers.Of.Length;

    /// <summary>Places of each list.</summary>
    public int Length => _places.Length;

    /// <param name="scored">The table.</param>
    /// <param name="askers">"Users" or "Items", for messages.</param>
    /// <param name="what">The name of the columns of places, without number.</param>
    public static ScoredLists Read(TableBatch scored, string askers, string what)
    {
        var places = new List<LabelTexts>();
        for (var place = 1; scored.Schema.IndexOf(RecommendationNames.At(what, place)) is >= 0 and var index; place++)
        {
            places.Add(new LabelTexts(scored.Columns[index]));
        }

        return new ScoredLists(IdGroups.Read(scored, 0, askers), [.. places]);
    }

    /// <summary>Who asks; null where it is missing.</summary>
    public string? Asker(int row) => _askers.Of[row] < 0 ? null : _askers.Texts[_askers.Of[row]];

    /// <summary>What stands at each place; null where there is nothing.</summary>
    public IEnumerable<string?> Places(int row) => _places.Select(place => place.Text(row));
}
