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
        var output = new Option<string?>("--output") { Description = "Where the scored rows go, in any of these formats. Rows that cannot be read go beside it, to OUTPUT.rejects.csv; mended there, they are put into the output with --input OUTPUT.rejects.csv." };
        var threads = new Option<int>("--threads")
        {
            Description = "Batches scored at once, one per processor unless given.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var badRows = new Option<string?>("--bad-rows")
        {
            Description = "What becomes of rows that cannot be read: quarantine (the default), skip or fail.",
            DefaultValueFactory = _ => "quarantine",
        };
        var badRowLimit = new Option<string?>("--bad-row-limit")
        {
            Description = "The most of them that may be left out: a number of rows such as 1000, or a share such as 0.5%.",
        };
        var check = new Option<bool>("--check")
        {
            Description = "Score nothing: hold the beginning of the input against the model and print the differences; exit code 2 if it does not fit.",
        };
        var reasons = new Option<int>("--reasons")
        {
            Description = "Columns that moved each row's score most, with their exact contributions, as further columns: 0 to 100, 0 unless given. For models of trees.",
        };
        var json = SharedOptions.Json();
        var command = new Command("score", "Score a file with a model.") { model, input, output, threads, reasons, badRows, badRowLimit, check, json };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(check) && result.GetValue(output) is null)
            {
                result.AddError("Option '--output' is required, unless --check is given.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(check))
            {
                return await ContractCheck.ReportAsync(
                    parsed.GetRequiredValue(model),
                    parsed.GetRequiredValue(input).FullName,
                    parsed.GetValue(json),
                    cancellationToken);
            }

            if (parsed.GetValue(threads) is not (>= 1 and <= 1024))
            {
                await Console.Error.WriteLineAsync($"auspex: --threads {parsed.GetValue(threads)}: expected 1 to 1024.");
                return ExitCodes.BadDefinition;
            }

            if (parsed.GetValue(reasons) is not (>= 0 and <= TrainedModel.MostReasons))
            {
                await Console.Error.WriteLineAsync($"auspex: --reasons {parsed.GetValue(reasons)}: expected 0 to {TrainedModel.MostReasons}.");
                return ExitCodes.BadDefinition;
            }

            var outputPath = parsed.GetValue(output)!;
            if (!TableFiles.IsWritable(outputPath))
            {
                await Console.Error.WriteLineAsync(
                    $"auspex: --output {outputPath}: scored rows are written as {TableFiles.Extensions}; name such a file.");
                return ExitCodes.BadDefinition;
            }

            if (!BadRowPolicy.TryParse(parsed.GetValue(badRows), parsed.GetValue(badRowLimit), out var policy, out var problem))
            {
                await Console.Error.WriteLineAsync($"auspex: {problem}");
                return ExitCodes.BadDefinition;
            }

            var progress = new ProgressLine(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
            try
            {
                var score = await ScoreAsync(
                    parsed.GetRequiredValue(model).FullName,
                    parsed.GetRequiredValue(input).FullName,
                    outputPath,
                    parsed.GetValue(threads),
                    parsed.GetValue(reasons),
                    policy,
                    progress,
                    cancellationToken);
                progress.Clear();
                Show(score, outputPath, parsed.GetValue(json));
                return ExitCodes.Success;
            }
            finally
            {
                progress.Clear();
            }
        });
        return command;
    }

    /// <summary>Scores a file as the command does, and says nothing of it.</summary>
    internal static async Task<(long Rows, long Rejected)> ScoreAsync(
        string modelPath, string inputPath, string outputPath, int threads, BadRowPolicy policy, CancellationToken cancellationToken)
    {
        var silent = new ProgressLine(TextWriter.Null, isTerminal: false, TimeProvider.System);
        var result = await ScoreAsync(modelPath, inputPath, outputPath, threads, reasons: 0, policy, silent, cancellationToken);
        return (result.Score.Rows, result.Rejected.Count);
    }

    private static async Task<FileScore> ScoreAsync(
        string modelPath,
        string inputPath,
        string outputPath,
        int threads,
        int reasons,
        BadRowPolicy policy,
        ProgressLine progress,
        CancellationToken cancellationToken)
    {
        if (threads > 1 && Environment.ProcessorCount > 1 && new FileInfo(inputPath).Length >= ScoringWarmUp.LeastBytes)
        {
            // Nobody waits for it.
            _ = ScoringWarmUp.StartAsync();
        }

        TrainedModel model;
        await using (var file = File.OpenRead(modelPath))
        {
            model = ModelContainer.ReadModel(file).WithReasons(reasons);
        }

        if (MendedRejects.IsMeant(inputPath, outputPath))
        {
            var begun = TimeProvider.System.GetTimestamp();
            var left = new RejectedRows(inputPath, policy);
            var rows = await MendedRejects.CompleteAsync(model, inputPath, outputPath, threads, left, cancellationToken);
            return new FileScore(new BatchScore(rows, TimeProvider.System.GetElapsedTime(begun)), left, inputPath);
        }

        // Beside the scoring: nothing can be seen of the output before the input is known to fit.
        var check = Task.Run(() => ContractCheck.RequireAsync(model, inputPath, cancellationToken), cancellationToken);
        try
        {
            return await ScoreAsync(model, inputPath, outputPath, threads, policy, check, progress, cancellationToken);
        }
        catch (AuspexException)
        {
            // Where the input does not fit, the check says so best.
            await check;
            throw;
        }
    }

    private static async Task<FileScore> ScoreAsync(
        TrainedModel model,
        string inputPath,
        string outputPath,
        int threads,
        BadRowPolicy policy,
        Task check,
        ProgressLine progress,
        CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        if (TableFileScoring.Takes(inputPath, outputPath))
        {
            return await ScoreTableAsync(
                new TableFileScoring(model, inputPath, outputPath, threads),
                inputPath,
                outputPath,
                policy,
                check,
                progress,
                started,
                cancellationToken);
        }

        var length = new FileInfo(inputPath).Length;
        var options = ReadingOptions(inputPath);
        await using var reader = await DelimitedBlockReader.OpenAsync(File.OpenRead(inputPath), options, cancellationToken);
        options = options with { Schema = BatchScorer.ReadingSchema(model, reader.FileColumns) };
        var rejected = new RejectedRows(inputPath, policy);
        await using var rejects = new RejectsFile(
            RejectedRows.PathFor(outputPath), RejectedRows.Preamble(Path.GetFileName(inputPath), reader.HeaderRecord.Span));
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
                if (check.IsFaulted)
                {
                    await check;
                }

                await target.WriteAsync(text, token);
                rejects.Write(rejected);
                progress.Report("scoring", after.Scored, Math.Max(after.Scored, (long)((double)after.Rows * length / after.InputOffset)));
            },
            cancellationToken);
        await check;
        rejected.CheckAll(end.Rows);
        target.Commit();
        rejects.Commit();
        return new FileScore(new BatchScore(end.Scored, TimeProvider.System.GetElapsedTime(started)), rejected, rejects.Path);
    }

    private static DelimitedTextOptions ReadingOptions(string path) =>
        DelimitedTextOptions.ForPath(path) with { Name = path, MissingMarkers = ["?"] };

    private static async Task<FileScore> ScoreTableAsync(
        TableFileScoring scoring,
        string inputPath,
        string outputPath,
        BadRowPolicy policy,
        Task check,
        ProgressLine progress,
        long started,
        CancellationToken cancellationToken)
    {
        var rejected = new RejectedRows(inputPath, policy);
        RejectsFile? rejects = null;
        try
        {
            await using var target = new ReplacedFile(outputPath);
            var rows = await scoring.RunAsync(
                target.Stream,
                columns =>
                {
                    rejects = new RejectsFile(
                        RejectedRows.PathFor(outputPath), RejectedRows.Preamble(RejectedRows.RecordName(inputPath), RejectedRows.HeaderOf(columns, scoring.RecordText)));
                    return Take;
                },
                (done, total) => progress.Report("scoring", done, total),
                cancellationToken);
            await check;
            rejected.CheckAll(rows + rejected.Count);
            rejects ??= new RejectsFile(RejectedRows.PathFor(outputPath), []);
            rejects.Write(rejected);
            target.Commit();
            rejects.Commit();
            return new FileScore(new BatchScore(rows, TimeProvider.System.GetElapsedTime(started)), rejected, rejects.Path);
        }
        finally
        {
            if (rejects is not null)
            {
                await rejects.DisposeAsync();
            }
        }

        // Written where they are found: that is one thread's work, and the report is another's.
        BadRowAction Take(BadRow row)
        {
            var action = rejected.Take(row);
            rejects!.Write(rejected);
            return action;
        }
    }

    private static void Show(FileScore result, string path, bool json)
    {
        var (score, rejected, rejects) = result;
        if (rejected.Count > 0)
        {
            var kept = File.Exists(rejects) ? $"kept in {rejects}" : "left out";
            Console.Error.WriteLine(
                $"auspex: {Counted.Of(rejected.Count, "row")} of the input cannot be read and {(rejected.Count == 1 ? "is" : "are")} {kept}. The first: {rejected.FirstProblem}");
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

    // What was scored, the rows that could not be read, and where they are kept.
    private sealed record FileScore(BatchScore Score, RejectedRows Rejected, string Rejects);
}
