using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Replace Discrete Values": numbers that tell what a discrete value says about other columns. For a discrete other
/// column the probability of each of its levels, for a numeric one mean and standard deviation, given the value.
/// </summary>
internal sealed class ReplaceDiscreteValuesModule : IModule
{
    private const string Discrete = "Discrete columns";
    private const string Replacement = "Replacement columns";
    private const int MostProbabilities = 1_000;

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Replace Discrete Values",
        Category = "Statistical Functions",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Supplemented dataset"), Declare.Transform("Transform function")],
        Parameters = [Declare.Columns(Discrete), Declare.Columns(Replacement)],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var discrete = context.Parameters.Columns(Discrete, table.Schema, errorIfNone: 20);
        var replacement = context.Parameters.Columns(Replacement, table.Schema, errorIfNone: 20);
        if (discrete.Intersect(replacement).FirstOrDefault(-1) is var both and >= 0)
        {
            throw new ModuleException(26, $"Column '{table.Schema.Fields[both].Name}' is selected both as discrete and as replacement column.");
        }

        if (table.RowCount == 0)
        {
            throw new ModuleException(21, "The dataset has no rows; at least one is needed to learn from.");
        }

        var levels = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        var columns = ImmutableArray.CreateBuilder<LookedUpColumn>();
        foreach (var x in discrete)
        {
            var name = table.Schema.Fields[x].Name;
            if (!IsDiscrete(table.Schema.Fields[x]))
            {
                throw new ModuleException(
                    17, $"Column '{name}' is {table.Schema.Fields[x].Type} and not discrete; select text, Boolean, whole-number or categorical columns.");
            }

            var domain = CategoryDomains.Of(table.Columns[x]);
            levels[name] = domain.Levels;
            var codes = new LevelCodes(x, domain).Of(table);
            foreach (var y in replacement)
            {
                cancellationToken.ThrowIfCancellationRequested();
                columns.AddRange(Describe(name, codes, domain.Levels.Length, table, y));
                if (columns.Count > MostProbabilities)
                {
                    throw new ModuleException(
                        128, $"Columns '{name}' and '{table.Schema.Fields[y].Name}' make more than {MostProbabilities} conditional probabilities; group their values first.");
                }
            }
        }

        var transform = new ReplacementTransform(levels.ToImmutable(), columns.ToImmutable());
        context.Set("Supplemented dataset", transform.Bind(table.Schema).Apply(table));
        context.Set("Transform function", new TransformValue(transform));
        return Task.CompletedTask;
    }

    private static IEnumerable<LookedUpColumn> Describe(string x, int[] codes, int levels, TableBatch table, int y)
    {
        var field = table.Schema.Fields[y];
        var column = table.Columns[y];
        var counts = new double[levels];
        if (field.IsNumeric && !field.IsCategorical)
        {
            var values = NumericValues.Of(column).ToArray();
            int[] rows = [.. Enumerable.Range(0, codes.Length).Where(row => codes[row] >= 0 && !column.IsNull(row) && !double.IsNaN(values[row]))];
            var (means, deviations) = (new double[levels], new double[levels]);
            foreach (var row in rows)
            {
                counts[codes[row]]++;
                means[codes[row]] += values[row];
            }

            Divide(means, counts);
            foreach (var row in rows)
            {
                var distance = values[row] - means[codes[row]];
                deviations[codes[row]] += distance * distance;
            }

            Divide(deviations, [.. counts.Select(count => count - 1)]);
            return
            [
                new LookedUpColumn(x, $"Mean({field.Name}|{x})", means),
                new LookedUpColumn(x, $"Std-Dev({field.Name}|{x})", [.. deviations.Select(Math.Sqrt)]),
            ];
        }

        var domain = CategoryDomains.Of(column);
        if (domain.Levels.Length > MostProbabilities)
        {
            throw new ModuleException(
                128, $"Column '{field.Name}' has {domain.Levels.Length} distinct values; at most {MostProbabilities} conditional probabilities are made.");
        }

        var others = new LevelCodes(y, domain).Of(table);
        double[][] probabilities = [.. domain.Levels.Select(_ => new double[levels])];
        for (var row = 0; row < codes.Length; row++)
        {
            if (codes[row] >= 0 && others[row] >= 0)
            {
                counts[codes[row]]++;
                probabilities[others[row]][codes[row]]++;
            }
        }

        foreach (var ofLevel in probabilities)
        {
            Divide(ofLevel, counts);
        }

        return domain.Levels.Select((level, i) => new LookedUpColumn(x, $"P({field.Name}={level}|{x})", probabilities[i]));
    }

    private static void Divide(double[] sums, double[] counts)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = counts[i] > 0 ? sums[i] / counts[i] : double.NaN;
        }
    }

    private static bool IsDiscrete(TableField field) =>
        field.IsCategorical || field.Type is ColumnType.String or ColumnType.Boolean or ColumnType.Int32 or ColumnType.Int64;
}
