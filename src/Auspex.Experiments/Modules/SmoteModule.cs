using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Keys;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "SMOTE" (Chawla et al. 2002): appends made-up rows of the rarer class, each between a row and one of its nearest
/// neighbours. Numbers lie between the two, other values come from either. Distances are of scaled numbers, and 1 for other values
/// that differ.
/// </summary>
internal sealed class SmoteModule : IModule
{
    private const string Label = "Label column";
    private const string Percentage = "SMOTE percentage";
    private const string Neighbours = "Number of nearest neighbors";
    private const string Seed = "Random seed";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "SMOTE",
        Category = "Data Transformation/Manipulation",
        FamilyId = "9f3fe1c4520e49aca1522e104169912a",
        Inputs = [Declare.Dataset("Samples")],
        Outputs = [Declare.Dataset("Table")],
        Parameters =
        [
            Declare.Columns(Label, "Label"),
            Declare.Integer(Percentage, "100", 0),
            Declare.Integer(Neighbours, "1", 1),
            Declare.Integer(Seed, "0"),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Samples");
        var parameters = context.Parameters;
        var label = parameters.LabelColumn(Label, table.Schema);
        var percentage = parameters.Integer(Percentage);
        var neighbours = parameters.Integer(Neighbours);
        var random = context.Random(Seed);
        var minority = Minority(table, label);
        var made = new List<TableBatch> { table };
        var copies = percentage / 100;
        if (percentage % 100 != 0)
        {
            throw new ModuleException(8, $"'{Percentage}' is {percentage}; it must be a multiple of 100, such as 100 or 200.");
        }

        if (copies > 0)
        {
            if (minority.Length < 2)
            {
                throw new ModuleException(21, $"The rarer class of column '{table.Schema.Fields[label].Name}' has one row; at least two are needed to make others between them.");
            }

            made.Add(Make(table, minority, Nearest(table, label, minority, Math.Min(neighbours, minority.Length - 1), context.Services.Threads, cancellationToken), copies, random));
        }

        context.Set("Table", TableBatches.Concatenate(made));
        return Task.CompletedTask;
    }

    private static int[] Minority(TableBatch table, int label)
    {
        var column = table.Columns[label];
        var groups = new RowGroups(table, label).Of;
        var byClass = Enumerable.Range(0, table.RowCount).Where(row => !column.IsNull(row)).GroupBy(row => groups[row]).ToList();
        var name = table.Schema.Fields[label].Name;
        return byClass.Count switch
        {
            0 => throw new ModuleException(21, $"No row has a value in label column '{name}'; rows of two classes are needed."),
            1 => throw new ModuleException(54, $"Label column '{name}' has one distinct value; SMOTE needs two."),
            > 2 => throw new ModuleException(54, $"Label column '{name}' has {byClass.Count} distinct values; SMOTE needs exactly two."),
            _ => [.. byClass.MinBy(rows => rows.Count())!],
        };
    }

    private static int[][] Nearest(TableBatch table, int label, int[] rows, int count, int threads, CancellationToken cancellationToken)
    {
        var points = new double[rows.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            points[i] = new double[table.Columns.Length];
        }

        var isNumber = new bool[table.Columns.Length];
        for (var column = 0; column < table.Columns.Length; column++)
        {
            if (column == label)
            {
                continue;
            }

            var field = table.Schema.Fields[column];
            isNumber[column] = field.IsNumeric && !field.IsCategorical;
            var values = isNumber[column]
                ? Scaled(table.Columns[column], rows)
                : [.. new RowGroups(table, column).Of.Select(group => (double)group)];
            for (var i = 0; i < rows.Length; i++)
            {
                points[i][column] = values[rows[i]];
            }
        }

        var nearest = new int[rows.Length][];
        Parallel.For(
            0,
            rows.Length,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellationToken },
            i =>
            {
                var distances = new double[rows.Length];
                int[] others = [.. Enumerable.Range(0, rows.Length)];
                for (var j = 0; j < rows.Length; j++)
                {
                    distances[j] = j == i ? double.PositiveInfinity : Distance(points[i], points[j], isNumber);
                }

                Array.Sort(distances, others);
                nearest[i] = [.. others.Take(count).Select(other => rows[other])];
            });
        return nearest;
    }

    private static double[] Scaled(Column column, int[] rows)
    {
        var values = NumericValues.Of(column).ToArray();
        double[] present = [.. rows.Where(row => !column.IsNull(row) && double.IsFinite(values[row])).Select(row => values[row])];
        var (least, width) = present.Length == 0 ? (0, 1) : (present.Min(), present.Max() - present.Min());
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = column.IsNull(row) || !double.IsFinite(values[row]) ? 0 : (values[row] - least) / (width > 0 ? width : 1);
        }

        return values;
    }

    private static double Distance(double[] one, double[] other, bool[] isNumber)
    {
        var sum = 0.0;
        for (var i = 0; i < one.Length; i++)
        {
            var difference = one[i] - other[i];
            sum += isNumber[i] ? difference * difference : difference != 0 ? 1 : 0;
        }

        return sum;
    }

    private static TableBatch Make(TableBatch table, int[] rows, int[][] nearest, int copies, SeededRandom random)
    {
        var count = rows.Length * copies;
        var (from, to, part, picks) = (new int[count], new int[count], new double[count], new int[count]);
        for (var copy = 0; copy < copies; copy++)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                var at = (copy * rows.Length) + i;
                from[at] = rows[i];
                to[at] = nearest[i][random.Next(nearest[i].Length)];
                part[at] = random.NextDouble();
                picks[at] = random.Next(2) == 0 ? from[at] : to[at];
            }
        }

        return new TableBatch(table.Schema, [.. table.Schema.Fields.Zip(table.Columns, Between)], count);

        Column Between(TableField field, Column column)
        {
            if (!field.IsNumeric || field.IsCategorical || field.Role == ColumnRole.Label)
            {
                return column.Take(picks);
            }

            var values = NumericValues.Of(column);
            var made = new double[count];
            ulong[]? validity = null;
            for (var i = 0; i < count; i++)
            {
                if (column.IsNull(from[i]) || column.IsNull(to[i]))
                {
                    validity ??= Column.AllValid(count);
                    validity[i >> 6] &= ~(1UL << (i & 63));
                }

                made[i] = values[from[i]] + (part[i] * (values[to[i]] - values[from[i]]));
            }

            return column is DoubleColumn
                ? new DoubleColumn(made, count, validity)
                : new Int64Column([.. made.Select(ColumnStatistics.ToInt64)], count, validity);
        }
    }
}
