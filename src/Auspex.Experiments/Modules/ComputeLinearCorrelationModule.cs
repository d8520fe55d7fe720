using System.Numerics.Tensors;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Compute Linear Correlation": Pearson's correlation of every pair of columns, over the rows that have both. NaN where
/// a column is no number or does not vary.
/// </summary>
internal sealed class ComputeLinearCorrelationModule : IModule
{
    // A matrix of more columns would be of more than 100 million numbers.
    private const int MostColumns = 10_000;

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Compute Linear Correlation",
        Category = "Statistical Functions",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var columns = table.Columns.Length;
        if (columns is 0 or > MostColumns)
        {
            throw columns == 0
                ? new ModuleException(20, "The dataset has no columns; at least one is needed to correlate.")
                : new ModuleException(129, $"The dataset has {columns} columns; correlations are computed of at most {MostColumns}.");
        }

        if (table.RowCount < 2)
        {
            throw new ModuleException(21, $"The dataset has {table.RowCount} rows; at least two are needed to correlate.");
        }

        var matrix = new double[columns][];
        for (var i = 0; i < columns; i++)
        {
            matrix[i] = new double[columns];
        }

        var values = table.Schema.Fields.Select((field, i) => field.IsNumeric && !field.IsCategorical ? Standardized.Of(table.Columns[i]) : null).ToArray();
        Parallel.For(
            0,
            columns,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, context.Services.Threads), CancellationToken = cancellationToken },
            i =>
            {
                for (var j = 0; j <= i; j++)
                {
                    matrix[i][j] = values[i] is { } one && values[j] is { } other ? Correlate(one, other, i == j) : double.NaN;
                }
            });
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < i; j++)
            {
                matrix[j][i] = matrix[i][j];
            }
        }

        context.Set("Results dataset", new TableBatch(
            new TableSchema([.. table.Schema.Fields.Select(field => new TableField { Name = field.Name, Type = ColumnType.Double })]),
            [.. matrix.Select(column => (Column)new DoubleColumn(column, columns, null))],
            columns));
        return Task.CompletedTask;
    }

    private static double Correlate(Standardized one, Standardized other, bool isSame)
    {
        if (!one.HasMissing && !other.HasMissing)
        {
            return one.Length == 0 || other.Length == 0 ? double.NaN
                : isSame ? 1
                : Math.Clamp(TensorPrimitives.Dot<double>(one.Centered, other.Centered) / (one.Length * other.Length), -1, 1);
        }

        // Missing values leave out the row, and so the means are those of what is left.
        int[] rows = [.. Enumerable.Range(0, one.Centered.Length).Where(row => !double.IsNaN(one.Centered[row]) && !double.IsNaN(other.Centered[row]))];
        var (meanOne, meanOther) = (rows.Sum(row => one.Centered[row]) / rows.Length, rows.Sum(row => other.Centered[row]) / rows.Length);
        double product = 0, squaresOne = 0, squaresOther = 0;
        foreach (var row in rows)
        {
            var (x, y) = (one.Centered[row] - meanOne, other.Centered[row] - meanOther);
            product += x * y;
            squaresOne += x * x;
            squaresOther += y * y;
        }

        return rows.Length < 2 || squaresOne == 0 || squaresOther == 0 ? double.NaN
            : isSame ? 1
            : Math.Clamp(product / (Math.Sqrt(squaresOne) * Math.Sqrt(squaresOther)), -1, 1);
    }

    /// <summary>A column less its mean, NaN where it is missing, and the root of its sum of squares; 0 where it does not vary.</summary>
    private sealed record Standardized(double[] Centered, double Length, bool HasMissing)
    {
        public static Standardized Of(Column column)
        {
            var values = NumericValues.Of(column).ToArray();
            var hasMissing = false;
            var (sum, count) = (0.0, 0);
            for (var row = 0; row < values.Length; row++)
            {
                if (column.IsNull(row) || double.IsNaN(values[row]))
                {
                    values[row] = double.NaN;
                    hasMissing = true;
                }
                else
                {
                    sum += values[row];
                    count++;
                }
            }

            var first = Array.Find(values, value => !double.IsNaN(value));
            var isConstant = Array.TrueForAll(values, value => double.IsNaN(value) || value == first);
            var mean = isConstant ? first : sum / count;
            TensorPrimitives.Subtract(values, mean, values);
            return new Standardized(values, hasMissing ? 0 : Math.Sqrt(TensorPrimitives.SumOfSquares<double>(values)), hasMissing);
        }
    }
}
