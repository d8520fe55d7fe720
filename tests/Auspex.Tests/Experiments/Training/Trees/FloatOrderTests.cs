using Auspex.Experiments.Training.Trees;
using Xunit;

namespace Auspex.Tests.Experiments.Training.Trees;

public sealed class FloatOrderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void Sort_OfAnyNumbers_OrdersThem(int count)
    {
        var random = new Random(9);
        float[] values =
        [
            .. Enumerable.Range(0, count).Select(_ => BitConverter.Int32BitsToSingle((int)random.NextInt64(int.MinValue, int.MaxValue)))
                .Select(value => float.IsNaN(value) ? 1 : value),
            float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, 0, -float.Epsilon, float.MinValue, float.MaxValue,
        ];
        var expected = values.ToArray();
        Array.Sort(expected);

        FloatOrder.Sort(values);

        Assert.Equal(expected, values);
    }
}
