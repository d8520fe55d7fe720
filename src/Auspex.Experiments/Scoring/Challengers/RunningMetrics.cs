namespace Auspex.Experiments.Scoring.Challengers;

/// <summary>How good scores are, in bounded memory: sums, and for the area under the curve bins of the probability.</summary>
internal sealed class RunningMetrics
{
    private const int Bins = 4096;
    private const double LeastProbability = 1e-15;

    private readonly long[] _positives = new long[Bins];
    private readonly long[] _negatives = new long[Bins];
    private long _right;
    private long _rows;
    private double _logLoss;
    private double _absolute;
    private double _squared;
    private double _label;
    private double _labelSquared;
    private bool _hasProbabilities;
    private bool _hasNumbers;

    /// <summary>Rows with a label and a score.</summary>
    public long Rows => _rows;

    public void AddClass(int truth, int predicted, double probability)
    {
        if (truth < 0 || predicted == BoundFeature.MissingCode)
        {
            return;
        }

        _rows++;
        _right += truth == predicted ? 1 : 0;
        if (double.IsNaN(probability))
        {
            return;
        }

        _hasProbabilities = true;
        var bin = Math.Clamp((int)(probability * Bins), 0, Bins - 1);
        (truth == 1 ? _positives : _negatives)[bin]++;
        _logLoss -= Math.Log(Math.Max(LeastProbability, truth == 1 ? probability : 1 - probability));
    }

    public void AddNumber(double truth, double predicted)
    {
        if (double.IsNaN(truth) || double.IsNaN(predicted))
        {
            return;
        }

        _rows++;
        _hasNumbers = true;
        var error = predicted - truth;
        _absolute += Math.Abs(error);
        _squared += error * error;
        _label += truth;
        _labelSquared += truth * truth;
    }

    /// <summary>The metrics by Studio's names; none without rows.</summary>
    public IEnumerable<Evaluation.Metric> Values()
    {
        if (_rows == 0)
        {
            yield break;
        }

        if (_hasNumbers)
        {
            yield return new("Mean Absolute Error", _absolute / _rows);
            yield return new("Root Mean Squared Error", Math.Sqrt(_squared / _rows));
            yield return new("Coefficient of Determination", 1 - (_squared / (_labelSquared - (_label * _label / _rows))));
            yield break;
        }

        yield return new("Accuracy", (double)_right / _rows);
        if (_hasProbabilities)
        {
            yield return new("AUC", Area());
            yield return new("Average Log Loss", _logLoss / _rows);
        }
    }

    // Pairs in one bin count a half.
    private double Area()
    {
        var (area, below) = (0.0, 0L);
        for (var bin = 0; bin < Bins; bin++)
        {
            area += _positives[bin] * (below + (_negatives[bin] / 2.0));
            below += _negatives[bin];
        }

        return area / ((double)_positives.Sum() * below);
    }
}
