using System.Collections.Frozen;
using Auspex.Errors;
using Auspex.Experiments.Scoring;

namespace Auspex.Library;

/// <summary>Scores one row after the other. For one thread at a time; make one per thread with <see cref="Model.CreateRowScorer"/>.</summary>
/// <remarks>
/// Columns are numbered as in <see cref="Model.Inputs"/>. Values stay until they are set anew; all are missing at first. Models of boosted trees allocate nothing per row.
/// </remarks>
public sealed class RowScorer
{
    private readonly RowScoring _scoring;
    private readonly IReadOnlyList<ModelColumn> _inputs;
    private readonly FrozenDictionary<string, int> _indexes;
    private readonly string[] _classes;
    private readonly PredictionTask _task;
    private readonly bool _isNumbers;

    internal RowScorer(Model model)
    {
        _scoring = new RowScoring(model.Trained);
        _inputs = model.Inputs;
        _task = model.Task;
        _classes = [.. model.Classes];
        _indexes = _inputs.Select((input, index) => KeyValuePair.Create(input.Name, index)).ToFrozenDictionary(StringComparer.Ordinal);
        _isNumbers = _inputs.All(input => input.Levels is null);
    }

    /// <summary>The index of an input by its exact name; -1 where there is none.</summary>
    public int IndexOf(string column) => _indexes.GetValueOrDefault(column, -1);

    /// <summary>
    /// All numbers of the last score, in the order of <see cref="Model.Outputs"/> without the label: the probability of the positive class; one per class, rank,
    /// quantile or cluster; or the number. NaN where the row could not be scored. Valid until the next score.
    /// </summary>
    public ReadOnlySpan<double> Scores => _scoring.Scores;

    /// <summary>Scores a row of numbers, for models whose inputs all are: the fastest way.</summary>
    /// <param name="numbers">One per input, in order; 1 and 0 for true and false, NaN for a missing value.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers than inputs, or the model has inputs of text.</exception>
    public RowScore Score(ReadOnlySpan<double> numbers)
    {
        if (!_isNumbers || numbers.Length != _inputs.Count)
        {
            throw new ArgumentException(
                _isNumbers
                    ? $"Found {numbers.Length} numbers; the model has {_inputs.Count} inputs."
                    : "The model has inputs that are taken by their different values; expected Set for each, then Score.",
                nameof(numbers));
        }

        _scoring.Score(numbers);
        return Answer();
    }

    /// <summary>Scores the row as it is set.</summary>
    public RowScore Score()
    {
        _scoring.Score();
        return Answer();
    }

    /// <summary>Scores a row given by column names.</summary>
    /// <inheritdoc cref="Model.Score(IReadOnlyDictionary{string, object?})"/>
    public RowScore Score(IReadOnlyDictionary<string, object?> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        for (var i = 0; i < _inputs.Count; i++)
        {
            row.TryGetValue(_inputs[i].Name, out var value);
            SetValue(i, value);
        }

        return Score();
    }

    /// <summary>Sets an input to a number; NaN is a missing value.</summary>
    /// <param name="input">Its index.</param>
    /// <param name="number">For an input with <see cref="ModelColumn.Levels"/> the level that is this number.</param>
    /// <exception cref="LibraryException">The input takes text alone.</exception>
    public void Set(int input, double number)
    {
        if (!_scoring.TrySetNumber(input, number))
        {
            throw Mismatch(input, "a number", "text");
        }
    }

    /// <summary>Sets an input to one of its levels by text; one that training has not seen is scored as an unknown one.</summary>
    /// <exception cref="LibraryException">The input takes numbers alone.</exception>
    public void Set(int input, ReadOnlySpan<char> text)
    {
        if (!_scoring.TrySetText(input, text))
        {
            throw Mismatch(input, "text", "a number");
        }
    }

    /// <summary>Sets an input to true or false.</summary>
    /// <exception cref="LibraryException">The input takes text alone.</exception>
    public void Set(int input, bool value) => Set(input, value ? 1.0 : 0.0);

    /// <summary>Sets an input to no value.</summary>
    public void SetMissing(int input) => _scoring.SetMissing(input);

    private void SetValue(int input, object? value)
    {
        switch (value)
        {
            case null:
                SetMissing(input);
                break;
            case string text:
                Set(input, text.AsSpan());
                break;
            case bool truth:
                Set(input, truth);
                break;
            case double or float or int or long or short or byte or uint or decimal or sbyte or ushort or ulong:
                Set(input, Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            default:
                throw Mismatch(input, $"a {value.GetType().Name}", "a number, a Boolean or text");
        }
    }

    private RowScore Answer()
    {
        var scores = _scoring.Scores;
        var predicted = _scoring.PredictedClass();
        var score = _task switch
        {
            PredictionTask.Anomaly => scores[^1],
            PredictionTask.SeveralClasses or PredictionTask.Rank or PredictionTask.Cluster => predicted < 0 ? double.NaN : scores[predicted],
            _ => scores[0],
        };
        return new RowScore(score, predicted, (uint)predicted < (uint)_classes.Length ? _classes[predicted] : null);
    }

    private LibraryException Mismatch(int input, string found, string expected) => new(
        ErrorCode.ModuleFailed.Value, $"Column '{_inputs[input].Name}' got {found}; the model takes {expected} there.", inner: null);
}

/// <summary>What is predicted for a row.</summary>
/// <param name="Score">
/// The probability of the positive class (two classes); that of the predicted class or rank; the number; the first quantile; the distance to the nearest
/// cluster; how unlike training (anomaly). NaN where the row could not be scored.
/// </param>
/// <param name="Class">The predicted class, rank or cluster, counted from 0; 1 for an anomaly; -1 for numbers, and where there is no score.</param>
/// <param name="Label">The predicted class as text; null where there is none.</param>
public readonly record struct RowScore(double Score, int Class, string? Label);
