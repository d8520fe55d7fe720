using Auspex.Connectors.Tables;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>Ratings by a rule that a recommender can find: biases, a few traits, and noise.</summary>
internal sealed class GeneratedRatings
{
    private readonly double[,] _users;
    private readonly double[,] _items;
    private readonly double[] _userBiases;
    private readonly double[] _itemBiases;
    private readonly Random _random;
    private readonly double _noise;

    /// <param name="users">How many users.</param>
    /// <param name="items">How many items.</param>
    /// <param name="traits">How many traits each has.</param>
    /// <param name="noise">The deviation of the noise.</param>
    /// <param name="groups">Users and items fall into so many groups of like traits, which features tell; 0 for none.</param>
    /// <param name="seed">The seed.</param>
    public GeneratedRatings(int users, int items, int traits, double noise, int groups = 0, int seed = 1)
    {
        _random = new Random(seed);
        _noise = noise;
        (UserGroups, ItemGroups) = (new int[users], new int[items]);
        _users = Traits(users, traits, groups, UserGroups, 1);
        _items = Traits(items, traits, groups, ItemGroups, 1 / Math.Sqrt(traits));
        _userBiases = [.. Enumerable.Range(0, users).Select(_ => 0.4 * Normal())];
        _itemBiases = [.. Enumerable.Range(0, items).Select(_ => 0.5 * Normal())];
    }

    /// <summary>The group of each user.</summary>
    public int[] UserGroups { get; }

    /// <summary>The group of each item.</summary>
    public int[] ItemGroups { get; }

    /// <summary>So many ratings of each user, of items at random, in two tables: rows to learn from, and one in five to test.</summary>
    public (TableBatch Train, TableBatch Test) Split(int each)
    {
        var (train, test) = (new List<object?[]>(), new List<object?[]>());
        for (var user = 0; user < UserGroups.Length; user++)
        {
            int[] items = [.. Enumerable.Range(0, ItemGroups.Length)];
            _random.Shuffle(items);
            for (var i = 0; i < each; i++)
            {
                (i % 5 == 4 ? test : train).Add([$"u{user}", items[i], Rate(user, items[i])]);
            }
        }

        return (Table(train), Table(test));
    }

    /// <summary>A rating: the expected one with noise, rounded to 0 to 10.</summary>
    public int Rate(int user, int item) =>
        (int)Math.Clamp(Math.Round(Expected(user, item) + (_noise * Normal())), 0, 10);

    /// <summary>The rating without noise.</summary>
    public double Expected(int user, int item)
    {
        var sum = 5 + _userBiases[user] + _itemBiases[item];
        for (var trait = 0; trait < _users.GetLength(1); trait++)
        {
            sum += _users[user, trait] * _items[item, trait];
        }

        return sum;
    }

    /// <summary>A row for each user: its id, the name of its group, and a number that says nothing.</summary>
    public TableBatch UserFeatures() => Features(UserGroups, user => $"u{user}", ColumnType.String, "user");

    /// <summary>A row for each item.</summary>
    public TableBatch ItemFeatures() => Features(ItemGroups, item => item, ColumnType.Int32, "item");

    public static TableBatch Table(IEnumerable<object?[]> rows) => ModuleRuns.Batch(
        [
            ModuleRuns.Field("who", ColumnType.String), ModuleRuns.Field("what", ColumnType.Int32), ModuleRuns.Field("stars", ColumnType.Int32),
        ],
        [.. rows]);

    private static TableBatch Features(int[] groups, Func<int, object> id, ColumnType type, string name) => ModuleRuns.Batch(
        [ModuleRuns.Field(name, type), ModuleRuns.Field("group", ColumnType.String), ModuleRuns.Field("age", ColumnType.Double)],
        [.. groups.Select((group, index) => new[] { id(index), $"group {group}", index % 11 == 0 ? null : (object)(index * 37 % 60.0) })]);

    private double[,] Traits(int count, int traits, int groups, int[] groupOf, double scale)
    {
        var centers = new double[Math.Max(1, groups), traits];
        for (var i = 0; i < centers.Length; i++)
        {
            centers[i / traits, i % traits] = groups == 0 ? 0 : Normal();
        }

        var values = new double[count, traits];
        for (var i = 0; i < count; i++)
        {
            groupOf[i] = groups == 0 ? 0 : _random.Next(groups);
            for (var trait = 0; trait < traits; trait++)
            {
                values[i, trait] = scale * (centers[groupOf[i], trait] + ((groups == 0 ? 1 : 0.2) * Normal()));
            }
        }

        return values;
    }

    private double Normal()
    {
        var (one, two) = (1 - _random.NextDouble(), _random.NextDouble());
        return Math.Sqrt(-2 * Math.Log(one)) * Math.Cos(2 * Math.PI * two);
    }
}
