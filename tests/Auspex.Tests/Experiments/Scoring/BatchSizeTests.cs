using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring;

/// <summary>A row's scores have the same bits whatever rows stand beside it.</summary>
public sealed class BatchSizeTests
{
    public static TheoryData<string> Models => ["trees", "deep trees", "linear", "multiclass"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Apply_InBatchesOfAnySize_GivesTheSameBits(string kind)
    {
        const int Levels = 3;
        for (var seed = 1; seed <= 5; seed++)
        {
            var random = new Random(seed);
            TrainedModel model = kind switch
            {
                "trees" => WideModels.Trees(random, 40, 20, Levels),
                "deep trees" => WideModels.Trees(random, 5, 300, Levels),
                "linear" => WideModels.Linear(random, Levels),
                _ => WideModels.Multiclass(random, Levels),
            };
            var rows = WideModels.Rows(random, 1100, Levels, whole: false);
            var transform = model.Bind(rows.Schema, false);
            var expected = Scores(transform.Apply(rows));
            Assert.Contains(expected, bits => BitConverter.Int64BitsToDouble(bits) is > 0 and < 1);
            foreach (var size in new[] { 1, 2, 9, 15, 16, 127, 128, 129, 1024, 1025 })
            {
                var parts = Enumerable.Range(0, (rows.RowCount + size - 1) / size)
                    .Select(part => transform.Apply(rows.Slice(part * size, Math.Min(size, rows.RowCount - (part * size)))));

                Assert.True(expected.SequenceEqual(Scores(TableBatches.Concatenate([.. parts]))), $"seed {seed}, batches of {size}");
            }
        }
    }

    private static long[] Bits(DoubleColumn column) =>
        [.. Enumerable.Range(0, column.Length).Select(row => column.IsNull(row) ? -1 : BitConverter.DoubleToInt64Bits(column.Values[row]))];

    private static long[] Scores(TableBatch scored) => [.. scored.Columns.OfType<DoubleColumn>().SelectMany(Bits)];
}
