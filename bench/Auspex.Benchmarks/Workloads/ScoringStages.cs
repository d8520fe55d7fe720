using System.Globalization;
using Auspex.Connectors.Formats;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;

namespace Auspex.Benchmarks.Workloads;

/// <summary>
/// <c>stages MODEL INPUT</c>: where do the nanoseconds of a row go in <c>auspex score</c>, on one thread? Each stage is the
/// difference between two passes over INPUT of which the later does one thing more; best of three, in processor time, which
/// other programs' load moves least.
/// </summary>
internal static class ScoringStages
{
    private const int Rounds = 3;
    private const int ChunkBytes = 1 << 20;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var modelPath, var input])
        {
            await Console.Error.WriteLineAsync("stages: expected MODEL INPUT.");
            return 2;
        }

        await using var file = File.OpenRead(modelPath);
        var model = ModelContainer.ReadModel(file);
        var options = DelimitedTextOptions.ForPath(input) with { Name = input, MissingMarkers = ["?"] };
        await using (var header = await DelimitedTextReader.OpenAsync(
            File.OpenRead(input), options with { InferenceRows = 0 }, CancellationToken.None))
        {
            options = options with { Schema = BatchScorer.ReadingSchema(model, header.FileColumns) };
        }

        var rows = 0L;
        var read = await BestAsync(() => ReadAsync(input));
        var split = await BestAsync(async () => rows = await SplitAsync(input));
        var parsed = await BestAsync(() => ParseAsync(input, options));
        var scored = await BestAsync(() => ScoreAsync(model, input, options));
        var written = await BestAsync(() => WriteAsync(model, input, options, Stream.Null));
        var output = input + ".scored";
        var filed = await BestAsync(async () =>
        {
            await using var target = new FileStream(output, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            await WriteAsync(model, input, options, target);
        });
        File.Delete(output);

        void Show(string stage, TimeSpan until, TimeSpan before) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{stage,-8} {(until - before).TotalNanoseconds / rows,8:0} ns/row"));
        Show("read", read, TimeSpan.Zero);
        Show("split", split, read);
        Show("parse", parsed, split);
        Show("score", scored, parsed);
        Show("format", written, scored);
        Show("write", filed, written);
        Show("all", filed, TimeSpan.Zero);
        return 0;
    }

    private static async Task<TimeSpan> BestAsync(Func<Task> pass)
    {
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            await pass();
            var elapsed = Environment.CpuUsage.TotalTime - before;
            best = elapsed < best ? elapsed : best;
        }

        return best;
    }

    private static async Task ReadAsync(string input)
    {
        var chunk = new byte[ChunkBytes];
        await using var source = File.OpenRead(input);
        while (await source.ReadAsync(chunk) > 0)
        {
        }
    }

    private static async Task<long> SplitAsync(string input)
    {
        await using var cursor = new RecordCursor(
            File.OpenRead(input), new Dialect(",", '"', '"'), 0, long.MaxValue, int.MaxValue, input, leaveOpen: false);
        var records = 0L;
        while (true)
        {
            switch (cursor.Next())
            {
                case ScanStatus.Record:
                    records++;
                    break;
                case ScanStatus.NeedMore:
                    await cursor.FillAsync(CancellationToken.None);
                    break;
                default:
                    return records - 1;
            }
        }
    }

    private static async Task ParseAsync(string input, DelimitedTextOptions options)
    {
        await using var reader = await DelimitedTextReader.OpenAsync(File.OpenRead(input), options, CancellationToken.None);
        await foreach (var _ in reader.ReadAsync(CancellationToken.None))
        {
        }
    }

    private static async Task ScoreAsync(TrainedModel model, string input, DelimitedTextOptions options)
    {
        await using var reader = await DelimitedTextReader.OpenAsync(File.OpenRead(input), options, CancellationToken.None);
        var transform = model.Bind(reader.Schema, appendScores: true);
        await foreach (var batch in reader.ReadAsync(CancellationToken.None))
        {
            transform.Apply(batch);
        }
    }

    private static async Task WriteAsync(TrainedModel model, string input, DelimitedTextOptions options, Stream target)
    {
        await using var reader = await DelimitedTextReader.OpenAsync(File.OpenRead(input), options, CancellationToken.None);
        var transform = model.Bind(reader.Schema, appendScores: true);
        await using var writer = new DelimitedTextWriter(
            target, transform.Output, DelimitedTextWriterOptions.ForPath("scored.csv"), leaveOpen: true);
        await foreach (var batch in reader.ReadAsync(CancellationToken.None))
        {
            await writer.WriteAsync(transform.Apply(batch), CancellationToken.None);
        }

        await writer.CompleteAsync(CancellationToken.None);
    }
}
