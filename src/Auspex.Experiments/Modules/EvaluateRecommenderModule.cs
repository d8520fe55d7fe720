using Auspex.Connectors.Tables;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Modules.Recommendation;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Evaluate Recommender": how far predicted ratings are off, or how well lists are ordered. Which of them, the names of the
/// scored columns tell.
/// </summary>
internal sealed class EvaluateRecommenderModule : IModule
{
    private const string TestPort = "Test dataset";
    private const string ScoredPort = "Scored dataset";
    private const string CommonItems = "Minimum number of items that the query user and the related user must have rated in common";
    private const string CommonUsers = "Minimum number of users that the query item and the related item must have been rated by in common";
    private const int Usual = 2;

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Evaluate Recommender",
        Category = "Machine Learning/Evaluate",
        FamilyId = "9c4d0cb5213e47859cc8d29ce467b9c8",
        Inputs = [Declare.Dataset(TestPort), Declare.Dataset(ScoredPort)],
        Outputs = [Declare.Dataset("Metric")],
        Parameters =
        [
            Declare.Integer(CommonItems, "2", 1) with { IsOptional = true },
            Declare.Integer(CommonUsers, "2", 1) with { IsOptional = true },
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var commonItems = context.Parameters.OptionalInteger(CommonItems) ?? Usual;
        var commonUsers = context.Parameters.OptionalInteger(CommonUsers) ?? Usual;
        var testTable = context.Table(TestPort);
        if (testTable.RowCount == 0)
        {
            throw new ModuleException(3, $"The table at '{TestPort}' has no rows; expected users, items and their ratings.");
        }

        var test = RatingTable.Read(testTable, TestPort);
        var scored = context.Table(ScoredPort);
        var names = scored.Schema.Fields.Select(field => field.Name).ToArray();
        IReadOnlyList<Metric> metrics = names switch
        {
            [RecommendationNames.User, RecommendationNames.Item, RecommendationNames.Rating] => RatingErrors(test, scored, context),
            [RecommendationNames.User, "Item 1", ..] => ListGains.OfItems(test, scored, cancellationToken),
            [RecommendationNames.User, "Related User 1", ..] => ListGains.OfRelated(test, scored, isUsers: true, commonItems, cancellationToken),
            [RecommendationNames.Item, "Related Item 1", ..] => ListGains.OfRelated(test, scored, isUsers: false, commonUsers, cancellationToken),
            _ => throw new ModuleException(
                18, $"The columns of the table at '{ScoredPort}' are none that Score Matchbox Recommender gives: expected User, Item, Rating; "
                + "User, Item 1 and so on; User, Related User 1; or Item, Related Item 1."),
        };
        context.Set("Metric", new TableBatch(
            new TableSchema([.. metrics.Select(metric => new TableField { Name = metric.Name, Type = ColumnType.Double })]),
            [.. metrics.Select(metric => (Column)new DoubleColumn([metric.Value], 1, null))],
            1));
        return Task.CompletedTask;
    }

    private static Metric[] RatingErrors(RatingTable test, TableBatch scored, ModuleContext context)
    {
        var (users, items) = (IdGroups.Read(scored, 0, "Users"), IdGroups.Read(scored, 1, "Items"));
        if (scored.Schema.Fields[2] is { IsCategorical: true } or { IsNumeric: false })
        {
            throw new ModuleException(17, $"Predicted ratings are of type {scored.Schema.Fields[2].Type}; expected numbers.");
        }

        var predicted = Models.Transforms.NumericValues.Of(scored.Columns[2]);
        var ratings = new PairRatings(test);
        var (absolute, square, count) = (0.0, 0.0, 0);
        for (var row = 0; row < scored.RowCount; row++)
        {
            if (users.Of[row] < 0 || items.Of[row] < 0 || scored.Columns[2].IsNull(row)
                || ratings.Of(users.Texts[users.Of[row]], items.Texts[items.Of[row]]) is not { } rating)
            {
                continue;
            }

            var error = predicted[row] - rating;
            absolute += Math.Abs(error);
            square += error * error;
            count++;
        }

        if (count == 0)
        {
            throw new ModuleException(
                18, $"None of the {scored.RowCount} predicted ratings is of a pair that the test dataset has a rating of; score the rows of the "
                + "test dataset.");
        }

        if (count < scored.RowCount)
        {
            context.Note($"{scored.RowCount - count} predicted ratings have none in the test dataset and do not count.");
        }

        return [new("MAE", absolute / count), new("RMSE", Math.Sqrt(square / count))];
    }
}
