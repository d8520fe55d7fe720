using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Splitting;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Split Data": divides rows into two tables, by fraction, for recommenders, by a regular expression or by a
/// comparison. Rows keep their order within each output; a stratified split puts them out stratum by stratum.
/// </summary>
internal sealed class SplitDataModule : IModule
{
    private const string Mode = "Splitting mode";
    private const string Fraction = "Fraction of rows in the first output dataset";
    private const string Randomized = "Randomized split";
    private const string Seed = "Random seed";
    private const string Stratified = "Stratified split";
    private const string StratumColumn = "Stratification key column";
    private const string TrainingOnlyUsers = "Fraction of training-only users";
    private const string TestUserRatings = "Fraction of test user ratings for training";
    private const string ColdUsers = "Fraction of cold users";
    private const string ColdItems = "Fraction of cold items";
    private const string IgnoredUsers = "Fraction of ignored users";
    private const string IgnoredItems = "Fraction of ignored items";
    private const string RemoveColdItems = "Remove occasionally produced cold items";
    private const string RecommenderSeed = "Random seed for Recommender";
    private const string Pattern = "Regular expression";
    private const string Relation = "Relational expression";

    private const string SplitRows = "Split Rows";
    private const string Recommender = "Recommender Split";
    private const string ByPattern = "Regular Expression";
    private const string ByRelation = "Relative Expression";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Split Data",
        Category = "Data Transformation/Sample and Split",
        FamilyId = "70530644c97a4ab685f788bf30a8be5f",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset1"), Declare.Dataset("Results dataset2")],
        Parameters =
        [
            Declare.Choice(Mode, SplitRows, [SplitRows, Recommender, ByPattern, ByRelation]),
            Declare.Float(Fraction, "0.5", 0, 1, Declare.When(Mode, SplitRows)),
            Declare.Boolean(Randomized, true, when: Declare.When(Mode, SplitRows)),
            Declare.Integer(Seed, "0", when: Declare.When(Mode, SplitRows)),
            Declare.Choice(Stratified, "False", ["True", "False"], when: Declare.When(Mode, SplitRows)),
            Declare.Columns(StratumColumn, when: Declare.When(Stratified, "True")),
            Declare.Float(TrainingOnlyUsers, "0.5", 0, 1, Declare.When(Mode, Recommender)),
            Declare.Float(TestUserRatings, "0.25", 0, 1, Declare.When(Mode, Recommender)),
            Declare.Float(ColdUsers, "0", 0, 1, Declare.When(Mode, Recommender)),
            Declare.Float(ColdItems, "0", 0, 1, Declare.When(Mode, Recommender)),
            Declare.Float(IgnoredUsers, "0", 0, 1, Declare.When(Mode, Recommender)),
            Declare.Float(IgnoredItems, "0", 0, 1, Declare.When(Mode, Recommender)),
            Declare.Boolean(RemoveColdItems, false, when: Declare.When(Mode, Recommender)),
            Declare.Integer(RecommenderSeed, "0", when: Declare.When(Mode, Recommender)),
            Declare.Text(Pattern, "\\\"column name\" ^start", when: Declare.When(Mode, ByPattern)),
            Declare.Text(Relation, "\\\"column name\" > 3", when: Declare.When(Mode, ByRelation)),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var parameters = context.Parameters;
        var (first, second) = parameters.Choice(Mode) switch
        {
            SplitRows => SplitByFraction(table, context),
            Recommender => SplitForRecommender(table, context),
            ByPattern => Divide(PatternCondition.Parse(parameters.Required(Pattern), table.Schema).Test(table, cancellationToken)),
            _ => Divide(RelationCondition.Parse(parameters.Required(Relation), table.Schema).Test(table)),
        };
        cancellationToken.ThrowIfCancellationRequested();
        context.Set("Results dataset1", table.Take(first));
        context.Set("Results dataset2", table.Take(second));
        return Task.CompletedTask;
    }

    private static (int[] First, int[] Second) SplitByFraction(TableBatch table, ModuleContext context)
    {
        var parameters = context.Parameters;
        var fraction = parameters.Float(Fraction);
        var random = parameters.Boolean(Randomized) ? Random(Seed, context) : null;
        int? stratum = parameters.Choice(Stratified) == "True" ? parameters.SingleColumn(StratumColumn, table.Schema) : null;
        RequireRows(table, 1, SplitRows);
        return FractionSplit.Split(table, fraction, random, stratum);
    }

    private static (int[] First, int[] Second) SplitForRecommender(TableBatch table, ModuleContext context)
    {
        var parameters = context.Parameters;
        var fractions = new RecommenderFractions(
            parameters.Float(TrainingOnlyUsers),
            parameters.Float(TestUserRatings),
            parameters.Float(ColdUsers),
            parameters.Float(ColdItems),
            parameters.Float(IgnoredUsers),
            parameters.Float(IgnoredItems));
        RequireSum(TrainingOnlyUsers, ColdUsers, IgnoredUsers);
        RequireSum(ColdItems, IgnoredItems);
        RequireRows(table, 1, Recommender);
        return RecommenderSplit.Split(
            table, fractions, parameters.Boolean(RemoveColdItems), Random(RecommenderSeed, context));

        void RequireSum(params string[] names)
        {
            var sum = names.Sum(parameters.Float);
            if (sum > 1)
            {
                throw new ModuleException(
                    8, FormattableString.Invariant($"{string.Join(", ", names.Select(name => $"'{name}'"))} add up to {sum}; together they must be at most 1."));
            }
        }
    }

    private static SeededRandom Random(string parameter, ModuleContext context)
    {
        var random = SeededRandom.Create(context.Parameters.OptionalInteger(parameter) ?? 0, context.Services.Clock);
        context.Note(FormattableString.Invariant($"Random seed {random.Seed}."));
        return random;
    }

    private static void RequireRows(TableBatch table, int rows, string mode)
    {
        if (table.RowCount < rows)
        {
            throw new ModuleException(21, $"The dataset has {table.RowCount} rows; '{mode}' needs at least {rows}.");
        }
    }

    private static (int[] First, int[] Second) Divide(bool[] isFirst)
    {
        var first = new int[isFirst.Count(value => value)];
        var second = new int[isFirst.Length - first.Length];
        var (a, b) = (0, 0);
        for (var row = 0; row < isFirst.Length; row++)
        {
            if (isFirst[row])
            {
                first[a++] = row;
            }
            else
            {
                second[b++] = row;
            }
        }

        return (first, second);
    }
}
