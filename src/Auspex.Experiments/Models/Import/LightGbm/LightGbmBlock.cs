using System.Globalization;
using System.Numerics;
using System.Text;

namespace Auspex.Experiments.Models.Import.LightGbm;

/// <summary>The lines of one tree, as they are read.</summary>
internal sealed class LightGbmBlock(string where)
{
    private readonly Dictionary<string, int[]> _integers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double[]> _numbers = new(StringComparer.Ordinal);
    private uint[] _words = [];

    /// <summary>Takes a line; those that say nothing about scoring are passed over.</summary>
    public void Add(ReadOnlySpan<byte> line, int number)
    {
        var equals = line.IndexOf((byte)'=');
        if (equals < 0)
        {
            return;
        }

        var value = line[(equals + 1)..];
        var key = Encoding.UTF8.GetString(line[..Math.Min(equals, 32)]);
        switch (key)
        {
            case "num_leaves" or "num_cat" or "is_linear" or "split_feature" or "decision_type" or "left_child" or "right_child"
                or "cat_boundaries":
                _integers[key] = Parse<int>(value, number, key);
                break;
            case "threshold" or "leaf_value" or "leaf_count":
                _numbers[key] = Parse<double>(value, number, key);
                break;
            case "cat_threshold":
                _words = Parse<uint>(value, number, key);
                break;
        }
    }

    /// <summary>The tree; not yet checked against itself, but for the number of leaves.</summary>
    public LightGbmTree ToTree()
    {
        if (_integers.GetValueOrDefault("is_linear") is [not 0, ..])
        {
            throw new ModelImportException(
                $"{where}: its leaves are linear models (linear_tree=true), which are not read. Train with linear_tree=false.");
        }

        var leaves = _numbers.GetValueOrDefault("leaf_value", []);
        if (_integers.GetValueOrDefault("num_leaves") is not [var count] || count != leaves.Length || count < 1)
        {
            throw new ModelImportException(
                $"{where}: found {leaves.Length} leaf values; 'num_leaves' must be there and say so. The file is damaged.");
        }

        var nodes = count - 1;
        return new LightGbmTree
        {
            Where = where,
            Leaves = leaves,
            Covers = leaves.Length == 1 ? [1] : _numbers.GetValueOrDefault("leaf_count", []),
            Features = Integers("split_feature"),
            Thresholds = _numbers.GetValueOrDefault("threshold", []),
            Decisions = _integers.GetValueOrDefault("decision_type", new int[nodes]),
            Left = Integers("left_child"),
            Right = Integers("right_child"),
            SetStarts = _integers.GetValueOrDefault("cat_boundaries") is [_, ..] starts ? starts : [0],
            SetWords = _words,
        };
    }

    private int[] Integers(string key) => _integers.GetValueOrDefault(key, []);

    private T[] Parse<T>(ReadOnlySpan<byte> value, int line, string key)
        where T : struct, INumber<T>
    {
        var numbers = new List<T>();
        foreach (var range in value.Split((byte)' '))
        {
            var word = value[range];
            if (word.IsEmpty)
            {
                continue;
            }

            var style = typeof(T) == typeof(double) ? NumberStyles.Float : NumberStyles.AllowLeadingSign;
            var isInfinite = typeof(T) == typeof(double) && (word.SequenceEqual("inf"u8) || word.SequenceEqual("-inf"u8));
            if (isInfinite)
            {
                numbers.Add(T.CreateTruncating(word[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity));
                continue;
            }

            if (!T.TryParse(word, style, CultureInfo.InvariantCulture, out var number))
            {
                throw new ModelImportException(
                    $"{where}, line {line}: '{Encoding.UTF8.GetString(word[..Math.Min(word.Length, 40)])}' in '{key}' is no number that fits. "
                    + "The file is damaged.");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }
}
