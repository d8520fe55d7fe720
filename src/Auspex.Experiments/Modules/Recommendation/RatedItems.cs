using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>Which items a user has rated already.</summary>
internal sealed class RatedItems
{
    private readonly Dictionary<string, HashSet<string>> _byUser = new(StringComparer.Ordinal);
    private readonly RecommenderModel? _model;

    private RatedItems(RecommenderModel? model) => _model = model;

    /// <summary>The items that a user rated; null for none. Thread-safe.</summary>
    public HashSet<string>? Of(string user)
    {
        if (_model is null || _model.Users.Ids.IndexOf(user) is not (>= 0 and var index))
        {
            return _byUser.GetValueOrDefault(user);
        }

        // Of a model with many users a call asks for few.
        var items = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in _model.Rated.OthersOf(index))
        {
            items.Add(_model.Items.Ids[item]);
        }

        return items;
    }

    /// <summary>What training knew.</summary>
    public static RatedItems Of(RecommenderModel model) => new(model);

    /// <summary>Reads a table of users, items and anything more.</summary>
    /// <exception cref="ModuleException">22: fewer than two columns, or more than three. 17: no ids.</exception>
    public static RatedItems Read(TableBatch table, string port)
    {
        if (table.Columns.Length is < 2 or > 3)
        {
            throw new ModuleException(
                22, $"The table at '{port}' has {table.Columns.Length} columns; expected user, item and rating, in this order.");
        }

        var (users, items) = (IdGroups.Read(table, 0, "Users"), IdGroups.Read(table, 1, "Items"));
        var rated = new RatedItems(null);
        for (var row = 0; row < table.RowCount; row++)
        {
            if (users.Of[row] < 0 || items.Of[row] < 0)
            {
                continue;
            }

            var user = users.Texts[users.Of[row]];
            if (!rated._byUser.TryGetValue(user, out var set))
            {
                rated._byUser[user] = set = new HashSet<string>(StringComparer.Ordinal);
            }

            set.Add(items.Texts[items.Of[row]]);
        }

        return rated;
    }
}
