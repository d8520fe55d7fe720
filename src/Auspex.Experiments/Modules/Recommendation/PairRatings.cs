namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>The known ratings of a test table, found by the texts of user and item.</summary>
internal sealed class PairRatings
{
    private readonly Dictionary<string, int> _users;
    private readonly Dictionary<string, int> _items;
    private readonly Dictionary<(int User, int Item), double> _ratings = [];

    public PairRatings(RatingTable table)
    {
        _users = Index(table.Users);
        _items = Index(table.Items);
        for (var row = 0; row < table.Ratings.Length; row++)
        {
            if (table.Users.Of[row] >= 0 && table.Items.Of[row] >= 0 && !double.IsNaN(table.Ratings[row]))
            {
                _ratings.Add((table.Users.Of[row], table.Items.Of[row]), table.Ratings[row]);
            }
        }
    }

    /// <summary>All known ratings, by number of user and item.</summary>
    public IReadOnlyDictionary<(int User, int Item), double> All => _ratings;

    /// <summary>The number of a user; -1 for none that is there.</summary>
    public int UserOf(string user) => _users.GetValueOrDefault(user, -1);

    /// <summary>The number of an item; -1 for none that is there.</summary>
    public int ItemOf(string item) => _items.GetValueOrDefault(item, -1);

    /// <summary>The rating of a pair; null where it is not known.</summary>
    public double? Of(string user, string item) => Of(UserOf(user), ItemOf(item));

    /// <summary>The rating of a pair by numbers; null where it is not known.</summary>
    public double? Of(int user, int item) => _ratings.TryGetValue((user, item), out var rating) ? rating : null;

    private static Dictionary<string, int> Index(IdGroups ids)
    {
        var index = new Dictionary<string, int>(ids.Count, StringComparer.Ordinal);
        for (var i = 0; i < ids.Count; i++)
        {
            index.Add(ids.Texts[i], i);
        }

        return index;
    }
}
