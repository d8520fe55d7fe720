using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using MathNet.Numerics.LinearAlgebra;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>
/// Multivariate imputation by chained equations (van Buuren 2011) with one imputation: every column with missing values is
/// regressed on all others, column after column, round after round, each on what the ones before left. Numbers get a ridge
/// regression, levels one per level, of which the greatest wins. The regressions of every round are kept, so that a row that
/// comes later goes through the same steps as one that was there.
/// </summary>
internal sealed class ChainedImputer(FeatureEncoding encoding, int[] targets, ImmutableArray<double[]> regressions)
    : RowImputer(encoding)
{
    public const string MethodName = "chained";

    // Per row and dimension: enough to keep collinear columns (and the levels of one, which add up to 1) solvable.
    private const double Ridge = 1e-4;

    // A regression on so many takes seconds, and there is one for each column and round.
    private const int MostDimensions = 2_000;

    public override string Method => MethodName;

    private int Stride => Encoding.Dimensions + 1;

    public static ChainedImputer Fit(
        TableBatch table, IReadOnlyList<int> columns, int rounds, CancellationToken cancellationToken)
    {
        var sample = ImputationSample.Take(table, columns);
        int[] targets = [.. Enumerable.Range(0, columns.Count).Where(slot => table.Columns[columns[slot]].CountNulls() > 0)];
        if (targets.Length > 0 && sample.Encoding.Dimensions > MostDimensions)
        {
            throw new ModuleException(
                129,
                $"The columns to clean make {sample.Encoding.Dimensions} numbers a row, levels counted singly; a regression of each on the others is made of "
                + $"at most {MostDimensions}. Select fewer columns, or choose another cleaning mode.");
        }

        var regressions = ImmutableArray.CreateBuilder<double[]>(rounds * targets.Length);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var target in targets)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var regression = Regress(sample, target);
                regressions.Add(regression);
                for (var row = 0; row < sample.Rows; row++)
                {
                    if (sample.Missing(row)[target])
                    {
                        Predict(sample.Encoding.Columns[target], regression, sample.Row(row));
                    }
                }
            }
        }

        return new ChainedImputer(sample.Encoding, targets, regressions.ToImmutable());
    }

    public override void Fill(Span<double> vector, ReadOnlySpan<bool> isMissing, Span<double> scratch)
    {
        for (var step = 0; step < regressions.Length; step++)
        {
            var target = targets[step % targets.Length];
            if (isMissing[target])
            {
                Predict(Encoding.Columns[target], regressions[step], vector);
            }
        }
    }

    public override void Write(Utf8JsonWriter writer)
    {
        TransformJson.WriteDoubles(writer, "targets", [.. targets.Select(target => (double)target)]);
        writer.WriteStartArray("regressions");
        foreach (var regression in regressions)
        {
            writer.WriteStartObject();
            TransformJson.WriteDoubles(writer, "weights", regression);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static ChainedImputer Read(FeatureEncoding encoding, JsonElement json)
    {
        int[] targets = [.. TransformJson.ReadDoubles(json.GetProperty("targets")).Select(target => (int)target)];
        ImmutableArray<double[]> regressions =
        [
            .. json.GetProperty("regressions").EnumerateArray()
                .Select(regression => TransformJson.ReadDoubles(regression.GetProperty("weights"))),
        ];
        var fits = targets.All(target => target >= 0 && target < encoding.Columns.Length)
            && (targets.Length > 0 || regressions.IsEmpty)
            && regressions.Select((weights, step) => weights.Length
                == encoding.Columns[targets[step % targets.Length]].Width * (encoding.Dimensions + 1)).All(fit => fit);
        return fits
            ? new ChainedImputer(encoding, targets, regressions)
            : throw new FormatException("The imputer's regressions do not fit its columns.");
    }

    private static void Predict(EncodedColumn target, double[] weights, Span<double> vector)
    {
        // The weights of the target's own dimensions are 0: what stands there does not count.
        var stride = vector.Length + 1;
        Span<double> predicted = stackalloc double[target.Width];
        for (var i = 0; i < predicted.Length; i++)
        {
            var own = weights.AsSpan(i * stride, stride);
            predicted[i] = TensorPrimitives.Dot(own[..^1], vector) + own[^1];
        }

        predicted.CopyTo(vector[target.First..]);
        target.Settle(vector);
    }

    // The matrix of all products of the dimensions and a constant 1 over the rows where the target is known. It holds the
    // normal equations of any of the dimensions on the others.
    private static Matrix<double> Products(ImputationSample sample, int target)
    {
        var size = sample.Encoding.Dimensions + 1;
        var products = new double[size * size];
        var extended = new double[size];
        extended[^1] = 1;
        for (var row = 0; row < sample.Rows; row++)
        {
            if (sample.Missing(row)[target])
            {
                continue;
            }

            sample.Row(row).CopyTo(extended);
            for (var i = 0; i < size; i++)
            {
                if (extended[i] != 0)
                {
                    var products1 = products.AsSpan((i * size) + i, size - i);
                    TensorPrimitives.MultiplyAdd(extended.AsSpan(i), extended[i], products1, products1);
                }
            }
        }

        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < i; j++)
            {
                products[(i * size) + j] = products[(j * size) + i];
            }
        }

        return Matrix<double>.Build.Dense(size, size, products);
    }

    private static double[] Regress(ImputationSample sample, int target)
    {
        var column = sample.Encoding.Columns[target];
        var products = Products(sample, target);
        var size = products.RowCount;
        int[] others = [.. Enumerable.Range(0, size).Where(i => i < column.First || i >= column.First + column.Width)];
        var normal = Matrix<double>.Build.Dense(others.Length, others.Length, (i, j) => products[others[i], others[j]]);
        var right = Matrix<double>.Build.Dense(others.Length, column.Width, (i, j) => products[others[i], column.First + j]);
        var ridge = Ridge * Math.Max(1, products[size - 1, size - 1]);
        for (var i = 0; i < others.Length; i++)
        {
            normal[i, i] += ridge;
        }

        var solved = normal.Cholesky().Solve(right);
        var weights = new double[column.Width * size];
        for (var level = 0; level < column.Width; level++)
        {
            for (var i = 0; i < others.Length; i++)
            {
                weights[(level * size) + others[i]] = solved[i, level];
            }
        }

        return weights;
    }
}
