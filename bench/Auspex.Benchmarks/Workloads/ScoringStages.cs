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
        await using (var header = await DelimitedBlockReader.OpenAsync(File.OpenRead(input), options, CancellationToken.None))
        {
            options = options with { Schema = BatchScorer.ReadingSchema(model, header.FileColumns) };
        }

        var rows = 0L;
        var read = await BestAsync(() => ReadAsync(input));
        var cut = await BestAsync(() => WalkAsync(input, options, (_, _) => { }));
        var parsed = await BestAsync(() => ParseAsync(model, input, options));
        var written = await BestAsync(async () => rows = await ScoreAsync(model, input, options, Stream.Null));
        var output = input + ".scored";
        var filed = await BestAsync(async () =>
        {
            await using var target = new FileStream(output, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            await ScoreAsync(model, input, options, target);
        });
        File.Delete(output);

        void Show(string stage, TimeSpan until, TimeSpan before) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{stage,-8} {(until - before).TotalNanoseconds / rows,8:0} ns/row"));
        Show("read", read, TimeSpan.Zero);
        Show("cut", cut, read);
        Show("parse", parsed, cut);
        Show("score", written, parsed);
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

    // Blocks of whole records, one after the other.
    private static async Task WalkAsync(
        string input, DelimitedTextOptions options, Action<RecordBlock, System.Collections.Immutable.ImmutableArray<string>> use)
    {
        await using var reader = await DelimitedBlockReader.OpenAsync(File.OpenRead(input), options, CancellationToken.None);
        var block = new RecordBlock();
        while (await reader.ReadAsync(block, TextScorer.DefaultBlockBytes, CancellationToken.None))
        {
            use(block, reader.FileColumns);
        }
    }

    private static Task ParseAsync(TrainedModel model, string input, DelimitedTextOptions options)
    {
        var reads = model.Bind(options.Schema!, appendScores: true).Flow.Reads;
        BlockParser? parser = null;
        return WalkAsync(
            input,
            options,
            (block, columns) => (parser ??= new BlockParser(options, columns, reads, [new FieldRun(0, columns.Length - 1)])).Parse(block));
    }

    private static async Task<long> ScoreAsync(TrainedModel model, string input, DelimitedTextOptions options, Stream target)
    {
        await using var reader = await DelimitedBlockReader.OpenAsync(File.OpenRead(input), options, CancellationToken.None);
        var plan = TextScoringPlan.Compile(
            model.Bind(options.Schema!, appendScores: true), options, reader.FileColumns, DelimitedTextWriterOptions.ForPath("scored.csv"));
        await target.WriteAsync(plan.Header());
        var end = await new TextScorer(plan, 1, null).RunAsync(
            reader, default, (text, _, token) => target.WriteAsync(text, token), CancellationToken.None);
        return end.Rows;
    }
}
