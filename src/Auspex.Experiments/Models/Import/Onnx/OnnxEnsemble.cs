using System.Collections.Immutable;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>Lays ONNX trees out in our form, a sum per target or class.</summary>
/// <remarks>
/// Features come as ONNX has them; columns of the model are the inputs' numbers, in the order of the inputs. "Less or equal"
/// is this form; "less" is "not greater than the number below"; "equals" asks for a point. What a Scaler does to a feature is
/// done to the thresholds instead, exactly (<see cref="OnnxFeature.Unscale"/>).
/// </remarks>
internal sealed class OnnxEnsemble
{
    // Votes for many classes copy their trees once per class.
    private const long MostNodes = 1 << 24;

    private readonly OnnxTrees _trees;
    private readonly OnnxFeature[] _features;
    private readonly Dictionary<(string Input, int Index), int> _columns;
    private readonly string _where;
    private readonly bool _inDouble;
    private readonly Dictionary<int, double[]> _points = [];

    public OnnxEnsemble(OnnxTrees trees, OnnxFeature[] features, Dictionary<(string Input, int Index), int> columns, string where)
    {
        _trees = trees;
        _features = features;
        _columns = columns;
        _where = where;
        bool[] precisions = [.. Used().Select(feature => feature.IsDouble).Distinct()];
        _inDouble = precisions is [true]
            || (precisions.Length <= 1
                ? false
                : throw new ModelImportException($"{where}: some features are of single and some of double precision; cast them to one."));
        CollectPoints();
    }

    /// <summary>The trees that vote for these outputs, one output's after the other's, and where each begins.</summary>
    public (TreeEnsemble Trees, ImmutableArray<int> Starts) Build(IReadOnlyList<int> outputs, double bias)
    {
        var builder = new TreeEnsembleBuilder { InDouble = _inDouble };
        foreach (var (column, points) in _points)
        {
            builder.SetPoints(column, points);
        }

        var sets = new LevelSets(builder);
        var starts = ImmutableArray.CreateBuilder<int>();
        var (count, nodes) = (0, 0L);
        starts.Add(0);
        foreach (var output in outputs)
        {
            foreach (var tree in _trees.Trees)
            {
                if (!tree.Weights.TryGetValue(output, out var weights))
                {
                    continue;
                }

                nodes += tree.Modes.Count;
                if (nodes > MostNodes)
                {
                    throw new ModelImportException($"{_where}: the trees of all classes have more than {MostNodes} nodes, the most that are read.");
                }

                builder.Add([.. Enumerable.Range(0, tree.Modes.Count).Select(node => Split(tree, node, sets))], weights, tree.Covers);
                count++;
            }

            starts.Add(count);
        }

        return (builder.Build(bias), starts.ToImmutable());
    }

    private IEnumerable<OnnxFeature> Used()
    {
        foreach (var tree in _trees.Trees)
        {
            foreach (var feature in tree.Features)
            {
                yield return feature < _features.Length
                    ? _features[feature]
                    : throw new ModelImportException($"{_where}: a node asks for feature {feature}; there are {_features.Length}. The file is damaged.");
            }
        }
    }

    private int Column(OnnxFeature feature) => _columns[(feature.Input.Name, feature.Index)];

    private void CollectPoints()
    {
        var points = new SortedDictionary<int, SortedSet<double>>();
        foreach (var tree in _trees.Trees)
        {
            for (var node = 0; node < tree.Modes.Count; node++)
            {
                if (tree.Modes[node] is not (OnnxMode.Equal or OnnxMode.NotEqual))
                {
                    continue;
                }

                var feature = _features[tree.Features[node]];
                if (!feature.Scales.IsEmpty)
                {
                    throw new ModelImportException(
                        $"{_where}: a node asks whether a scaled feature equals a number, which is not read. Scale the columns before the model.");
                }

                if (!points.TryGetValue(Column(feature), out var ofColumn))
                {
                    points.Add(Column(feature), ofColumn = []);
                }

                // A number of double precision between two of single equals none of them.
                if (_inDouble || (float)tree.Values[node] == tree.Values[node])
                {
                    ofColumn.Add(tree.Values[node] + 0.0);
                }
            }
        }

        foreach (var (column, values) in points)
        {
            _points.Add(column, [.. values]);
        }
    }

    private TreeSplit Split(OnnxTree tree, int node, LevelSets sets)
    {
        var (feature, value, missingIsTrue) = (_features[tree.Features[node]], tree.Values[node], tree.MissingIsTrue[node]);
        var (whenTrue, whenFalse) = (tree.True[node], tree.False[node]);
        var column = Column(feature);
        return tree.Modes[node] switch
        {
            OnnxMode.LessOrEqual => Compare(AtMost(value), whenGreater: whenFalse, otherwise: whenTrue),
            OnnxMode.Less => Compare(Below(value), whenGreater: whenFalse, otherwise: whenTrue),
            OnnxMode.Greater => Compare(AtMost(value), whenGreater: whenTrue, otherwise: whenFalse),
            OnnxMode.GreaterOrEqual => Compare(Below(value), whenGreater: whenTrue, otherwise: whenFalse),
            OnnxMode.Equal => new TreeSplit(column, 0, Points(missingIsTrue), false, whenFalse, whenTrue),

            // A missing number differs from every other.
            _ => new TreeSplit(column, 0, Points(withMissing: false), false, whenTrue, whenFalse),
        };

        TreeSplit Compare(double threshold, int whenGreater, int otherwise)
        {
            var unscaled = feature.Unscale(threshold);
            if (!double.IsFinite(unscaled) && (!feature.Scales.IsEmpty || (tree.Modes[node] is OnnxMode.Less or OnnxMode.GreaterOrEqual && double.IsNegativeInfinity(value))))
            {
                throw new ModelImportException($"{_where}: a node compares with {value}, which is not read here. Train again without it.");
            }

            var (left, right) = feature.IsReversed ? (whenGreater, otherwise) : (otherwise, whenGreater);
            return new TreeSplit(column, unscaled, TreeArrays.Number, MissingRight: right == (missingIsTrue ? whenTrue : whenFalse), left, right);
        }

        int Points(bool withMissing)
        {
            var points = _points[column];
            var levels = new List<int>(2);
            if (Array.BinarySearch(points, value + 0.0) is >= 0 and var point)
            {
                levels.Add(point);
            }

            if (withMissing)
            {
                levels.Add(points.Length);
            }

            return sets.LevelOf([.. levels]);
        }
    }

    // The number for which "greater" means the same, among those of the features' precision.
    private double AtMost(double value) => _inDouble ? value : TreeSplit.Above(value);

    // The number for which "greater" means "at least the value".
    private double Below(double value)
    {
        if (_inDouble)
        {
            return Math.BitDecrement(value);
        }

        var rounded = (float)value;
        return TreeSplit.AtLeast(rounded < value ? float.BitIncrement(rounded) : rounded);
    }
}
