using System.Collections.Immutable;
using System.Text;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>A dictionary as it stands: its values, and for texts the levels that they make.</summary>
internal sealed class ArrowDictionaryValues
{
    private readonly Column _values;
    private readonly CategoryDomain? _domain;
    private readonly int[] _levelOfCode = [];

    public ArrowDictionaryValues(Column values, bool isOrdered)
    {
        _values = values;
        if (values is not StringColumn texts)
        {
            return;
        }

        // A dictionary may hold a text twice, or a missing value; levels are distinct.
        var levels = ImmutableArray.CreateBuilder<string>(texts.Length);
        var codes = new Dictionary<string, int>(StringComparer.Ordinal);
        _levelOfCode = new int[texts.Length];
        for (var code = 0; code < texts.Length; code++)
        {
            var level = -1;
            if (!texts.IsNull(code))
            {
                var text = Encoding.UTF8.GetString(texts.Bytes(code));
                if (!codes.TryGetValue(text, out level))
                {
                    level = codes.Count;
                    codes.Add(text, level);
                    levels.Add(text);
                }
            }

            _levelOfCode[code] = level;
        }

        _domain = new CategoryDomain(levels.ToImmutable(), isOrdered);
    }

    /// <summary>The values, for a dictionary that grows.</summary>
    public Column Values => _values;

    /// <summary>The levels; null when the values are no texts.</summary>
    public CategoryDomain? Domain => _domain;

    /// <summary>The values that codes stand for: a categorical column for texts, else a plain one.</summary>
    /// <exception cref="InvalidDataException">A code has no value.</exception>
    public Column Decode(ArrowField field, long[] codes, int count, ulong[]? validity)
    {
        var places = new int[count];
        for (var i = 0; i < count; i++)
        {
            if (validity is not null && (validity[i >> 6] & (1UL << (i & 63))) == 0)
            {
                places[i] = -1;
            }
            else if ((ulong)codes[i] >= (ulong)_values.Length)
            {
                throw new InvalidDataException(
                    $"column '{field.Name}': found a code outside its dictionary of {_values.Length} values");
            }
            else
            {
                places[i] = (int)codes[i];
            }
        }

        if (_domain is null)
        {
            return _values.Take(places);
        }

        var hasMissing = false;
        for (var i = 0; i < count; i++)
        {
            places[i] = places[i] < 0 ? -1 : _levelOfCode[places[i]];
            hasMissing |= places[i] < 0;
        }

        return new CategoryColumn(places, count, _domain, hasMissing ? Validity(places) : null);
    }

    private static ulong[] Validity(int[] codes)
    {
        var bits = Column.AllValid(codes.Length);
        for (var i = 0; i < codes.Length; i++)
        {
            if (codes[i] < 0)
            {
                bits[i >> 6] &= ~(1UL << (i & 63));
            }
        }

        return bits;
    }
}
