using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Recommendation;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Score Matchbox Recommender": predicts ratings, recommends items, or finds related users or items.</summary>
internal sealed class ScoreMatchboxRecommenderModule : IModule
{
    private const string ModelPort = "Trained Matchbox recommender";
    private const string TablePort = "Dataset to score";
    private const string UsersPort = "User features";
    private const string ItemsPort = "Item features";
    private const string TrainingPort = "Training Dataset";
    private const string OutputPort = "Scored dataset";

    private const string Kind = "Recommender prediction kind";
    private const string Rating = "Rating Prediction";
    private const string ItemLists = "Item Recommendation";
    private const string Users = "Related Users";
    private const string Items = "Related Items";

    private const string ItemSelection = "Recommended item selection";
    private const string AllItems = "From All Items";
    private const string OnlyRatedItems = "From Rated Items (for model evaluation)";
    private const string UnratedItems = "From Unrated Items (to suggest new items to users)";
    private const string MostItems = "Maximum number of items to recommend to a user";
    private const string LeastItems = "Minimum size of the recommendation pool for each user";
    private const string WithRatings = "Whether to return the predicted ratings of the items along with the labels";

    private const string UserSelection = "Related user selection";
    private const string AllUsers = "From All Users";
    private const string RatingUsers = "From Users That Rated Items (for model evaluation)";
    private const string MostUsers = "Maximum number of related users to find for a user";
    private const string CommonItems = "Minimum number of items that the query user and the related user must have rated in common";
    private const string LeastUsers = "Minimum size of the related user pool for each user";

    private const string RelatedItemSelection = "Related item selection";
    private const string MostRelatedItems = "Maximum number of related items to find for an item";

    // What the twins for related users are by default; Studio's graphs do not tell those for items.
    private const int LeastOfItems = 2;

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Score Matchbox Recommender",
        Category = "Machine Learning/Score",
        Inputs =
        [
            new(ModelPort, PortType.ILearner),
            Declare.Dataset(TablePort),
            Declare.Dataset(UsersPort, isOptional: true),
            Declare.Dataset(ItemsPort, isOptional: true),
            Declare.Dataset(TrainingPort, isOptional: true),
        ],
        Outputs = [Declare.Dataset(OutputPort)],
        Parameters =
        [
            Declare.Choice(Kind, ItemLists, [Rating, ItemLists, Users, Items]),
            Declare.Choice(ItemSelection, OnlyRatedItems, [AllItems, OnlyRatedItems, UnratedItems], when: Declare.When(Kind, ItemLists)),
            Declare.Integer(MostItems, "5", 1, when: Declare.When(Kind, ItemLists)),
            Declare.Integer(LeastItems, "2", 1, when: Declare.When(ItemSelection, OnlyRatedItems)),
            Declare.Boolean(WithRatings, false, when: Declare.When(Kind, ItemLists)),
            Declare.Choice(UserSelection, RatingUsers, [AllUsers, RatingUsers], when: Declare.When(Kind, Users)),
            Declare.Integer(MostUsers, "5", 1, when: Declare.When(Kind, Users)),
            Declare.Integer(CommonItems, "2", 1, when: Declare.When(UserSelection, RatingUsers)),
            Declare.Integer(LeastUsers, "2", 1, when: Declare.When(UserSelection, RatingUsers)),
            Declare.Choice(RelatedItemSelection, OnlyRatedItems, [AllItems, OnlyRatedItems], when: Declare.When(Kind, Items)),
            Declare.Integer(MostRelatedItems, "5", 1, when: Declare.When(Kind, Items)),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var model = Model(context);
        var scoring = new MatchboxScoring(
            model,
            context.Table(TablePort),
            new TraitSource(model.Users, Optional(context, UsersPort), "user"),
            new TraitSource(model.Items, Optional(context, ItemsPort), "item"),
            context.Services.Threads,
            cancellationToken);
        context.Set(OutputPort, context.Parameters.Choice(Kind) switch
        {
            Rating => scoring.PredictRatings(),
            ItemLists => Recommend(scoring, context),
            Users => Relate(scoring, context),
            _ => scoring.RelateItems(
                new PoolRule(
                    context.Parameters.Choice(RelatedItemSelection) == AllItems,
                    LeastOfItems,
                    LeastOfItems),
                context.Parameters.Integer(MostRelatedItems)),
        });
        if (scoring.LeftOut > 0)
        {
            context.Note($"{scoring.LeftOut} rows, users or items were left out: an id was missing, or the pool was too small.");
        }

        return Task.CompletedTask;
    }

    private static TableBatch Recommend(MatchboxScoring scoring, ModuleContext context)
    {
        var parameters = context.Parameters;
        var selection = parameters.Choice(ItemSelection);
        var (most, withRatings) = (parameters.Integer(MostItems), parameters.Boolean(WithRatings));
        return selection == OnlyRatedItems
            ? scoring.RecommendRated(most, parameters.Integer(LeastItems), withRatings)
            : scoring.Recommend(most, withRatings, selection == AllItems ? null : Rated(context));
    }

    private static RatedItems Rated(ModuleContext context) =>
        Optional(context, TrainingPort) is { } table
            ? RatedItems.Read(table, TrainingPort)
            : RatedItems.Of(Model(context));

    private static TableBatch Relate(MatchboxScoring scoring, ModuleContext context)
    {
        var parameters = context.Parameters;
        var isAll = parameters.Choice(UserSelection) == AllUsers;
        return scoring.RelateUsers(
            isAll ? new PoolRule(true, 0, 0) : new PoolRule(false, parameters.Integer(CommonItems), parameters.Integer(LeastUsers)),
            parameters.Integer(MostUsers));
    }

    private static TableBatch? Optional(ModuleContext context, string port) => context.Has(port) ? context.Table(port) : null;

    private static RecommenderModel Model(ModuleContext context) => context.Get<PortValue>(ModelPort) switch
    {
        ModelValue { Model: RecommenderModel recommender } => recommender,
        ModelValue { Model: var other } => throw new ModuleException(
            13, $"Input port '{ModelPort}' holds a model of {other.Learner}, which recommends nothing; score it with Score Model."),
        LearnerValue value => throw new ModuleException(
            12, $"Input port '{ModelPort}' holds {value.Learner.Name} untrained; connect the output of Train Matchbox Recommender."),
        var other => throw new ModuleException(3, $"Input port '{ModelPort}' holds {other.Kind}; expected a trained Matchbox recommender."),
    };
}
