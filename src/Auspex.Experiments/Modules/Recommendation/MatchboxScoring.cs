using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Recommendation;

namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>Who may stand in a list of related users or items.</summary>
/// <param name="IsAll">All that training knew; else those of the dataset.</param>
/// <param name="LeastCommon">Of the dataset's: how many ratings they must have in common with the one that asks.</param>
/// <param name="LeastPool">Of the dataset's: who has fewer to choose from is left out.</param>
internal sealed record PoolRule(bool IsAll, int LeastCommon, int LeastPool);

/// <summary>The four kinds of predictions of a recommender for one dataset.</summary>
internal sealed class MatchboxScoring(
    RecommenderModel model, TableBatch table, TraitSource users, TraitSource items, int threads, CancellationToken cancellationToken)
{
    /// <summary>Rows, users or items that got no prediction.</summary>
    public int LeftOut { get; private set; }

    /// <summary>A rating for each pair; none where an id is missing.</summary>
    public TableBatch PredictRatings()
    {
        RequireColumns(2);
        var (userIds, itemIds) = Pairs();
        var (ofUsers, ofItems) = (users.Of(userIds.Texts, ColumnType.String), items.Of(itemIds.Texts, ColumnType.String));
        var ratings = new DoubleColumnBuilder(table.RowCount);
        for (var row = 0; row < table.RowCount; row++)
        {
            if (userIds.Of[row] < 0 || itemIds.Of[row] < 0)
            {
                ratings.AppendNull();
                LeftOut++;
                continue;
            }

            ratings.Append(InRange(model.Rate(ofUsers.Of(userIds.Of[row]), ofItems.Of(itemIds.Of[row]))));
        }

        return new TableBatch(
            new TableSchema(
            [
                Plain(table.Schema.Fields[0], RecommendationNames.User),
                Plain(table.Schema.Fields[1], RecommendationNames.Item),
                RecommendationNames.Field(RecommendationNames.Rating, ColumnType.Double),
            ]),
            [table.Columns[0], table.Columns[1], ratings.Build()],
            table.RowCount);
    }

    /// <summary>Recommends to each user of the dataset out of the items that it rated there.</summary>
    public TableBatch RecommendRated(int most, int leastPool, bool withRatings)
    {
        RequireColumns(2);
        var (userIds, itemIds) = Pairs();
        var pools = Distinct(userIds, itemIds).ByOwner;
        var ofUsers = users.Of(userIds.Texts, ColumnType.String);
        var candidates = items.Of(itemIds.Texts, IdType(1));
        return Lists(userIds, candidates, most, withRatings, (user, best) =>
        {
            var pool = pools.OthersOf(user);
            foreach (var item in pool)
            {
                best.Offer(model.Rate(ofUsers.Of(user), candidates.Of(item)), item);
            }

            return pool.Length >= leastPool;
        });
    }

    /// <summary>Recommends to each user of the dataset out of all items that training knew, but those that it rated.</summary>
    public TableBatch Recommend(int most, bool withRatings, RatedItems? rated)
    {
        RequireColumns(1);
        var userIds = Ids(0, "Users");
        var ofUsers = users.Of(userIds.Texts, ColumnType.String);
        var candidates = items.All();
        return Lists(userIds, candidates, most, withRatings, (user, best) =>
        {
            var known = rated?.Of(userIds.Texts[user]);
            for (var item = 0; item < candidates.Count; item++)
            {
                if (known?.Contains(candidates.Ids[item]) != true)
                {
                    best.Offer(model.Rate(ofUsers.Of(user), candidates.Of(item)), item);
                }
            }

            return true;
        });
    }

    /// <summary>Finds users whose ratings are predicted to be alike.</summary>
    public TableBatch RelateUsers(PoolRule rule, int most)
    {
        RequireColumns(rule.IsAll ? 1 : 2);
        return Relate(0, RecommendationNames.User, RecommendationNames.RelatedUser, users, items.All(), rule, most);
    }

    /// <summary>Finds items whose ratings are predicted to be alike.</summary>
    public TableBatch RelateItems(PoolRule rule, int most)
    {
        RequireColumns(rule.IsAll ? 1 : 2);
        var column = table.Columns.Length == 1 ? 0 : 1;
        return Relate(column, RecommendationNames.Item, RecommendationNames.RelatedItem, items, users.All(), rule, most);
    }

    private TableBatch Relate(
        int column, string name, string what, TraitSource source, Candidates others, PoolRule rule, int most)
    {
        var ids = Ids(column, column == 0 && name == RecommendationNames.User ? "Users" : "Items");
        var asking = RelatedSpace.Place(source.Of(ids.Texts, IdType(column)), others);
        var candidates = rule.IsAll ? RelatedSpace.Place(source.All(), others) : asking;
        using var common = rule.IsAll ? null : Common(ids, column);
        var lists = RankedLists.Rank(
            ids.Count,
            most,
            (asker, best) =>
            {
                var pool = common?.With(asker, rule.LeastCommon);
                for (var i = 0; i < (pool?.Count ?? candidates.Count); i++)
                {
                    var other = pool is null ? i : pool[i];
                    if (candidates.Ids[other] != ids.Texts[asker])
                    {
                        best.Offer(-RelatedSpace.Square(asking.Of(asker), candidates.Of(other)), other);
                    }
                }

                return pool is null || pool.Count >= rule.LeastPool;
            },
            threads,
            cancellationToken);
        LeftOut += lists.Count(list => list is null);
        return RankedLists.Table(name, ids.Texts, IdType(column), what, candidates, lists, most, null);
    }

    private CommonCounts Common(IdGroups ids, int column)
    {
        var (owners, owned) = Distinct(ids, column == 0 ? Ids(1, "Items") : Ids(0, "Users"));
        return new CommonCounts(owners, owned);
    }

    private TableBatch Lists(IdGroups userIds, Candidates candidates, int most, bool withRatings, Func<int, BestOf, bool> fill)
    {
        var lists = RankedLists.Rank(userIds.Count, most, fill, threads, cancellationToken);
        LeftOut += lists.Count(list => list is null);
        return RankedLists.Table(
            RecommendationNames.User,
            userIds.Texts,
            IdType(0),
            RecommendationNames.Item,
            candidates,
            lists,
            most,
            withRatings ? InRange : null);
    }

    private (IdGroups Users, IdGroups Items) Pairs() => (IdGroups.Read(table, 0, "Users"), IdGroups.Read(table, 1, "Items"));

    private IdGroups Ids(int column, string what)
    {
        var ids = IdGroups.Read(table, column, what);
        LeftOut += ids.CountMissing();
        return ids;
    }

    // A pair that stands there twice counts once.
    private static (RatingIndex ByOwner, RatingIndex ByOther) Distinct(IdGroups owners, IdGroups others)
    {
        var (one, other) = (new List<int>(), new List<int>());
        var seen = new HashSet<(int, int)>();
        for (var row = 0; row < owners.Of.Length; row++)
        {
            if (owners.Of[row] >= 0 && others.Of[row] >= 0 && seen.Add((owners.Of[row], others.Of[row])))
            {
                one.Add(owners.Of[row]);
                other.Add(others.Of[row]);
            }
        }

        int[] first = [.. one];
        int[] second = [.. other];
        return (RatingIndex.Of(first, second, owners.Count), RatingIndex.Of(second, first, others.Count));
    }

    private double InRange(double rating) => Math.Clamp(rating, model.Least, model.Greatest);

    private ColumnType IdType(int column) =>
        table.Schema.Fields[column] is { IsCategorical: false, Type: var type } ? type : ColumnType.String;

    private static TableField Plain(TableField field, string name) => field with { Name = name, Role = ColumnRole.None, Score = null };

    private void RequireColumns(int least)
    {
        if (table.Columns.Length < least || table.Columns.Length > 3)
        {
            var expected = least == 1 ? "users or items alone, or user, item and rating" : "user and item, or user, item and rating";
            throw new ModuleException(
                22, $"The dataset to score has {table.Columns.Length} columns; expected {expected}, in this order. Choose them with Select "
                + "Columns in Dataset.");
        }
    }
}
