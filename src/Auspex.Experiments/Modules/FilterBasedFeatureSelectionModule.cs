using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Statistics;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Filter Based Feature Selection": ranks columns by what they tell about a target, and keeps the target and the best of
/// them, best first. Text columns count for mutual information, chi squared and counts only.
/// </summary>
internal sealed class FilterBasedFeatureSelectionModule : IModule
{
    private const string Method = "Feature scoring method";
    private const string FeaturesOnly = "Operate on feature columns only";
    private const string Target = "Target column";
    private const string Desired = "Number of desired features";
    private const string NonZero = "Minimum number of non-zero elements";

    private static readonly string[] WithTarget = [.. FeatureScores.Methods.Where(method => method != FeatureScores.CountBased)];

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Filter Based Feature Selection",
        Category = "Feature Selection",
        FamilyId = "818b356b045c412baa1294a1d2dad90f",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Filtered dataset"), Declare.Dataset("Features")],
        Parameters =
        [
            Declare.Choice(Method, "Pearson Correlation", FeatureScores.Methods),
            Declare.Boolean(FeaturesOnly, true),
            Declare.Columns(Target, "Label", when: Declare.When(Method, WithTarget)),
            Declare.Integer(Desired, "1", 1, when: Declare.When(Method, WithTarget)),
            Declare.Integer(NonZero, "1", 1, when: Declare.When(Method, FeatureScores.CountBased)),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var parameters = context.Parameters;
        var method = parameters.Choice(Method);
        var isCount = method == FeatureScores.CountBased;
        var target = isCount ? -1 : parameters.SingleColumn(Target, table.Schema);
        if (target >= 0 && table.Schema.Fields[target].Type is ColumnType.DateTime or ColumnType.TimeSpan)
        {
            throw new ModuleException(17, $"Target column '{table.Schema.Fields[target].Name}' is {table.Schema.Fields[target].Type}; expected numbers, Booleans, text or categories.");
        }

        var featuresOnly = parameters.Boolean(FeaturesOnly);
        int[] candidates =
        [
            .. Enumerable.Range(0, table.Columns.Length).Where(index => index != target
                && (!featuresOnly || (table.Schema.Fields[index].Role == ColumnRole.Feature && table.Schema.Fields[index].Score is null))),
        ];
        var scores = new double[candidates.Length];
        Parallel.For(
            0,
            candidates.Length,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, context.Services.Threads), CancellationToken = cancellationToken },
            i => scores[i] = isCount
                ? FeatureScores.Count(table.Columns[candidates[i]])
                : FeatureScores.Of(
                    method, table.Schema.Fields[candidates[i]], table.Columns[candidates[i]], table.Schema.Fields[target], table.Columns[target]));

        int[] ranked = [.. Enumerable.Range(0, candidates.Length).OrderByDescending(i => scores[i])];
        var kept = isCount
            ? ranked.Where(i => scores[i] >= parameters.Integer(NonZero))
            : ranked.Take(parameters.Integer(Desired));
        int[] columns = [.. target < 0 ? [] : new[] { target }, .. kept.Select(i => candidates[i])];
        context.Set("Filtered dataset", new TableBatch(
            new TableSchema([.. columns.Select(index => table.Schema.Fields[index])]), [.. columns.Select(index => table.Columns[index])], table.RowCount));
        context.Set("Features", Table(table, target, candidates, ranked, scores));
        return Task.CompletedTask;
    }

    private static TableBatch Table(TableBatch table, int target, int[] candidates, int[] ranked, double[] scores)
    {
        var fields = ranked.Select(i => Number(table.Schema.Fields[candidates[i]].Name));
        var values = ranked.Select(i => (object?)scores[i]);

        // Studio lists the target first, with the score it has for itself.
        return target < 0
            ? TableBatches.FromRows(new TableSchema([.. fields]), [.. values])
            : TableBatches.FromRows(new TableSchema([Number(table.Schema.Fields[target].Name), .. fields]), [1.0, .. values]);

        static TableField Number(string name) => new() { Name = name, Type = ColumnType.Double };
    }
}
