using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training;
using Auspex.Experiments.Training.Trees;
using Xunit;
using RowGradients = Auspex.Experiments.Training.Trees.Gradients;

namespace Auspex.Tests.Experiments.Training.Trees;

/// <summary>Sums and divisions of a leaf's rows, held against plain ones.</summary>
public sealed class LeafTests
{
    [Theory]
    [InlineData(1, 1, 3000)]
    [InlineData(2, 1, 3000)]
    [InlineData(5, 3, 40_000)]
    [InlineData(28, 2, 9000)]
    [InlineData(30, 4, 20_000)]
    [InlineData(70, 3, 3000)]
    public void Sum_OfSomeRows_EqualsTheSumOfEach(int numbers, int threads, int rows)
    {
        var columns = Columns(numbers, rows, withLevels: numbers % 2 == 0);
        var (gradients, words) = Gradients(rows);
        var leaf = words.Where(word => RowGradients.Row(word) % 3 != 0).ToArray();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        var histograms = new LeafHistograms(columns, rows, gradients.CountBits, parallel);
        var histogram = histograms.Rent();
        Array.Fill(histogram, 77);

        var parts = histograms.Sum(leaf, histogram);

        for (var column = 0; column < columns.Length; column++)
        {
            histograms.Join(histogram, parts, column);
            var expected = new long[columns[column].BinCount];
            foreach (var word in leaf)
            {
                var row = RowGradients.Row(word);
                expected[columns[column].Bytes?[row] ?? columns[column].Words![row]] += RowGradients.Summand(word, gradients.CountBits);
            }

            Assert.Equal(expected, histograms.Of(histogram, column));
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public void Divide_InEitherWay_KeepsTheOrderOfBothHalves(int column, bool onTwoThreads)
    {
        var columns = Columns(1, 5001, withLevels: true);
        var (_, words) = Gradients(5001);
        var split = new Split(column, 3, MissingRight: true, 1, 0);
        var goesRight = RowPartition.Directions(columns[column], split);
        var lefts = words.Where(word => !Right(word)).ToArray();
        var target = new long[words.Length];

        LeafPartition.Divide(columns[column], split, words, target, lefts.Length, onTwoThreads ? new ParallelOptions() : null);

        Assert.InRange(lefts.Length, 1, words.Length - 1);
        Assert.Equal([.. lefts, .. words.Where(Right)], target);

        bool Right(long word) =>
            goesRight[columns[column].Bytes?[RowGradients.Row(word)] ?? columns[column].Words![RowGradients.Row(word)]] == 1;
    }

    // Numbers of many, few and missing values; levels too many for a byte.
    private static BinnedColumn[] Columns(int numbers, int rows, bool withLevels)
    {
        var random = new Random(numbers);
        var table = Tables.Of(
            [
                .. Enumerable.Range(0, numbers).Select(column => Tables.Number($"x{column}")),
                .. withLevels ? [Tables.Text("code")] : Array.Empty<TableField>(),
                Tables.Truth("y"),
            ],
            rows,
            row =>
            [
                .. Enumerable.Range(0, numbers).Select(column => Number(column)),
                .. withLevels ? [$"code {random.Next(300)}"] : Array.Empty<object?>(),
                row % 2 == 0,
            ]);
        var set = TrainingSet.Create(table, "y", ModelTask.Binary, true, null);
        return [.. Enumerable.Range(0, set.Features.Length).Select(feature => BinnedColumn.Create(set, feature, 255))];

        object? Number(int column) => column % 9 == 4 ? (double)random.Next(3) : random.Next(50) == 0 ? null : random.NextDouble();
    }

    private static (RowGradients Gradients, long[] Words) Gradients(int rows)
    {
        var random = new Random(1);
        var gradients = new RowGradients(rows);
        for (var row = 0; row < rows; row++)
        {
            gradients.First[row] = (random.NextDouble() - 0.5) * 10;
        }

        var words = new long[rows];
        gradients.Begin(5);
        var total = gradients.Fill(0, words);
        Assert.Equal(rows, gradients.Count(total));
        Assert.Equal(gradients.First.Sum(), gradients.FirstOf(total), 1e-3);
        return (gradients, words);
    }
}
