using System.Diagnostics;
using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>Tables that nobody means to have: what each module makes of them is defined, and kept in a reviewed file.</summary>
public sealed class HostileTablesTests
{
    // They look at each pair of columns, or at each cell of a matrix of columns.
    private static readonly HashSet<string> OfPairs = ["Compute Linear Correlation", "Fisher Linear Discriminant Analysis"];

    [Fact]
    public void Runs_OfTheCatalogue_AreOfEveryModuleThatTakesATable()
    {
        var taking = ModuleCatalog.CreateDefault().Modules.Select(module => module.Descriptor)
            .Where(descriptor => descriptor.Inputs.Any(port => port.Type == PortType.Dataset)).Select(descriptor => descriptor.Name).ToHashSet();
        var run = HostileRuns.All.Select(run => run.Module).ToHashSet();

        Assert.Empty(taking.Except(run).Except(HostileRuns.Elsewhere.Keys));
        Assert.Empty(run.Intersect(HostileRuns.Elsewhere.Keys));
    }

    /// <summary>Accepting a change is moving <c>hostile-tables.received.txt</c> over <c>hostile-tables.txt</c>, in review.</summary>
    [Fact]
    public async Task Outcomes_OfEveryRunOnEveryTable_AreTheReviewedOnes()
    {
        var usual = HostileRuns.Tables().First().Table;
        var text = new StringBuilder();
        for (var run = 0; run < HostileRuns.All.Length; run++)
        {
            var (module, parameters) = HostileRuns.All[run];
            text.Append(module).Append(parameters.Length == 0 ? "" : " [" + string.Join("] [", parameters) + "]").Append('\n');
            foreach (var (what, table) in HostileRuns.Tables())
            {
                text.Append("  ").Append(what).Append(": ").Append(await OutcomeAsync(run, table, usual)).Append('\n');
            }
        }

        var file = Path.Combine(RepositoryRoot.Path, "tests", "baselines", "hostile-tables.txt");
        var reviewed = File.Exists(file) ? File.ReadAllText(file) : "";
        if (text.ToString() != reviewed)
        {
            File.WriteAllText(Path.ChangeExtension(file, ".received.txt"), text.ToString());
        }

        Assert.Equal(reviewed, text.ToString());
    }

    /// <summary>What was fitted on a usual table, saved and loaded, meets each hostile one as it did before it was saved.</summary>
    [Fact]
    public async Task Transforms_FittedSavedAndLoaded_MeetEachTableAsBefore()
    {
        var usual = HostileRuns.Tables().First().Table;
        var transforms = 0;
        for (var run = 0; run < HostileRuns.All.Length; run++)
        {
            var context = HostileRuns.Context(run, usual, usual);
            if ((await OutcomeAsync(run, usual, usual)).StartsWith("error", StringComparison.Ordinal))
            {
                continue;
            }

            await ModuleRuns.Find(HostileRuns.All[run].Module).RunAsync(context, TestContext.Current.CancellationToken);
            foreach (var transform in context.Outputs.Values.OfType<TransformValue>().Select(value => value.Transform))
            {
                transforms++;
                var loaded = ModuleRuns.Reload(transform);
                foreach (var (what, table) in HostileRuns.Tables())
                {
                    var (before, after) = (Applied(transform, table), Applied(loaded, table));
                    Assert.True(before.Failure == after.Failure, $"{HostileRuns.All[run].Module} on {what}: {before.Failure} and {after.Failure}");
                    if (before.Table is not null)
                    {
                        ModuleRuns.AssertSame(before.Table, after.Table!);
                    }
                }
            }
        }

        Assert.True(transforms >= 20, $"Only {transforms} transforms were fitted.");
    }

    public static TheoryData<int, string> RunNumbers
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var (index, run) in HostileRuns.All.Index().DistinctBy(run => run.Item.Module).Where(run => !OfPairs.Contains(run.Item.Module)))
            {
                data.Add(index, run.Module);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(RunNumbers))]
    public async Task Run_OnTenThousandColumns_SucceedsOrSaysThatTheyAreTooMany(int run, string module)
    {
        var usual = HostileRuns.Tables().First().Table;
        var wide = new TableBatch(
            new TableSchema([.. usual.Schema.Fields, .. Enumerable.Range(0, 9_994).Select(i => ModuleRuns.Field($"c{i}", ColumnType.Double))]),
            [.. usual.Columns, .. Enumerable.Range(0, 9_994).Select(i => (Column)new DoubleColumn([.. Enumerable.Range(0, 12).Select(row => (double)(row * i % 17))], 12, null))],
            12);
        var clock = Stopwatch.StartNew();

        try
        {
            var context = HostileRuns.Context(run, wide, usual);
            await ModuleRuns.Find(module).RunAsync(context, TestContext.Current.CancellationToken);
            Assert.Equal(context.Outputs.Count, ModuleRuns.Find(module).Descriptor.Outputs.Length);
        }
        catch (ModuleException failure)
        {
            // Too many of something; or what the usual table meets as well.
            Assert.True(
                failure.Number is 128 or 129 or 138 || await OutcomeAsync(run, usual, usual) == FormattableString.Invariant($"error {failure.Number}"), failure.Report);
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{clock.Elapsed}");
    }

    [Theory]
    [InlineData("Compute Linear Correlation")]
    [InlineData("Fisher Linear Discriminant Analysis")]
    public async Task Run_OnMoreColumnsThanPairsCanBeHeldOf_IsError129(string module)
    {
        var table = new TableBatch(
            new TableSchema([ModuleRuns.Field("text", ColumnType.String), .. Enumerable.Range(0, 10_001).Select(i => ModuleRuns.Field($"c{i}", ColumnType.Double))]),
            [ModuleRuns.Single("text", ColumnType.String, "a", "b").Columns[0], .. Enumerable.Range(0, 10_001).Select(i => (Column)new DoubleColumn([i, 1], 2, null))],
            2);

        await ModuleRuns.FailAsync(129, module, [table], module.StartsWith("Fisher", StringComparison.Ordinal) ? [("Class labels column", "text")] : []);
    }

    private static async Task<string> OutcomeAsync(int run, TableBatch table, TableBatch usual)
    {
        var module = HostileRuns.All[run].Module;
        try
        {
            var context = HostileRuns.Context(run, table, usual);
            await ModuleRuns.Find(module).RunAsync(context, TestContext.Current.CancellationToken);
            Assert.Equal(ModuleRuns.Find(module).Descriptor.Outputs.Length, context.Outputs.Count);
            return string.Join(", ", ModuleRuns.Find(module).Descriptor.Outputs.Select(port => Shape(context.Outputs[port.Name])));
        }
        catch (ModuleException failure)
        {
            Assert.True(failure.Number is > 0 and < 1000, $"{module}: {failure.Message}");
            return string.Create(CultureInfo.InvariantCulture, $"error {failure.Number}");
        }
    }

    // Missing values and values that are no numbers are counted, so that a change in either shows.
    private static string Shape(PortValue value)
    {
        if (value is not TableValue { Table: var table })
        {
            return value.Kind;
        }

        var missing = table.Columns.Sum(column => column.CountNulls());
        var wild = table.Columns.OfType<DoubleColumn>().Sum(column => Enumerable.Range(0, column.Length)
            .Count(row => !column.IsNull(row) && !double.IsFinite(column.Values[row])));
        return string.Create(CultureInfo.InvariantCulture, $"{table.RowCount} x {table.Columns.Length}")
            + (missing > 0 ? string.Create(CultureInfo.InvariantCulture, $", {missing} missing") : "")
            + (wild > 0 ? string.Create(CultureInfo.InvariantCulture, $", {wild} not finite") : "");
    }

    private static (TableBatch? Table, string? Failure) Applied(FittedTransform transform, TableBatch table)
    {
        try
        {
            return (transform.Bind(table.Schema).Apply(table), null);
        }
        catch (ModuleException failure)
        {
            return (null, failure.Report);
        }
    }
}
