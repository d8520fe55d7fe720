using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Splitting;
using Auspex.Experiments.Training.Tuning;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Partition and Sample": the first rows, a random sample, folds for cross-validation, or the rows of one fold. Folds
/// stand beside the table, not in it; rows keep their order, except that folds with replacement repeat and omit rows.
/// </summary>
internal sealed class PartitionAndSampleModule : IModule
{
    private const string Mode = "Partition or sample mode";
    private const string Assign = "Assign to Folds";
    private const string Pick = "Pick Fold";
    private const string Sampling = "Sampling";
    private const string Head = "Head";
    private const string Replacement = "Use replacement in the partitioning";
    private const string Randomized = "Randomized split";
    private const string Seed = "Random seed";
    private const string Method = "Specify the partitioner method";
    private const string Evenly = "Partition evenly";
    private const string ByProportion = "Partition with customized proportions";
    private const string FoldCount = "Specify number of folds to split evenly into";
    private const string Stratified = "Stratified split";
    private const string StratumColumn = "Stratification key column";
    private const string Proportions = "List of proportions separated by comma";
    private const string StratifiedByProportion = "Stratified split for customized fold assignment";
    private const string StratumColumnByProportion = "Stratification key column for customized fold assignment";
    private const string Fold = "Specify which fold to be sampled from";
    private const string Complement = "Pick complement of the selected fold";
    private const string Rate = "Rate of sampling";
    private const string SamplingSeed = "Random seed for sampling";
    private const string StratifiedSampling = "Stratified split for sampling";
    private const string SamplingStratum = "Stratification key column for sampling";
    private const string HeadRows = "Number of rows to select";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Partition and Sample",
        Category = "Data Transformation/Sample and Split",
        FamilyId = "a8726e341b3e4515b59a3e4a475654b8",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("oDataset")],
        Parameters =
        [
            Declare.Choice(Mode, Sampling, [Assign, Pick, Sampling, Head]),
            Declare.Boolean(Replacement, false, when: Declare.When(Mode, Assign)),
            Declare.Boolean(Randomized, true, when: Declare.When(Mode, Assign)),
            Declare.Integer(Seed, "0", when: Declare.When(Mode, Assign)),
            Declare.Choice(Method, Evenly, [Evenly, ByProportion], when: Declare.When(Mode, Assign)),
            Declare.Integer(FoldCount, "5", 1, when: Declare.When(Method, Evenly)),
            Declare.Choice(Stratified, "False", ["True", "False"], when: Declare.When(Method, Evenly)),
            Declare.Columns(StratumColumn, when: Declare.When(Stratified, "True")),
            Declare.Text(Proportions, when: Declare.When(Method, ByProportion)),
            Declare.Choice(StratifiedByProportion, "False", ["True", "False"], when: Declare.When(Method, ByProportion)),
            Declare.Columns(StratumColumnByProportion, when: Declare.When(StratifiedByProportion, "True")),
            Declare.Integer(Fold, "1", 1, when: Declare.When(Mode, Pick)),
            Declare.Boolean(Complement, false, when: Declare.When(Mode, Pick)),
            Declare.Float(Rate, "0.01", 0, 1, Declare.When(Mode, Sampling)),
            Declare.Integer(SamplingSeed, "0", when: Declare.When(Mode, Sampling)),
            Declare.Choice(StratifiedSampling, "False", ["True", "False"], when: Declare.When(Mode, Sampling)),
            Declare.Columns(SamplingStratum, when: Declare.When(StratifiedSampling, "True")),
            Declare.Integer(HeadRows, "10", 0, when: Declare.When(Mode, Head)),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var input = context.Get<TableValue>("Dataset");
        context.Set("oDataset", context.Parameters.Choice(Mode) switch
        {
            Assign => AssignFolds(context, input.Table),
            Pick => new TableValue(input.Table.Take(PickFold(context, input))),
            Sampling => new TableValue(input.Table.Take(Sample(context, input.Table))),
            _ => new TableValue(input.Table.Slice(0, Math.Min(context.Parameters.Integer(HeadRows), input.Table.RowCount))),
        });
        return Task.CompletedTask;
    }

    private static TableValue AssignFolds(ModuleContext context, TableBatch table)
    {
        var parameters = context.Parameters;
        var isEven = parameters.Choice(Method) == Evenly;
        var random = parameters.Boolean(Randomized) ? context.Random(Seed) : null;
        var strata = isEven
            ? Strata(parameters, table, Stratified, StratumColumn)
            : Strata(parameters, table, StratifiedByProportion, StratumColumnByProportion);
        double[] shares = isEven
            ? [.. Enumerable.Repeat(1.0 / parameters.Integer(FoldCount), parameters.Integer(FoldCount))]
            : ReadProportions(parameters.Required(Proportions));
        if (table.RowCount < shares.Length)
        {
            throw new ModuleException(21, $"The dataset has {table.RowCount} rows; {shares.Length} folds need at least one each.");
        }

        if (parameters.Boolean(Replacement))
        {
            // Each fold draws anew from all rows, so a row may be in several folds or twice in one.
            random ??= new SeededRandom(1);
            var rows = new List<int>(table.RowCount);
            var of = new List<int>(table.RowCount);
            foreach (var (fold, size) in Sizes(shares, table.RowCount).Index())
            {
                for (var i = 0; i < size; i++)
                {
                    rows.Add(random.Next(table.RowCount));
                    of.Add(fold);
                }
            }

            return new TableValue(table.Take([.. rows])) { Folds = new FoldAssignment([.. of], shares.Length) };
        }

        int[] all = [.. Enumerable.Range(0, table.RowCount)];
        return new TableValue(table)
        {
            Folds = isEven
                ? random is null && strata is null
                    ? InRuns(all, table.RowCount, shares)
                    : Folds.Deal(table.RowCount, all, shares.Length, random, strata)
                : ByShares(all, shares, random, strata),
        };
    }

    private static FoldAssignment ByShares(int[] all, double[] shares, SeededRandom? random, int[]? strata)
    {
        var order = all.ToArray();
        random?.Shuffle<int>(order);
        if (strata is null)
        {
            return InRuns(order, all.Length, shares);
        }

        var of = new int[all.Length];
        foreach (var stratum in order.GroupBy(row => strata[row]))
        {
            int[] rows = [.. stratum];
            var at = 0;
            foreach (var (fold, size) in Sizes(shares, rows.Length).Index())
            {
                for (var i = 0; i < size; i++)
                {
                    of[rows[at++]] = fold;
                }
            }
        }

        return new FoldAssignment([.. of], shares.Length);
    }

    private static FoldAssignment InRuns(int[] order, int rowCount, double[] shares)
    {
        var of = new int[rowCount];
        var at = 0;
        foreach (var (fold, size) in Sizes(shares, rowCount).Index())
        {
            for (var i = 0; i < size; i++)
            {
                of[order[at++]] = fold;
            }
        }

        return new FoldAssignment([.. of], shares.Length);
    }

    // By rounded running sums, so that the sizes add up to the rows.
    private static int[] Sizes(double[] shares, int rows)
    {
        var sizes = new int[shares.Length];
        var (sum, taken) = (0.0, 0);
        for (var i = 0; i < shares.Length; i++)
        {
            sum += shares[i];
            var until = i == shares.Length - 1 ? rows : (int)Math.Round(rows * sum);
            sizes[i] = until - taken;
            taken = until;
        }

        return sizes;
    }

    private static double[] ReadProportions(string text)
    {
        var shares = new List<double>();
        foreach (var part in text.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var share))
            {
                throw new ModuleException(2, $"'{Proportions}' has '{part}'; expected numbers between 0 and 1, separated by commas.");
            }

            if (!(share > 0))
            {
                throw new ModuleException(4, FormattableString.Invariant($"'{Proportions}' has {share}; each proportion must be greater than 0."));
            }

            shares.Add(share);
        }

        var sum = shares.Sum();
        if (shares.Count == 0 || sum > 1 + 1e-9)
        {
            throw new ModuleException(8, FormattableString.Invariant($"'{Proportions}' adds up to {sum}; together the proportions must be between 0 and 1."));
        }

        // What is left over makes a fold of its own.
        if (sum < 1 - 1e-9)
        {
            shares.Add(1 - sum);
        }

        return [.. shares];
    }

    private static int[] PickFold(ModuleContext context, TableValue input)
    {
        if (input.Folds is not { } folds)
        {
            throw new ModuleException(
                3, "The dataset has no folds assigned; put Partition and Sample with 'Assign to Folds' before, and no module that changes rows between.");
        }

        var fold = context.Parameters.Integer(Fold);
        return fold <= folds.Count
            ? folds.Rows(fold - 1, context.Parameters.Boolean(Complement))
            : throw new ModuleException(8, $"'{Fold}' is {fold}; the dataset has folds 1 to {folds.Count}.");
    }

    private static int[] Sample(ModuleContext context, TableBatch table)
    {
        var parameters = context.Parameters;
        int? stratum = parameters.Choice(StratifiedSampling) == "True" ? parameters.SingleColumn(SamplingStratum, table.Schema) : null;
        var (rows, _) = FractionSplit.Split(table, parameters.Float(Rate), context.Random(SamplingSeed), stratum);
        Array.Sort(rows);
        return rows;
    }

    private static int[]? Strata(ModuleParameters parameters, TableBatch table, string choice, string column) =>
        parameters.Choice(choice) == "True" ? Folds.Strata(table, parameters.SingleColumn(column, table.Schema)) : null;
}
