using Auspex.Experiments.Execution;
using Auspex.Experiments.Training.Trees;

namespace Auspex.Experiments.Training.Forests;

/// <summary>
/// Draws the splits among which a node chooses: of which columns, and how many of each. A feature is a column of numbers, or one level.
/// Of classes, trees that know only the root of the number of features at a node differ enough for their mean to be good (Breiman 2001);
/// of numbers, each feature is asked at every node, and the number of splits is for up to 25 of them (docs/adr/0040).
/// </summary>
internal sealed class SplitDrawer
{
    private const double FeaturesOfSplits = 25;
    private const double LevelsOfSplits = 8;
    private const int MostDraws = 4096;

    private readonly int[] _allowed;
    private readonly int _splits;
    private readonly SeededRandom _random;
    private readonly int[] _counts;
    private readonly bool[] _isLevels;

    // Of classes: per feature its column's place among those allowed, in the order of the last draw.
    private readonly int[] _features = [];

    // Of numbers: up to each column, its part of the draws.
    private readonly double[] _shares = [];
    private readonly int _draws;
    private readonly int[] _others;

    /// <param name="columns">All columns.</param>
    /// <param name="allowed">Indexes of those that the tree may ask for, ascending.</param>
    /// <param name="splits">As many splits as the learner's parameter says.</param>
    /// <param name="hasClasses">Whether targets are classes.</param>
    /// <param name="random">The tree's.</param>
    public SplitDrawer(BinnedColumn[] columns, int[] allowed, int splits, bool hasClasses, SeededRandom random)
    {
        _allowed = allowed;
        _splits = splits;
        _random = random;
        _counts = new int[allowed.Length];
        _isLevels = [.. allowed.Select(column => columns[column].Thresholds is null)];
        _others = [.. Enumerable.Range(0, allowed.Length)];
        if (hasClasses)
        {
            _features = [.. Enumerable.Range(0, allowed.Length).SelectMany(place => Enumerable.Repeat(place, Levels(columns[allowed[place]])))];
            _draws = Math.Min(splits, Math.Max(1, (int)Math.Sqrt(_features.Length)));
            return;
        }

        _shares = new double[allowed.Length];
        var sum = 0.0;
        for (var place = 0; place < allowed.Length; place++)
        {
            sum += Math.Max(1, Levels(columns[allowed[place]]) / LevelsOfSplits);
            _shares[place] = sum;
        }

        var perFeature = splits * Math.Max(1.0 / Math.Max(1, allowed.Length), 1 / FeaturesOfSplits);
        _draws = (int)Math.Clamp(Math.Round(perFeature * sum), Math.Min(splits, MostDraws), Math.Max(splits, MostDraws));
    }

    /// <summary>Columns to ask, ascending, with the number of splits to draw of each.</summary>
    public IEnumerable<(int Column, int Count)> Draw()
    {
        Array.Clear(_counts);
        for (var i = 0; i < _draws; i++)
        {
            if (_features.Length > 0)
            {
                var j = i + _random.Next(_features.Length - i);
                (_features[i], _features[j]) = (_features[j], _features[i]);
                _counts[_features[i]]++;
            }
            else
            {
                var at = Array.BinarySearch(_shares, _random.NextDouble() * _shares[^1]);
                _counts[at < 0 ? Math.Min(~at, _shares.Length - 1) : Math.Min(at + 1, _shares.Length - 1)]++;
            }
        }

        for (var place = 0; place < _counts.Length; place++)
        {
            if (_counts[place] > 0)
            {
                yield return (_allowed[place], Count(place));
            }
        }
    }

    /// <summary>One more column than were drawn, and of how many splits; null where there is none left.</summary>
    /// <param name="asked">How often the node has asked before.</param>
    public (int Column, int Count)? Next(int asked)
    {
        if (asked >= _others.Length)
        {
            return null;
        }

        var at = asked + _random.Next(_others.Length - asked);
        (_others[asked], _others[at]) = (_others[at], _others[asked]);
        return (_allowed[_others[asked]], _splits);
    }

    // Of classes, a number that was drawn shows as many of its thresholds; a level is a split by itself.
    private int Count(int place) => _features.Length > 0 && !_isLevels[place] ? _splits : _counts[place];

    private static int Levels(BinnedColumn column) => column.Thresholds is null ? Math.Max(1, column.BinCount - 1) : 1;
}
