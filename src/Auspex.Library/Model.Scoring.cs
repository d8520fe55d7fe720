using Auspex.Connectors.Formats;
using Auspex.Experiments.Contracts;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Library;

public sealed partial class Model
{
    /// <summary>Prepares the scoring of one row after the other; each thread wants its own.</summary>
    public RowScorer CreateRowScorer() => Errors.Translate(() => new RowScorer(this));

    /// <summary>Scores one row given by column names: the simple way. Many rows are faster with <see cref="CreateRowScorer"/> or a <see cref="Table"/>.</summary>
    /// <param name="row">Numbers, Booleans and text by exact column name; columns that are not there, and null, are missing values. Others are passed over.</param>
    /// <exception cref="LibraryException">A value is of another kind than its column.</exception>
    public RowScore Score(IReadOnlyDictionary<string, object?> row) => CreateRowScorer().Score(row);

    /// <summary>Scores rows in memory.</summary>
    /// <param name="rows">With every column of <see cref="Inputs"/> by name; in any order, and others too.</param>
    /// <param name="keepColumns">Whether the result begins with the columns of <paramref name="rows"/>; otherwise with the label, where it is there.</param>
    /// <returns>As many rows, in the same order; the columns of <see cref="Outputs"/> last.</returns>
    /// <exception cref="LibraryException">A column is not there or of another kind, or bears the name of an output.</exception>
    public Table Score(Table rows, bool keepColumns = true)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Errors.Translate(() => new Table(_model.Bind(rows.Batch.Schema, keepColumns).Apply(rows.Batch)));
    }

    /// <summary>Scores a file into another, in bounded memory and with all processors, as <c>auspex score</c> does: the same bytes.</summary>
    /// <param name="input">The rows: CSV or TSV (also <c>.gz</c>, <c>.zst</c>), Parquet, Arrow, Feather or ARFF, by its extension.</param>
    /// <param name="output">Where the scored rows go, likewise; whoever reads it sees all of it or what was there before.</param>
    /// <param name="options">Threads, bad rows, progress; null for the defaults.</param>
    /// <param name="cancellationToken">Stops; nothing becomes visible then.</param>
    /// <exception cref="LibraryException">The input does not fit the model, is malformed, or has more bad rows than allowed; nothing was written.</exception>
    /// <exception cref="ArgumentException">No table is written under the output's name.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public Task<FileScoringResult> ScoreFileAsync(
        string input, string output, FileScoringOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(input);
        ArgumentException.ThrowIfNullOrEmpty(output);
        if (!TableFiles.IsWritable(output))
        {
            throw new ArgumentException($"{output}: scored rows are written as {TableFiles.Extensions}.", nameof(output));
        }

        options ??= new FileScoringOptions();
        var scoring = new FileScoring
        {
            Model = _model,
            InputPath = input,
            OutputPath = output,
            Threads = options.Threads,
            BadRows = options.Policy(),
            ReportProgress = options.ReportProgress,
            OnWarnings = options.ReportWarnings is { } warn ? report => warn(report.ToText()) : null,
        };
        return Errors.TranslateAsync(async () => FileScoringResult.Of(await new FileScorer(scoring, TimeProvider.System).RunAsync(cancellationToken)));
    }

    /// <summary>Holds the beginning of a file against the model without scoring any of it, in well under a second.</summary>
    /// <param name="path">A file as <see cref="ScoreFileAsync"/> takes it.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public Task<InputFinding> CheckFileAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Errors.TranslateAsync(async () =>
        {
            var report = await InputCheck.RunFileAsync(
                InputContract.Of(_model),
                path,
                _ => System.Threading.Tasks.Task.FromResult<Stream>(File.OpenRead(path)),
                new TableReadOptions { Name = path, MissingMarkers = ["?"] },
                limits: null,
                cancellationToken);
            return new InputFinding(report.Fits, report.ToText());
        });
    }

    /// <summary>Scores rows whose label is known, and measures.</summary>
    /// <param name="rows">With the columns of <see cref="Inputs"/> and the label.</param>
    /// <exception cref="LibraryException">A column or the label is not there, or no row has both a label and a score.</exception>
    public Evaluation Evaluate(Table rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Errors.Translate(() => Evaluation.Of(ModelMetrics.Evaluate(_model.Bind(rows.Batch.Schema, appendScores: false).Apply(rows.Batch))));
    }

    /// <summary>The same for a file, which is read whole.</summary>
    /// <exception cref="LibraryException">As above, or the file is malformed.</exception>
    public async Task<Evaluation> EvaluateFileAsync(string path, CancellationToken cancellationToken = default) =>
        Evaluate(await Table.ReadAsync(path, cancellationToken));
}
