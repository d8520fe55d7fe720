using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Errors;
using Auspex.Experiments.Contracts;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring.Challengers;
using Auspex.Experiments.Scoring.Drift;

namespace Auspex.Experiments.Scoring.Files;

/// <summary>Scores a file into another: what <c>auspex score</c> and the library do.</summary>
/// <remarks>
/// Whoever reads the output sees all of it or what was there before. The bytes depend on input, model and policy alone.
/// </remarks>
public sealed class FileScorer
{
    private readonly FileScoring _scoring;
    private readonly TimeProvider _clock;
    private DriftWatch? _watch;
    private ChallengedTransform? _challenge;

    /// <summary>Prepares a run.</summary>
    /// <param name="scoring">What to do.</param>
    /// <param name="clock">Measures the time.</param>
    public FileScorer(FileScoring scoring, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        ArgumentOutOfRangeException.ThrowIfLessThan(scoring.Threads, 1);
        _scoring = scoring;
        _clock = clock;
    }

    /// <summary>Scores all rows that can be read.</summary>
    /// <exception cref="InputContractException">The input does not fit the model; nothing was written.</exception>
    /// <exception cref="TableFormatException">The input is malformed, or more rows are bad than the policy allows; nothing was written.</exception>
    /// <exception cref="Modules.ModuleException">13: drift is asked of a model that does not know its training, or a challenger predicts something else.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public async Task<FileScore> RunAsync(CancellationToken cancellationToken)
    {
        if (MendedRejects.IsMeant(_scoring.InputPath, _scoring.OutputPath))
        {
            var started = _clock.GetTimestamp();
            var left = new RejectedRows(_scoring.InputPath, _scoring.BadRows);
            var rows = await MendedRejects.CompleteAsync(
                _scoring.Model, _scoring.InputPath, _scoring.OutputPath, _scoring.Threads, _scoring.BadRows.LongestRecord, left, cancellationToken);
            return Result(rows, started, left, _scoring.InputPath);
        }

        // Beside the scoring: nothing can be seen of the output before the input is known to fit.
        var check = Task.Run(() => CheckAsync(cancellationToken), cancellationToken);
        try
        {
            return TableFileScoring.Takes(_scoring.InputPath, _scoring.OutputPath)
                ? await ScoreTableAsync(check, cancellationToken)
                : await ScoreTextAsync(check, cancellationToken);
        }
        catch (AuspexException)
        {
            // Where the input does not fit, the check says so best.
            await check;
            throw;
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var report = await InputCheck.RunFileAsync(
            InputContract.Of(_scoring.Model),
            _scoring.InputPath,
            _ => Task.FromResult<Stream>(File.OpenRead(_scoring.InputPath)),
            new TableReadOptions { Name = _scoring.InputPath, MissingMarkers = ["?"] },
            limits: null,
            cancellationToken);
        report.ThrowUnlessFits();
        if (report.Warnings > 0)
        {
            _scoring.OnWarnings?.Invoke(report);
        }
    }

    private async Task<FileScore> ScoreTextAsync(Task check, CancellationToken cancellationToken)
    {
        var (inputPath, outputPath) = (_scoring.InputPath, _scoring.OutputPath);
        var started = _clock.GetTimestamp();
        var length = new FileInfo(inputPath).Length;
        var options = DelimitedTextOptions.ForPath(inputPath) with
        {
            Name = inputPath,
            MissingMarkers = ["?"],
            MaxRecordBytes = _scoring.BadRows.LongestRecord,
        };
        await using var reader = await DelimitedBlockReader.OpenAsync(File.OpenRead(inputPath), options, cancellationToken);
        options = options with { Schema = BatchScorer.ReadingSchema(_scoring.Model, reader.FileColumns, Challengers) };
        var rejected = new RejectedRows(inputPath, _scoring.BadRows);
        await using var rejects = new RejectsFile(
            RejectedRows.PathFor(outputPath), RejectedRows.Preamble(Path.GetFileName(inputPath), reader.HeaderRecord.Span));
        var plan = TextScoringPlan.Compile(
            Bind(options.Schema), options, reader.FileColumns, DelimitedTextWriterOptions.ForPath(outputPath));

        await using var target = new ReplacedFile(outputPath);
        await target.Stream.WriteAsync(plan.Header(), cancellationToken);
        var end = await new TextScorer(plan, _scoring.Threads, rejected.Take).RunAsync(
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
                _scoring.ReportProgress?.Invoke(after.Scored, Math.Max(after.Scored, (long)((double)after.Rows * length / after.InputOffset)));
            },
            cancellationToken);
        await check;
        rejected.CheckAll(end.Rows);
        await ReportAsync(cancellationToken);

        // The disk is waited for once.
        await Task.WhenAll(Task.Run(target.Secure, cancellationToken), Task.Run(rejects.Secure, cancellationToken));
        target.Commit();
        rejects.Commit();
        return Result(end.Scored, started, rejected, rejects.Path);
    }

    private async Task<FileScore> ScoreTableAsync(Task check, CancellationToken cancellationToken)
    {
        var (inputPath, outputPath) = (_scoring.InputPath, _scoring.OutputPath);
        var started = _clock.GetTimestamp();
        var scoring = new TableFileScoring(_scoring.Model, [.. Challengers], Bind, inputPath, outputPath, _scoring.Threads, _scoring.BadRows.LongestRecord);
        var rejected = new RejectedRows(inputPath, _scoring.BadRows);
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
                (done, total) => _scoring.ReportProgress?.Invoke(done, total),
                cancellationToken);
            await check;
            rejected.CheckAll(rows + rejected.Count);
            rejects ??= new RejectsFile(RejectedRows.PathFor(outputPath), []);
            rejects.Write(rejected);
            await ReportAsync(cancellationToken);
            target.Commit();
            rejects.Commit();
            return Result(rows, started, rejected, rejects.Path);
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

    private IEnumerable<TrainedModel> Challengers => _scoring.Challengers.Select(challenger => challenger.Value);

    private IRowTransform Bind(TableSchema schema)
    {
        var transform = _scoring.Model.Bind(schema, appendScores: true);
        if (_scoring.DriftReportPath is not null)
        {
            transform = _watch = DriftWatch.Create(_scoring.Model, transform, schema, _ => true) ?? throw new ModuleException(
                13, $"The model of '{_scoring.Model.Learner}' does not say how its training was spread, so that no drift can be told. Train it again with this version.");
        }

        if (_scoring.Challengers.Count > 0)
        {
            transform = _challenge = ChallengedTransform.Create(
                new Challenger(_scoring.ModelName, _scoring.Model, transform),
                [.. _scoring.Challengers.Select(other => new Challenger(other.Key, other.Value, other.Value.Bind(schema, appendScores: false)))]);
        }

        return transform;
    }

    // Before the output is there: whoever sees that one finds these.
    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        var source = Path.GetFileName(_scoring.InputPath);
        if (_watch?.Report(source, rowsBefore: 0) is { } drift)
        {
            await WriteReportAsync(_scoring.DriftReportPath!, drift.ToJson(), DriftPage.ToHtml(drift), cancellationToken);
        }

        if (_challenge?.Report(source, rowsBefore: 0) is { } challenge)
        {
            await WriteReportAsync(
                _scoring.ChallengeReportPath ?? _scoring.OutputPath + ".challengers", challenge.ToJson(), ChallengePage.ToHtml(challenge), cancellationToken);
        }
    }

    private static async Task WriteReportAsync(string path, byte[] json, byte[] html, CancellationToken cancellationToken)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        if (extension != ".html")
        {
            await WriteAsync(extension == ".json" ? path : path + ".json", json, cancellationToken);
        }

        if (extension != ".json")
        {
            await WriteAsync(extension == ".html" ? path : path + ".html", html, cancellationToken);
        }
    }

    private static async Task WriteAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        await using var file = new ReplacedFile(path);
        await file.WriteAsync(bytes, cancellationToken);
        file.Commit();
    }

    private FileScore Result(long rows, long started, RejectedRows rejected, string rejectsPath) =>
        new(rows, _clock.GetElapsedTime(started), rejected.Count, rejected.FirstProblem, rejectsPath);
}
