using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Cli.Output;
using Auspex.Cli.Workspace;
using Auspex.Connectors.Formats;
using Auspex.Errors;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex score</c>: scores a file with a model, no server.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var model = new Option<FileInfo>("--model") { Required = true, Description = "The model file (.ilearner)." }.AcceptExistingOnly();
        var input = new Option<FileInfo>("--input") { Required = true, Description = $"The rows to score; the name says the format: {TableFiles.Extensions}." }
            .AcceptExistingOnly();
        var output = new Option<string>("--output") { Required = true, Description = "Where the scored rows go, in any of these formats. Rows that cannot be read go beside it, to OUTPUT.rejected.csv (or .tsv)." };
        var threads = new Option<int>("--threads")
        {
            Description = "Batches scored at once, one per processor unless given.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var json = SharedOptions.Json();
        var command = new Command("score", "Score a file with a model.") { model, input, output, threads, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(threads) is not (>= 1 and <= 1024))
            {
                await Console.Error.WriteLineAsync($"auspex: --threads {parsed.GetValue(threads)}: expected 1 to 1024.");
                return ExitCodes.BadDefinition;
            }

            if (!TableFiles.IsWritable(parsed.GetRequiredValue(output)))
            {
                await Console.Error.WriteLineAsync(
                    $"auspex: --output {parsed.GetRequiredValue(output)}: scored rows are written as {TableFiles.Extensions}; name such a file.");
                return ExitCodes.BadDefinition;
            }

            var progress = new ProgressLine(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
            try
            {
                var score = await ScoreAsync(
                    parsed.GetRequiredValue(model).FullName,
                    parsed.GetRequiredValue(input).FullName,
                    parsed.GetRequiredValue(output),
                    parsed.GetValue(threads),
                    progress,
                    cancellationToken);
                progress.Clear();
                Show(score, parsed.GetRequiredValue(output), parsed.GetValue(json));
                return ExitCodes.Success;
            }
            finally
            {
                progress.Clear();
            }
        });
        return command;
    }

    private static async Task<FileScore> ScoreAsync(
        string modelPath,
        string inputPath,
        string outputPath,
        int threads,
        ProgressLine progress,
        CancellationToken cancellationToken)
    {
        TrainedModel model;
        await using (var file = File.OpenRead(modelPath))
        {
            model = ModelContainer.ReadModel(file);
        }

        var started = TimeProvider.System.GetTimestamp();
        if (TableFileScoring.Takes(inputPath, outputPath))
        {
            return await ScoreTableAsync(
                new TableFileScoring(model, inputPath, outputPath, threads), inputPath, outputPath, progress, started, cancellationToken);
        }

        var length = new FileInfo(inputPath).Length;
        var options = DelimitedTextOptions.ForPath(inputPath) with { Name = inputPath, MissingMarkers = ["?"] };
        await using var reader = await DelimitedBlockReader.OpenAsync(File.OpenRead(inputPath), options, cancellationToken);
        options = options with { Schema = BatchScorer.ReadingSchema(model, reader.FileColumns) };
        await using var rejected = new RejectedRows(
            $"{outputPath}.rejected{Path.GetExtension(inputPath)}", options, reader.FileColumns);
        var plan = TextScoringPlan.Compile(
            model.Bind(options.Schema, appendScores: true),
            options,
            reader.FileColumns,
            DelimitedTextWriterOptions.ForPath(outputPath));

        await using var target = new ReplacedFile(outputPath);
        await target.Stream.WriteAsync(plan.Header(), cancellationToken);
        var end = await new TextScorer(plan, threads, rejected.Take).RunAsync(
            reader,
            default,
            async (text, after, token) =>
            {
                await target.Stream.WriteAsync(text, token);
                progress.Report("scoring", after.Scored, Math.Max(after.Scored, (long)((double)after.Rows * length / after.InputOffset)));
            },
            cancellationToken);
        if (rejected.Count > 0 && end.Scored == 0)
        {
            throw new TableFormatException(
                ErrorCode.RaggedRow,
                $"{inputPath}: none of its {Counted.Of(rejected.Count, "row")} can be read. The first: {rejected.FirstProblem}");
        }

        target.Commit();
        rejected.Commit();
        return new FileScore(new BatchScore(end.Scored, TimeProvider.System.GetElapsedTime(started)), rejected);
    }

    private static async Task<FileScore> ScoreTableAsync(
        TableFileScoring scoring,
        string inputPath,
        string outputPath,
        ProgressLine progress,
        long started,
        CancellationToken cancellationToken)
    {
        IEnumerable<string> columns = [];
        var extension = scoring.RecordText.Delimiter == "\t" ? ".tsv" : ".csv";
        await using var rejected = new RejectedRows($"{outputPath}.rejected{extension}", scoring.RecordText, Columns());
        await using var target = new ReplacedFile(outputPath);
        var rows = await scoring.RunAsync(
            target.Stream,
            found =>
            {
                columns = found;
                return rejected.Take;
            },
            (done, total) => progress.Report("scoring", done, total),
            cancellationToken);
        if (rejected.Count > 0 && rows == 0)
        {
            throw new TableFormatException(
                ErrorCode.WrongCellType,
                $"{inputPath}: none of its {Counted.Of(rejected.Count, "row")} can be read. The first: {rejected.FirstProblem}");
        }

        target.Commit();
        rejected.Commit();
        return new FileScore(new BatchScore(rows, TimeProvider.System.GetElapsedTime(started)), rejected);

        // Known once the input is open, and asked for with the first row that cannot be read.
        IEnumerable<string> Columns()
        {
            foreach (var column in columns)
            {
                yield return column;
            }
        }
    }

    private static void Show(FileScore result, string path, bool json)
    {
        var (score, rejected) = result;
        if (rejected.Count > 0)
        {
            Console.Error.WriteLine(
                $"auspex: {Counted.Of(rejected.Count, "row")} of the input cannot be read and {(rejected.Count == 1 ? "is" : "are")} kept in {rejected.Path}. The first: {rejected.FirstProblem}");
        }

        if (json)
        {
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(new JsonObject
            {
                ["rows"] = score.Rows,
                ["seconds"] = Math.Round(score.Elapsed.TotalSeconds, 3),
                ["rowsPerSecond"] = Math.Round(score.RowsPerSecond),
                ["rejected"] = rejected.Count,
                ["peakMemoryBytes"] = process.PeakWorkingSet64,
            }.ToJsonString());
            return;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Of(score.Rows, "row")} in {score.Elapsed.TotalSeconds:0.00} s ({score.RowsPerSecond:N0} rows/s) -> {path}"));
    }

    // What was scored, and the rows that could not be read.
    private sealed record FileScore(BatchScore Score, RejectedRows Rejected);
}
