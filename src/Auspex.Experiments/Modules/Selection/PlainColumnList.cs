using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;

namespace Auspex.Experiments.Modules.Selection;

/// <summary>The form of a column selector that people write: names and words separated by commas.</summary>
internal static class PlainColumnList
{
    private static readonly FrozenDictionary<string, ColumnRule> Words = MakeWords();

    public static ColumnSelector Read(string text)
    {
        var rules = ImmutableArray.CreateBuilder<ColumnRule>();
        foreach (var (item, isQuoted, isMinus) in Items(text))
        {
            if (isMinus && rules.Count == 0)
            {
                rules.Add(new AllColumnsRule(Exclude: false));
            }

            rules.Add(isQuoted
                ? new ColumnNamesRule([item], isMinus)
                : new NameOrWordRule(item, WordRule(item), isMinus));
        }

        return new ColumnSelector(rules.ToImmutable());
    }

    /// <summary>What a word stands for; null when the text is no word.</summary>
    public static ColumnRule? WordRule(string text) =>
        Words.GetValueOrDefault(text.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>The items of a list separated by commas, quotes undone; blank ones left out.</summary>
    /// <exception cref="ModuleException">Error 2: a quote is not closed, or text follows it.</exception>
    public static IEnumerable<(string Text, bool IsQuoted, bool IsMinus)> Items(string list)
    {
        var position = 0;
        while (position < list.Length)
        {
            SkipBlanks();
            var isMinus = position + 1 < list.Length && list[position] == '-';
            if (isMinus)
            {
                position++;
                SkipBlanks();
            }

            if (position < list.Length && list[position] == '"')
            {
                yield return (Quoted(), true, isMinus);
            }
            else
            {
                var end = list.IndexOf(',', position);
                var text = list[position..(end < 0 ? list.Length : end)].Trim();
                position = end < 0 ? list.Length : end + 1;
                if (text.Length > 0)
                {
                    yield return (text, false, isMinus);
                }
            }
        }

        void SkipBlanks()
        {
            while (position < list.Length && char.IsWhiteSpace(list[position]))
            {
                position++;
            }
        }

        string Quoted()
        {
            var name = new StringBuilder();
            for (position++; ; position++)
            {
                if (position >= list.Length)
                {
                    throw new ModuleException(2, $"The list '{list}' has a quote that is not closed; expected \"name\", \"name\".");
                }

                if (list[position] != '"')
                {
                    name.Append(list[position]);
                }
                else if (position + 1 < list.Length && list[position + 1] == '"')
                {
                    name.Append('"');
                    position++;
                }
                else
                {
                    break;
                }
            }

            position++;
            SkipBlanks();
            if (position < list.Length && list[position] != ',')
            {
                throw new ModuleException(2, $"The list '{list}' has text behind a closing quote; expected a comma there.");
            }

            position++;
            return name.ToString();
        }
    }

    private static FrozenDictionary<string, ColumnRule> MakeWords()
    {
        var words = new Dictionary<string, ColumnRule>(StringComparer.OrdinalIgnoreCase);
        Add(new AllColumnsRule(Exclude: false), "All", "AllColumns", "AllTypes");
        (string Type, string Plural)[] types =
        [
            ("Numeric", "Numeric"), ("Integer", "Integers"), ("Double", "Doubles"), ("Boolean", "Booleans"),
            ("String", "Strings"), ("DateTime", "DateTimes"), ("TimeSpan", "TimeSpans"), ("Categorical", "Categorical"),
            ("NonCategorical", "NonCategorical"),
        ];
        foreach (var (type, plural) in types)
        {
            Add(new ColumnTypesRule([type], [], Exclude: false), type + "All", "All" + type, "All" + plural);
            foreach (var kind in ColumnTypesRule.KnownKinds.Skip(2))
            {
                Add(new ColumnTypesRule([type], [kind], Exclude: false), type + kind);
            }
        }

        foreach (var kind in ColumnTypesRule.KnownKinds.Skip(2))
        {
            Add(new ColumnTypesRule([], [kind], Exclude: false), kind, "All" + kind, "All" + kind + "s");
        }

        return words.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

        void Add(ColumnRule rule, params string[] names)
        {
            foreach (var name in names)
            {
                words.TryAdd(name, rule);
            }
        }
    }
}
