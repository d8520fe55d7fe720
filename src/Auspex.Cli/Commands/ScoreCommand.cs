using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Cli.Output;
using Auspex.Cli.Workspace;
using Auspex.Connectors.Formats;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex score</c>: scores a file with a model, no server.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var model = new Option<FileInfo>("--model") { Required = true, Description = "The model file (.ilearner)." }.MustBeFile();
        var input = new Option<FileInfo>("--input") { Required = true, Description = $"The rows to score; the name says the format: {TableFiles.Extensions}." }
            .MustBeFile();
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
        var maxRecordBytes = new Option<string?>("--max-record-bytes")
        {
            Description = "The longest row of text in bytes, 16777216 (16 MiB) unless given; a longer one is a bad row.",
        };
        var check = new Option<bool>("--check")
        {
            Description = "Score nothing: hold the beginning of the input against the model and print the differences; exit code 2 if it does not fit.",
        };
        var reasons = new Option<int>("--reasons")
        {
            Description = "Columns that moved each row's score most, with their exact contributions, as further columns: 0 to 100, 0 unless given. For models of trees.",
        };
        var challengers = new Option<FileInfo[]>("--challenger")
        {
            Description = "A model that scores the same rows in the same pass; may be given several times. The output stays the model's; what they disagree about goes to OUTPUT.challengers.json and .html.",
        }.MustBeFile();
        var drift = new Option<string?>("--drift")
        {
            Description = "Where a report of drift from the model's training goes: a .json or .html file; both for another name.",
        };
        var json = SharedOptions.Json();
        var command = new Command("score", "Score a file with a model.") { model, input, output, threads, reasons, challengers, drift, badRows, badRowLimit, maxRecordBytes, check, json };
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

            var (inputPath, outputPath) = (parsed.GetRequiredValue(input).FullName, parsed.GetValue(output)!);
            if (!TableFiles.IsWritable(outputPath))
            {
                await Console.Error.WriteLineAsync(
                    $"auspex: --output {outputPath}: scored rows are written as {TableFiles.Extensions}; name such a file.");
                return ExitCodes.BadDefinition;
            }

            if (!BadRowPolicy.TryParse(parsed.GetValue(badRows), parsed.GetValue(badRowLimit), out var policy, out var problem)
                || !BadRowPolicy.TryParseRecordBytes(parsed.GetValue(maxRecordBytes), out var longestRecord, out problem))
            {
                await Console.Error.WriteLineAsync($"auspex: {problem}");
                return ExitCodes.BadDefinition;
            }

            if (parsed.GetValue(drift) is { } driftReport)
            {
                await ReplacedFile.ProbeAsync(driftReport);
            }

            var progress = new ProgressLine(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
            try
            {
                var score = await ScoreAsync(
                    parsed.GetRequiredValue(model).FullName,
                    inputPath,
                    parsed.GetValue(threads),
                    champion => new FileScoring
                    {
                        Model = champion.WithReasons(parsed.GetValue(reasons)),
                        InputPath = inputPath,
                        OutputPath = outputPath,
                        Threads = parsed.GetValue(threads),
                        BadRows = policy with { MaxRecordBytes = longestRecord },
                        ModelName = parsed.GetRequiredValue(model).Name,
                        Challengers = [.. (parsed.GetValue(challengers) ?? []).Select(file => KeyValuePair.Create(file.Name, ModelFiles.ReadModel(file.FullName)))],
                        DriftReportPath = parsed.GetValue(drift),
                        ReportProgress = (done, total) => progress.Report("scoring", done, total),
                        OnWarnings = ContractCheck.Warn,
                    },
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
        var score = await ScoreAsync(
            modelPath,
            inputPath,
            threads,
            model => new FileScoring
            {
                Model = model,
                InputPath = inputPath,
                OutputPath = outputPath,
                Threads = threads,
                BadRows = policy,
                OnWarnings = ContractCheck.Warn,
            },
            cancellationToken);
        return (score.Rows, score.Rejected);
    }

    private static async Task<FileScore> ScoreAsync(
        string modelPath, string inputPath, int threads, Func<TrainedModel, FileScoring> choose, CancellationToken cancellationToken)
    {
        if (threads > 1 && Environment.ProcessorCount > 1 && new FileInfo(inputPath).Length >= ScoringWarmUp.LeastBytes)
        {
            // Nobody waits for it.
            _ = ScoringWarmUp.StartAsync();
        }

        return await new FileScorer(choose(ModelFiles.ReadModel(modelPath)), TimeProvider.System).RunAsync(cancellationToken);
    }

    private static void Show(FileScore score, string path, bool json)
    {
        if (score.Rejected > 0)
        {
            var kept = File.Exists(score.RejectsPath) ? $"kept in {score.RejectsPath}" : "left out";
            Console.Error.WriteLine(
                $"auspex: {Counted.Of(score.Rejected, "row")} of the input cannot be read and {(score.Rejected == 1 ? "is" : "are")} {kept}. The first: {score.FirstProblem}");
        }

        if (json)
        {
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(new JsonObject
            {
                ["rows"] = score.Rows,
                ["seconds"] = Math.Round(score.Elapsed.TotalSeconds, 3),
                ["rowsPerSecond"] = Math.Round(score.RowsPerSecond),
                ["rejected"] = score.Rejected,
                ["peakMemoryBytes"] = process.PeakWorkingSet64,
            }.ToJsonString());
            return;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Of(score.Rows, "row")} in {score.Elapsed.TotalSeconds:0.00} s ({score.RowsPerSecond:N0} rows/s) -> {path}"));
    }
}
