using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules.Columns;

/// <summary>A column of numbers made value by value from another one, or from two; missing where one of them is.</summary>
internal sealed class NumberFunction(int first, int second, double constant, Func<double, double, double> function) : ColumnFunction
{
    public NumberFunction(int source, Func<double, double> function)
        : this(source, -1, 0, (value, _) => function(value))
    {
    }

    public override IEnumerable<int> Inputs => second < 0 ? [first] : [first, second];

    public override Column Apply(TableBatch batch)
    {
        var (results, validity) = Compute(batch);
        return new DoubleColumn(results, results.Length, validity);
    }

    public (double[] Values, ulong[]? Validity) Compute(TableBatch batch)
    {
        var column = batch.Columns[first];
        var values = NumericValues.Of(column);
        var results = new double[column.Length];
        if (second < 0)
        {
            for (var row = 0; row < results.Length; row++)
            {
                results[row] = function(values[row], constant);
            }

            return (results, column.Validity);
        }

        var other = batch.Columns[second];
        var others = NumericValues.Of(other);
        for (var row = 0; row < results.Length; row++)
        {
            results[row] = function(values[row], others[row]);
        }

        return (results, Both(column.Validity, other.Validity));
    }

    private static ulong[]? Both(ulong[]? one, ulong[]? other) =>
        one is null ? other : other is null ? one : [.. one.Zip(other, (left, right) => left & right)];
}

/// <summary>As <see cref="NumberFunction"/>, but 0 counts as false and all else as true.</summary>
internal sealed class TruthFunction(NumberFunction function) : ColumnFunction
{
    public override IEnumerable<int> Inputs => function.Inputs;

    public override Column Apply(TableBatch batch)
    {
        var (values, validity) = function.Compute(batch);
        return new BooleanColumn([.. values.Select(value => value != 0)], values.Length, validity);
    }
}
