using System.Diagnostics;
using System.Globalization;
using Auspex.Library;

namespace Auspex.Benchmarks.Scoring;

/// <summary>
/// <c>row MODEL INPUT [ROUNDS]</c>: how long does one row take in one's own process? Rows of INPUT, one after the other and never the same twice in a row;
/// medians over rounds of a thousand calls, and the slowest round.
/// </summary>
internal static class RowFigures
{
    private const int RowsPerRound = 1000;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var modelPath, var input, .. var rest])
        {
            await Console.Error.WriteLineAsync("row: expected MODEL INPUT [ROUNDS].");
            return 2;
        }

        var rounds = rest is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 2000;
        var model = Model.Load(modelPath);
        var table = await Table.ReadAsync(input);
        var count = Math.Min(table.RowCount, RowsPerRound);
        var scorer = model.CreateRowScorer();
        if (model.Inputs.All(column => column.Levels is null))
        {
            var columns = model.Inputs.Select(column => table.Numbers(column.Name)).ToArray();
            var rows = Enumerable.Range(0, count).Select(row => columns.Select(column => column[row]).ToArray()).ToArray();
            Measure("numbers", rounds, count, row => scorer.Score(rows[row]).Score);
            Measure("set, score", rounds, count, row =>
            {
                for (var i = 0; i < rows[row].Length; i++)
                {
                    scorer.Set(i, rows[row][i]);
                }

                return scorer.Score().Score;
            });
        }

        var names = Enumerable.Range(0, count)
            .Select(row => model.Inputs.ToDictionary(column => column.Name, column => table.Value(row, column.Name)))
            .ToArray();
        Measure("dictionary", rounds, count, row => scorer.Score(names[row]).Score);
        return 0;
    }

    private static void Measure(string name, int rounds, int count, Func<int, double> score)
    {
        var sum = 0.0;
        for (var round = 0; round < 200; round++)
        {
            for (var row = 0; row < count; row++)
            {
                sum += score(row);
            }
        }

        var times = new double[rounds];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var row = 0; row < count; row++)
            {
                sum += score(row);
            }

            times[round] = Stopwatch.GetElapsedTime(started).TotalNanoseconds / count;
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)((long)rounds * count);
        Array.Sort(times);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-11} p50 {times[rounds / 2],7:0} ns/row   p99 {times[rounds * 99 / 100],7:0}   slowest {times[^1],7:0}   {bytes:0.#} bytes/row   (sum {sum:G6})"));
    }
}
