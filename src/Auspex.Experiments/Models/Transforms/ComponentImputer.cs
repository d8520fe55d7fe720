using System.Text.Json;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>
/// Imputation by probabilistic principal components (Tipping and Bishop 1999): a row is a few hidden factors times loadings
/// plus noise; the factors are estimated from the values that are there and give the ones that are not.
/// </summary>
/// <param name="encoding">How rows stand in vectors.</param>
/// <param name="factors">The number of hidden factors.</param>
/// <param name="means">Per dimension.</param>
/// <param name="loadings">Per dimension, a weight for each factor.</param>
/// <param name="noise">The variance of the noise.</param>
internal sealed class ComponentImputer(FeatureEncoding encoding, int factors, double[] means, double[] loadings, double noise)
    : RowImputer(encoding)
{
    public const string MethodName = "components";

    public override string Method => MethodName;

    public override int ScratchLength => (factors * factors) + factors;

    public static ComponentImputer Fit(
        TableBatch table, IReadOnlyList<int> columns, int rounds, CancellationToken cancellationToken)
    {
        var sample = ImputationSample.Take(table, columns);
        var estimate = new ComponentEstimate(sample);
        for (var round = 0; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            estimate.Improve();
        }

        return new ComponentImputer(sample.Encoding, estimate.Factors, estimate.Means, estimate.Loadings, estimate.Noise);
    }

    public override void Fill(Span<double> vector, ReadOnlySpan<bool> isMissing, Span<double> scratch)
    {
        var estimates = scratch[..factors];
        var matrix = scratch.Slice(factors, factors * factors);
        matrix.Clear();
        estimates.Clear();
        for (var slot = 0; slot < isMissing.Length; slot++)
        {
            if (!isMissing[slot])
            {
                var column = Encoding.Columns[slot];
                for (var d = column.First; d < column.First + column.Width; d++)
                {
                    SmallMatrix.AddProduct(matrix, loadings.AsSpan(d * factors, factors), 1);
                    SmallMatrix.AddScaled(estimates, loadings.AsSpan(d * factors, factors), vector[d] - means[d]);
                }
            }
        }

        SmallMatrix.AddToDiagonal(matrix, factors, noise);
        SmallMatrix.Factorize(matrix, factors);
        SmallMatrix.Solve(matrix, factors, estimates);
        for (var slot = 0; slot < isMissing.Length; slot++)
        {
            if (isMissing[slot])
            {
                var column = Encoding.Columns[slot];
                for (var d = column.First; d < column.First + column.Width; d++)
                {
                    vector[d] = means[d] + SmallMatrix.Dot(loadings.AsSpan(d * factors, factors), estimates);
                }

                column.Settle(vector);
            }
        }
    }

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("factors", factors);
        TransformJson.WriteDouble(writer, "noise", noise);
        TransformJson.WriteDoubles(writer, "means", means);
        TransformJson.WriteDoubles(writer, "loadings", loadings);
    }

    public static ComponentImputer Read(FeatureEncoding encoding, JsonElement json)
    {
        var factors = json.GetProperty("factors").GetInt32();
        var means = TransformJson.ReadDoubles(json.GetProperty("means"));
        var loadings = TransformJson.ReadDoubles(json.GetProperty("loadings"));
        var noise = TransformJson.ReadDouble(json.GetProperty("noise"));
        return factors >= 0 && means.Length == encoding.Dimensions && loadings.Length == encoding.Dimensions * factors && noise > 0
            ? new ComponentImputer(encoding, factors, means, loadings, noise)
            : throw new FormatException("The imputer's loadings do not fit its columns.");
    }
}
