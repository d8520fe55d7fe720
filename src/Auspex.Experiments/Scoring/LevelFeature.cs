using System.Globalization;
using System.Runtime.CompilerServices;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring;

/// <summary>A column of levels: text, or anything made categorical.</summary>
internal sealed class LevelFeature : BoundFeature
{
    private readonly LevelIndex _index;
    private readonly int _missing;
    private readonly int _unknown;

    // Where the table's column is categorical: the model's level for each of the table's.
    private readonly int[]? _map;

    // Where the table has plain numbers and training had them as levels.
    private readonly Dictionary<double, int>? _numbers;

    // Where a text column names its texts by code: what they mean here.
    private readonly ConditionalWeakTable<TextLevels, KnownTexts> _known = [];

    private LevelFeature(int column, TableField found, CategoryDomain domain, bool allowsUnknown)
        : base(column)
    {
        _index = new LevelIndex(domain.Levels);
        _missing = allowsUnknown ? domain.Levels.Length : MissingCode;
        _unknown = allowsUnknown ? domain.Levels.Length : UnknownCode;
        if (found.Categories is { } levels)
        {
            var known = domain.Levels.Select((level, code) => (level, code))
                .ToDictionary(entry => entry.level, entry => entry.code, StringComparer.Ordinal);
            _map = [.. levels.Levels.Select(level => known.GetValueOrDefault(level, _unknown))];
        }
        else if (found.Type is not ColumnType.String)
        {
            _numbers = [];
            for (var code = 0; code < domain.Levels.Length; code++)
            {
                if (TryNumber(domain.Levels[code], out var number))
                {
                    _numbers.TryAdd(number, code);
                }
            }
        }
    }

    public override bool IsLevels => true;

    /// <summary>The code of a missing value.</summary>
    public int Missing => _missing;

    /// <summary>The code of a text.</summary>
    public int CodeOf(ReadOnlySpan<byte> text) => Known(_index.Find(text));

    /// <summary>The code of a number, where training had numbers as levels.</summary>
    public int CodeOf(double number) => Number(number);

    public static LevelFeature Bind(int column, TableField found, TableField wanted, CategoryDomain domain, bool allowsUnknown)
    {
        var isText = found.IsCategorical || found.Type == ColumnType.String;
        var isNumber = found.IsNumeric || found.Type == ColumnType.Boolean;
        if (!isText && !(isNumber && wanted.Type != ColumnType.String))
        {
            throw Mismatch(found, wanted, wanted.Type == ColumnType.String ? "text" : $"{wanted.Type} or text");
        }

        return new LevelFeature(column, found, domain, allowsUnknown);
    }

    public override void ReadNumbers(TableBatch batch, int start, Span<double> values) =>
        throw new InvalidOperationException("A level is no number.");

    public override void ReadSingles(TableBatch batch, int start, Span<float> values) =>
        throw new InvalidOperationException("A level is no number.");

    public override void ReadCodes(TableBatch batch, int start, Span<int> codes)
    {
        switch (batch.Columns[Column])
        {
            case StringColumn { Levels: { } levels } texts:
                var known = _known.GetValue(levels, static _ => new KnownTexts()).Of(levels, this);
                var named = texts.Codes.Slice(start, codes.Length);
                for (var i = 0; i < codes.Length; i++)
                {
                    codes[i] = named[i] < 0 ? _missing : known[named[i]];
                }

                break;
            case StringColumn texts:
                for (var i = 0; i < codes.Length; i++)
                {
                    codes[i] = texts.IsNull(start + i) ? _missing : Known(_index.Find(texts.Bytes(start + i)));
                }

                break;
            case CategoryColumn categories:
                var source = categories.Values.Slice(start, codes.Length);
                for (var i = 0; i < codes.Length; i++)
                {
                    codes[i] = categories.IsNull(start + i) || source[i] < 0 ? _missing : _map![source[i]];
                }

                break;
            case Int64Column integers:
                for (var i = 0; i < codes.Length; i++)
                {
                    codes[i] = integers.IsNull(start + i) ? _missing : Number(integers.Values[start + i]);
                }

                break;
            case DoubleColumn doubles:
                for (var i = 0; i < codes.Length; i++)
                {
                    codes[i] = doubles.IsNull(start + i) ? _missing : Number(doubles.Values[start + i]);
                }

                break;
            case BooleanColumn booleans:
                for (var i = 0; i < codes.Length; i++)
                {
                    codes[i] = booleans.IsNull(start + i) ? _missing : Number(booleans.Values[start + i] ? 1 : 0);
                }

                break;
            case var other:
                throw new InvalidOperationException($"A batch of the bound schema has {other.GetType().Name} for levels.");
        }
    }

    private int Known(int code) => code >= 0 ? code : _unknown;

    private int Number(double number) => _numbers!.TryGetValue(number, out var code) ? code : _unknown;

    private static bool TryNumber(string level, out double number)
    {
        if (bool.TryParse(level, out var truth))
        {
            number = truth ? 1 : 0;
            return true;
        }

        return double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>The codes of the levels of a text column, each found once.</summary>
    private sealed class KnownTexts
    {
        private int[] _codes = [];

        public int[] Of(TextLevels levels, LevelFeature feature)
        {
            // Threads that meet here at once find the same.
            var known = Volatile.Read(ref _codes);
            var count = levels.Count;
            if (known.Length < count)
            {
                var more = new int[count];
                known.CopyTo(more, 0);
                for (var code = known.Length; code < count; code++)
                {
                    more[code] = feature.CodeOf(levels[code]);
                }

                Volatile.Write(ref _codes, known = more);
            }

            return known;
        }
    }
}
