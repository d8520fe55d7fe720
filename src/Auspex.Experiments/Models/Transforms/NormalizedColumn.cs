using System.Numerics.Tensors;
using Auspex.Connectors.Tables;
using MathNet.Numerics;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>A numeric column rescaled. Where the divisor is 0 every value becomes the constant, NaN excepted.</summary>
internal sealed class NormalizedColumn(
    int index,
    NormalizationMethod method,
    double offset,
    double divisor,
    double constant) : ColumnFunction
{
    private static readonly double RootOfTwo = Math.Sqrt(2);

    public override IEnumerable<int> Inputs => [index];

    public override Column Apply(TableBatch batch)
    {
        var column = batch.Columns[index];
        var source = NumericValues.Of(column);
        var result = new double[column.Length];
        switch (method)
        {
            case NormalizationMethod.Logistic:
                for (var i = 0; i < result.Length; i++)
                {
                    result[i] = 1 / (1 + Math.Exp(-source[i]));
                }

                break;
            case NormalizationMethod.Tanh:
                for (var i = 0; i < result.Length; i++)
                {
                    result[i] = Math.Tanh(source[i]);
                }

                break;
            case var _ when divisor == 0:
                for (var i = 0; i < result.Length; i++)
                {
                    result[i] = double.IsNaN(source[i]) ? double.NaN : constant;
                }

                break;
            case NormalizationMethod.LogNormal:
                for (var i = 0; i < result.Length; i++)
                {
                    result[i] = LogNormal(source[i]);
                }

                break;
            default:
                TensorPrimitives.Subtract(source, offset, result);
                TensorPrimitives.Divide<double>(result, divisor, result);
                break;
        }

        return new DoubleColumn(result, column.Length, column.Validity);
    }

    private double LogNormal(double value) =>
        double.IsNaN(value) ? double.NaN
        : value <= 0 ? 0
        : 0.5 * SpecialFunctions.Erfc(-(Math.Log(value) - offset) / (divisor * RootOfTwo));
}
