using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Import;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Library;

/// <summary>A trained model: loaded, trained by <see cref="Trainer"/> or taken from an <see cref="Experiment"/>. Immutable and thread-safe.</summary>
/// <remarks>
/// Scores are the same bits as those of <c>auspex score</c> and of the web services, one row at a time or a million at once, on any
/// machine and with any number of threads.
/// </remarks>
public sealed partial class Model
{
    private readonly TrainedModel _model;

    internal Model(TrainedModel model) => _model = model;

    /// <summary>The learner's name, such as <c>Two-Class Boosted Decision Tree</c>.</summary>
    public string Learner => _model.Learner;

    /// <summary>What it predicts.</summary>
    public PredictionTask Task => PredictionTasks.Of(_model.Task);

    /// <summary>The column that it was trained to predict; null where there was none, as for clusters.</summary>
    public string? Label => _model.Label.Name.Length == 0 ? null : _model.Label.Name;

    /// <summary>The classes as text, in order (the second of two is the positive one); empty for numbers.</summary>
    public IReadOnlyList<string> Classes => _model.Description.Classes;

    /// <summary>The columns that a row needs, in the order of <see cref="RowScorer"/>.</summary>
    public IReadOnlyList<ModelColumn> Inputs => field ??= [.. Enumerable.Range(0, _model.Features.Fields.Length).Select(DescribeInput)];

    /// <summary>The columns that scoring adds, in order, such as <c>Scored Labels</c> and <c>Scored Probabilities</c>.</summary>
    public IReadOnlyList<ModelColumn> Outputs => field ??=
    [
        .. _model.Bind(_model.Features, appendScores: false).Output.Fields
            .Select(output => new ModelColumn(output.Name, output.IsCategorical ? ColumnKind.Text : ColumnKinds.Of(output.Type)) { Levels = output.Categories?.Levels }),
    ];

    /// <summary>Rows that it was fitted on.</summary>
    public long TrainingRows => _model.Description.TrainedRows;

    /// <summary>SHA-256 of the table that Train Model got in an experiment, as 64 hexadecimal digits; null where it came about otherwise.</summary>
    public string? TrainingDataHash => _model.Description.TrainingData;

    /// <summary>The learner's parameters by name, as text.</summary>
    public IReadOnlyDictionary<string, string> Parameters => _model.Description.Parameters;

    /// <summary>Product and version that trained it.</summary>
    public string CreatedBy => _model.Description.CreatedBy;

    internal TrainedModel Trained => _model;

    /// <summary>Loads an <c>.ilearner</c>, a tree model of LightGBM (text), ONNX or XGBoost (JSON), or another ONNX graph, told by its content.</summary>
    /// <param name="path">The file; it is read whole. Nothing in it is executed but an ONNX graph that is no tree model, by ONNX Runtime.</param>
    /// <param name="label">What a model of another make predicts, which its file does not say: the name of that column.</param>
    /// <exception cref="LibraryException">The file is damaged, of a kind that is not read, or could not be scored exactly.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static Model Load(string path, string label = "label")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.OpenRead(path);
        return Load(file, label, path);
    }

    /// <summary>The same, from a stream's position to its end; the stream is left open.</summary>
    /// <param name="stream">Seekable.</param>
    /// <param name="label">As above.</param>
    /// <exception cref="LibraryException">As above.</exception>
    public static Model Load(Stream stream, string label = "label")
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Load(stream, label, "the stream");
    }

    private static Model Load(Stream stream, string label, string name) => Errors.Translate(() =>
    {
        var start = stream.Position;
        Span<byte> head = stackalloc byte[4];
        var isOurs = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head[0] == 0x89 && head[1..].SequenceEqual("AUX"u8);
        stream.Position = start;
        return new Model(isOurs
            ? ReadOurs(stream, name)
            : ModelImport.Read(stream, new ModelImportOptions { FileName = Path.GetFileName(name), Label = label }).Model);
    });

    private static TrainedModel ReadOurs(Stream stream, string name)
    {
        try
        {
            return ModelContainer.ReadModel(stream);
        }
        catch (ModelFormatException exception)
        {
            throw new ModelFormatException($"{name}: {exception.Message}", exception);
        }
    }

    /// <summary>Writes it as an <c>.ilearner</c>; equal models give equal bytes, and whoever reads the file sees all of it or what was there before.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task SaveAsync(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        await using var file = new ReplacedFile(path);
        ModelContainer.WriteModel(_model, file.Stream);
        file.Commit();
    }

    /// <summary>Writes it to a stream, which is left open.</summary>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelContainer.WriteModel(_model, stream);
    }

    /// <summary>
    /// The same model, whose <see cref="Score(Table, bool)"/> and <see cref="ScoreFileAsync"/> add the columns that moved each row's score most, with
    /// their exact Shapley values.
    /// </summary>
    /// <param name="count">Reasons per row, 0 to 100.</param>
    /// <exception cref="LibraryException">It is no model of trees that add up, or its file does not say how many rows came to its leaves.</exception>
    public Model WithReasons(int count) => Errors.Translate(() => new Model(_model.WithReasons(count)));

    /// <summary>
    /// The same model, whose reasons measure against these rows in place of the training rows: they are counted at the leaves of its trees. For
    /// models whose file has no such counts, as those of ONNX. Scores stay as they are, and <see cref="SaveAsync"/> keeps the counts.
    /// </summary>
    /// <param name="rows">Rows such as the model was trained on, with every column of <see cref="Inputs"/>.</param>
    /// <exception cref="LibraryException">It is no model of trees that was imported, there are no rows, or a column is not there or of another kind.</exception>
    public Model WithBackground(Table rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Errors.Translate(() => new Model(_model.WithBackground(rows.Batch).WithReasons(_model.ReasonCount)));
    }

    private ModelColumn DescribeInput(int index)
    {
        var field = _model.Features.Fields[index];
        var profile = _model.Description.Profile?.Features[index];
        return new ModelColumn(field.Name, ColumnKinds.Of(field.Type))
        {
            Levels = field.Categories?.Levels,
            Minimum = profile?.Minimum,
            Maximum = profile?.Maximum,
            MissingShare = profile?.MissingShare,
        };
    }
}
