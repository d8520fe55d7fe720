using System.Diagnostics;
using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Benchmarks.Scoring;

/// <summary>
/// <c>memory MODEL INPUT [ROUNDS]</c>: how many rows a second are scored when they lie in memory as columns, the label and probability columns made? On one thread
/// and on each processor one; medians over rounds.
/// </summary>
internal static class MemoryFigures
{
    private const int RowsPerBatch = 8192;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var modelPath, var input, .. var rest])
        {
            await Console.Error.WriteLineAsync("memory: expected MODEL INPUT [ROUNDS].");
            return 2;
        }

        var rounds = rest is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 9;
        await using var file = File.OpenRead(modelPath);
        var table = await TableFiles.ReadAsync(input, CancellationToken.None);
        var transform = ModelContainer.ReadModel(file).Bind(table.Schema, appendScores: false);
        var batches = Enumerable.Range(0, (table.RowCount + RowsPerBatch - 1) / RowsPerBatch)
            .Select(batch => table.Slice(batch * RowsPerBatch, Math.Min(RowsPerBatch, table.RowCount - (batch * RowsPerBatch))))
            .ToArray();
        foreach (var threads in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            var seconds = new double[rounds];
            for (var round = -2; round < rounds; round++)
            {
                var started = Stopwatch.GetTimestamp();
                Parallel.ForEach(batches, new ParallelOptions { MaxDegreeOfParallelism = threads }, batch => transform.Apply(batch));
                if (round >= 0)
                {
                    seconds[round] = Stopwatch.GetElapsedTime(started).TotalSeconds;
                }
            }

            Array.Sort(seconds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{threads} threads: {table.RowCount / seconds[rounds / 2] / 1e6:0.00} M rows/s ({table.RowCount / seconds[^1] / 1e6:0.00} to {table.RowCount / seconds[0] / 1e6:0.00})"));
        }

        return 0;
    }
}
