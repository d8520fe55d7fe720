using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Recommendation;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Recommendation;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Train Matchbox Recommender": learns biases and traits of users and items from ratings, and from features where given.</summary>
internal sealed class TrainMatchboxRecommenderModule : IModule
{
    private const string RatingsPort = "Training dataset of user-item-rating triples";
    private const string UsersPort = "Training dataset of user features";
    private const string ItemsPort = "Training dataset of item features";
    private const string ModelPort = "Trained Matchbox recommender";
    private const string Traits = "Number of traits";
    private const string Iterations = "Number of recommendation algorithm iterations";
    private const string Batches = "Number of training batches";

    // Elements that one array can hold: what is believed of every user takes the square of the traits.
    private const long MostElements = 1L << 30;

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Train Matchbox Recommender",
        Category = "Machine Learning/Train",
        Inputs =
        [
            Declare.Dataset(RatingsPort),
            Declare.Dataset(UsersPort, isOptional: true),
            Declare.Dataset(ItemsPort, isOptional: true),
        ],
        Outputs = [new(ModelPort, PortType.ILearner)],
        Parameters = [Declare.Integer(Traits, "10", 0), Declare.Integer(Iterations, "5", 1), Declare.Integer(Batches, "4", 1)],
    };

    public async Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var parameters = context.Parameters;
        var options = new MatchboxOptions(
            parameters.Integer(Traits), parameters.Integer(Iterations), parameters.Integer(Batches), context.Services.Threads);
        if (options.Traits > MatchboxOptions.MostTraits)
        {
            throw new ModuleException(7, $"Parameter '{Traits}' is {options.Traits}; it must be at most {MatchboxOptions.MostTraits}.");
        }

        var table = context.Table(RatingsPort);
        var ratings = RatingTable.ReadComplete(table, RatingsPort);
        var pairs = Beliefs.PairsOf(options.Traits + 1);
        if (pairs * (long)Math.Max(ratings.Users.Count, ratings.Items.Count) > MostElements)
        {
            throw new ModuleException(
                138, $"{ratings.Users.Count} users and {ratings.Items.Count} items with {options.Traits} traits each need more memory than there "
                + $"may be; lower '{Traits}'.");
        }

        var users = Fit(context, UsersPort, ratings.Users, "user");
        var items = Fit(context, ItemsPort, ratings.Items, "item");
        var graph = RatingGraph.Of(ratings.Users.Of, ratings.Items.Of, ratings.Ratings, ratings.Users.Count, ratings.Items.Count);
        var trainer = new MatchboxTrainer(graph, users?.Rows, items?.Rows, options);
        trainer.Run(context.Services.ReportProgress, cancellationToken);
        context.Set(ModelPort, new ModelValue(new RecommenderModel(
            new ModelDescription
            {
                Learner = "Matchbox Recommender",
                Task = ModelTask.Recommendation,
                Label = table.Schema.Fields[2] with { Role = ColumnRole.Label },
                Features = new TableSchema([]),
                Parameters = new Dictionary<string, string>
                {
                    [Traits] = Text(options.Traits),
                    [Iterations] = Text(options.Iterations),
                    [Batches] = Text(options.Batches),
                }.ToImmutableSortedDictionary(StringComparer.Ordinal),
                TrainedRows = table.RowCount,
                TrainingData = await TableFile.HashAsync(table, cancellationToken),
            },
            trainer.Mean,
            ratings.Ratings.Min(),
            ratings.Ratings.Max(),
            Side(table.Schema.Fields[0], ratings.Users, trainer.Users, users, trainer.UserWeights),
            Side(table.Schema.Fields[1], ratings.Items, trainer.Items, items, trainer.ItemWeights),
            graph.ByUser with { Rows = [] })));
    }

    private static (FeatureLayout Layout, SlotScale Scale, FeatureRows Rows)? Fit(
        ModuleContext context, string port, IdGroups ids, string what) =>
        context.Has(port) ? FeatureTable.Fit(context.Table(port), ids.Texts, what) : null;

    private static RecommenderSide Side(
        TableField field,
        IdGroups ids,
        Beliefs beliefs,
        (FeatureLayout Layout, SlotScale Scale, FeatureRows Rows)? features,
        double[]? weights)
    {
        var totals = new double[beliefs.Count * beliefs.Size];
        for (var index = 0; index < beliefs.Count; index++)
        {
            beliefs.Mean(index).CopyTo(totals.AsSpan(index * beliefs.Size));
        }

        var list = new IdList(field.IsCategorical ? ColumnType.String : field.Type, ids.Texts);
        if (features is not { } given)
        {
            return new RecommenderSide(list, beliefs.Size, totals, totals, new TableSchema([]), SlotScale.Plain(0), []);
        }

        double[] own = [.. totals.Select((total, at) => total - beliefs.Priors[at])];
        return new RecommenderSide(list, beliefs.Size, totals, own, new TableSchema(given.Layout.Columns), given.Scale, weights!);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
