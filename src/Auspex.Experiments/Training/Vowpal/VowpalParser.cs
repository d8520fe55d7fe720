using System.Globalization;
using System.Text;

namespace Auspex.Experiments.Training.Vowpal;

/// <summary>
/// Reads lines of Vowpal Wabbit's text, <c>label weight 'tag|namespace:2 feature:0.5 other |more x</c>, or of SVMLight. For one thread.
/// </summary>
/// <param name="options">How features are hashed and crossed.</param>
/// <param name="isSvmLight">Whether lines are SVMLight: <c>label 1:0.5 7:2 # remark</c>.</param>
/// <param name="names">Collects the name of each feature by its hash; null where nobody asks for it.</param>
internal sealed class VowpalParser(VowpalOptions options, bool isSvmLight, Dictionary<uint, string>? names = null)
{
    private readonly List<uint> _indexes = [];
    private readonly List<float> _values = [];
    private readonly List<string> _names = [];
    private readonly Dictionary<char, List<(int Start, int Count)>> _groups = [];

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is none; the message says why, without the text.</exception>
    public VowpalExample Read(string line)
    {
        _indexes.Clear();
        _values.Clear();
        _names.Clear();
        _groups.Clear();
        var head = isSvmLight ? ReadSvmLight(line) : ReadText(line);
        AddGrams();
        AddInteractions();
        if (options.HasConstant)
        {
            Add(VowpalHash.Constant, 1, "Constant");
        }

        if (names is not null)
        {
            for (var i = 0; i < _indexes.Count; i++)
            {
                names.TryAdd(_indexes[i], _names[i]);
            }
        }

        return new VowpalExample(head.Label, head.Weight, head.Base, [.. _indexes], [.. _values]);
    }

    private (double? Label, double Weight, double Base) ReadText(string line)
    {
        var bar = line.IndexOf('|', StringComparison.Ordinal);
        if (bar < 0)
        {
            throw new FormatException("it has no bar '|' before its features");
        }

        foreach (var part in line[(bar + 1)..].Split('|'))
        {
            ReadNamespace(part);
        }

        return ReadHead(line[..bar]);
    }

    // What touches the bar, or begins with a quote, is a tag.
    private static (double? Label, double Weight, double Base) ReadHead(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToList();
        if (words.Count > 0 && (words[^1][0] == '\'' || (text.Length > 0 && !char.IsWhiteSpace(text[^1]))))
        {
            words.RemoveAt(words.Count - 1);
        }

        return words.Count <= 3
            ? (words.Count > 0 ? Number(words[0]) : null, words.Count > 1 ? Weight(words[1]) : 1, words.Count > 2 ? Number(words[2]) : 0)
            : throw new FormatException("it has more than label, weight and base before its features");
    }

    private void ReadNamespace(string part)
    {
        var words = part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var (name, scale, first) = ("", 1f, 0);
        if (words.Length > 0 && part.Length > 0 && !char.IsWhiteSpace(part[0]))
        {
            (name, scale) = ValueOf(words[0]);
            first = 1;
        }

        var letter = name.Length == 0 ? ' ' : name[0];
        if (options.Ignored.Contains(letter, StringComparison.Ordinal) || (options.Kept.Length > 0 && !options.Kept.Contains(letter, StringComparison.Ordinal)))
        {
            return;
        }

        var seed = name.Length == 0 ? 0 : VowpalHash.Of(name, 0, options.HashesAll);
        var (start, anonymous) = (_indexes.Count, 0u);
        for (var i = first; i < words.Length; i++)
        {
            var (feature, value) = ValueOf(words[i]);
            var index = feature.Length == 0 ? unchecked(seed + anonymous++) : VowpalHash.Of(feature, seed, options.HashesAll);
            if (value * scale != 0)
            {
                Add(index, value * scale, name.Length == 0 ? feature : $"{name}^{feature}");
            }
        }

        Group(letter).Add((start, _indexes.Count - start));
    }

    private (double? Label, double Weight, double Base) ReadSvmLight(string line)
    {
        var remark = line.IndexOf('#', StringComparison.Ordinal);
        var words = (remark < 0 ? line : line[..remark]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            throw new FormatException("it has no label");
        }

        foreach (var word in words.Skip(1))
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1)
            {
                throw new FormatException("it has a feature without number and value");
            }

            var (feature, value) = ValueOf(word);
            if (value != 0)
            {
                Add(VowpalHash.Of(feature, 0, options.HashesAll), value, feature);
            }
        }

        Group(' ').Add((0, _indexes.Count));
        return (Number(words[0]), 1, 0);
    }

    private List<(int Start, int Count)> Group(char letter) =>
        _groups.TryGetValue(letter, out var group) ? group : _groups[letter] = [];

    private void Add(uint index, float value, string name)
    {
        _indexes.Add(index);
        _values.Add(value);
        if (names is not null)
        {
            _names.Add(name);
        }
    }

    private void AddGrams()
    {
        foreach (var gram in options.Grams)
        {
            var isOfOne = !char.IsAsciiDigit(gram[0]);
            var longest = int.Parse(isOfOne ? gram.AsSpan(1) : gram, NumberStyles.None, CultureInfo.InvariantCulture);
            foreach (var (letter, parts) in _groups.Where(group => !isOfOne || group.Key == gram[0]).OrderBy(group => group.Key).ToList())
            {
                foreach (var (start, count) in parts.ToList())
                {
                    var added = _indexes.Count;
                    for (var length = 2; length <= longest; length++)
                    {
                        for (var i = start; i + length <= start + count; i++)
                        {
                            var index = _indexes[i];
                            for (var next = 1; next < length; next++)
                            {
                                index = VowpalHash.Gram(index, _indexes[i + next]);
                            }

                            Add(index, 1, names is null ? "" : string.Join('_', _names.GetRange(i, length)));
                        }
                    }

                    parts.Add((added, _indexes.Count - added));
                }
            }
        }
    }

    private void AddInteractions()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var letters in options.Interactions)
        {
            foreach (var crossed in Expand(letters).Where(done.Add))
            {
                Cross(crossed);
            }
        }
    }

    private IEnumerable<string> Expand(string letters)
    {
        if (!letters.Contains(':', StringComparison.Ordinal))
        {
            return [letters];
        }

        char[] present = [.. _groups.Keys.Order()];
        IEnumerable<string> found = [""];
        foreach (var letter in letters)
        {
            found = found.SelectMany(begun => (letter == ':' ? present : [letter]).Select(next => begun + next)).ToList();
        }

        // Crossing a with b is crossing b with a.
        return found.DistinctBy(crossed => string.Concat(crossed.Order()));
    }

    private void Cross(string letters)
    {
        int[][] members = [.. letters.Select(letter => _groups.TryGetValue(letter, out var parts)
            ? parts.SelectMany(part => Enumerable.Range(part.Start, part.Count)).ToArray()
            : [])];
        for (var i = 0; i < members[0].Length; i++)
        {
            var one = members[0][i];
            for (var j = Begin(letters, 1, i, one); j < members[1].Length; j++)
            {
                var two = members[1][j];
                if (letters.Length == 2)
                {
                    Add(VowpalHash.Pair(_indexes[one], _indexes[two]), _values[one] * _values[two], NameOf(one, two));
                    continue;
                }

                for (var k = Begin(letters, 2, j, two); k < members[2].Length; k++)
                {
                    var three = members[2][k];
                    Add(
                        VowpalHash.Triple(_indexes[one], _indexes[two], _indexes[three]),
                        _values[one] * _values[two] * _values[three],
                        NameOf(one, two, three));
                }
            }
        }
    }

    // Within one namespace each set of features counts once, and a feature with itself only where its value says more than that it is there.
    private int Begin(string letters, int place, int before, int feature) =>
        letters[place] != letters[place - 1] ? 0 : _values[feature] != 1 ? before : before + 1;

    private string NameOf(params ReadOnlySpan<int> features)
    {
        if (names is null)
        {
            return "";
        }

        var name = new StringBuilder();
        foreach (var feature in features)
        {
            name.Append(name.Length == 0 ? "" : "*").Append(_names[feature]);
        }

        return name.ToString();
    }

    private static (string Name, float Value) ValueOf(string word)
    {
        var colon = word.LastIndexOf(':');
        if (colon < 0)
        {
            return (word, 1);
        }

        return float.TryParse(word.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? (word[..colon], value)
            : throw new FormatException("it has a feature whose value is no number");
    }

    private static double Number(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new FormatException("its label or base is no number");

    private static double Weight(string word) =>
        Number(word) is >= 0 and var weight ? weight : throw new FormatException("its weight is below 0");
}
