using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>Distances from rows, given by their entries, to centres, given by all slots. Immutable.</summary>
internal sealed class CentroidDistances
{
    private readonly FeatureLayout _layout;
    private readonly ClusterMetric _metric;
    private readonly double[][] _centers;

    // Per centre and column of levels the sum of squares over its slots: a row has one level, and the others count too.
    private readonly double[][] _squares;
    private readonly double[] _norms;

    public CentroidDistances(FeatureLayout layout, ClusterMetric metric, double[][] centers)
    {
        _layout = layout;
        _metric = metric;
        _centers = centers;
        _squares = new double[centers.Length][];
        _norms = new double[centers.Length];
        for (var center = 0; center < centers.Length; center++)
        {
            _squares[center] = new double[layout.Columns.Length];
            for (var column = 0; column < layout.Columns.Length; column++)
            {
                foreach (var value in centers[center].AsSpan(layout.Start(column), layout.Width(column)))
                {
                    _squares[center][column] += value * value;
                }

                _norms[center] += _squares[center][column];
            }

            _norms[center] = Math.Sqrt(_norms[center]);
        }
    }

    public int Count => _centers.Length;

    /// <summary>The distance as people see it.</summary>
    public double Distance(int center, ReadOnlySpan<int> slots, ReadOnlySpan<double> values)
    {
        var measure = Measure(center, slots, values);
        return _metric == ClusterMetric.Euclidean ? Math.Sqrt(measure) : measure;
    }

    /// <summary>What the distance grows with and clusters keep small: its square, or for angles the distance itself.</summary>
    /// <param name="center">The centre.</param>
    /// <param name="slots">The row's slot in each column; below 0 for a column that is to be passed over.</param>
    /// <param name="values">The values there.</param>
    public double Measure(int center, ReadOnlySpan<int> slots, ReadOnlySpan<double> values)
    {
        var own = _centers[center];
        if (_metric == ClusterMetric.Cosine)
        {
            double dot = 0, norm = 0;
            for (var i = 0; i < slots.Length; i++)
            {
                if (slots[i] >= 0)
                {
                    dot += own[slots[i]] * values[i];
                    norm += values[i] * values[i];
                }
            }

            // A row or centre of zeros has no direction; it is as far from all.
            return norm == 0 || _norms[center] == 0 ? 1 : Math.Max(0, 1 - (dot / (Math.Sqrt(norm) * _norms[center])));
        }

        var sum = 0.0;
        for (var column = 0; column < slots.Length; column++)
        {
            if (slots[column] < 0)
            {
                continue;
            }

            var value = own[slots[column]];
            var difference = values[column] - value;
            sum += _layout.IsLevels(column)
                ? Math.Max(0, _squares[center][column] - (value * value)) + (difference * difference)
                : difference * difference;
        }

        return sum;
    }

    /// <summary>The nearest centre, the first of equally near ones, and its measure.</summary>
    public (int Center, double Measure) Nearest(ReadOnlySpan<int> slots, ReadOnlySpan<double> values)
    {
        var (nearest, least) = (0, double.PositiveInfinity);
        for (var center = 0; center < _centers.Length; center++)
        {
            var measure = Measure(center, slots, values);
            if (measure < least)
            {
                (nearest, least) = (center, measure);
            }
        }

        return (nearest, least);
    }
}

/// <summary>A row's distance to each centre.</summary>
internal sealed class CentroidScorer(FeatureLayout layout, BoundFeature[] features, SlotScale scale, CentroidDistances distances) : IScorer
{
    public int Outputs => distances.Count;

    public void Score(Connectors.Tables.TableBatch batch, double[][] scores) => new SlotReader(layout, features, scale).Read(
        batch,
        (row, slots, values) =>
        {
            for (var center = 0; center < scores.Length; center++)
            {
                scores[center][row] = distances.Distance(center, slots, values);
            }
        },
        row => Rows.Clear(scores, row));
}
