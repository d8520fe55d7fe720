using System.Text;

namespace Auspex.Connectors.Tables;

/// <summary>UTF-8 text: row i is the bytes from <c>Offsets[i]</c> to <c>Offsets[i + 1]</c> of <see cref="Data"/>.</summary>
/// <remarks>
/// Where few texts are different, the rows may be codes into a <see cref="Levels"/> instead, as Arrow's dictionary-encoded
/// columns are. Whoever asks by row need not know; the bytes side by side are then made when they are first asked for.
/// </remarks>
public sealed class StringColumn : Column
{
    private readonly byte[] _data = [];
    private readonly int[] _offsets = [];
    private readonly int[] _codes = [];
    private StringColumn? _spelledOut;

    /// <summary>Makes a column of bytes side by side.</summary>
    public StringColumn(byte[] data, int[] offsets, int length, ulong[]? validity)
        : base(length, validity) => (_data, _offsets) = (data, offsets);

    /// <summary>Makes a column of codes; negative ones stand where a value is missing.</summary>
    internal StringColumn(TextLevels levels, int[] codes, int length, ulong[]? validity)
        : base(length, validity) => (Levels, _codes) = (levels, codes);

    /// <summary>What the codes mean; null where the column has none.</summary>
    public TextLevels? Levels { get; }

    /// <summary>Per row a text of <see cref="Levels"/>; negative where the value is missing.</summary>
    public ReadOnlySpan<int> Codes => _codes.AsSpan(0, Length);

    /// <summary>The bytes of all rows, and no others.</summary>
    public ReadOnlySpan<byte> Data => Levels is null ? _data.AsSpan(0, _offsets[Length]) : SpelledOut.Data;

    /// <summary>One more than there are rows.</summary>
    public ReadOnlySpan<int> Offsets => Levels is null ? _offsets.AsSpan(0, Length + 1) : SpelledOut.Offsets;

    // Two threads may both make it: the same.
    private StringColumn SpelledOut => _spelledOut ??= SpellOut();

    /// <summary>The bytes of one row; empty for a missing value too.</summary>
    public ReadOnlySpan<byte> Bytes(int row) =>
        Levels is null ? _data.AsSpan(_offsets[row], _offsets[row + 1] - _offsets[row])
        : _codes[row] < 0 ? default
        : Levels[_codes[row]];

    /// <summary>The text of one row; null when it is missing. Allocates.</summary>
    public string? Text(int row) => IsNull(row) ? null : Encoding.UTF8.GetString(Bytes(row));

    /// <inheritdoc/>
    public override Column Take(ReadOnlySpan<int> rows)
    {
        if (Levels is not null)
        {
            var codes = new int[rows.Length];
            for (var i = 0; i < codes.Length; i++)
            {
                codes[i] = rows[i] < 0 ? -1 : _codes[rows[i]];
            }

            return new StringColumn(Levels, codes, codes.Length, TakeValidity(rows));
        }

        var offsets = new int[rows.Length + 1];
        var total = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            total = checked(total + (rows[i] < 0 ? 0 : Bytes(rows[i]).Length));
            offsets[i + 1] = total;
        }

        var data = new byte[total];
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] >= 0)
            {
                Bytes(rows[i]).CopyTo(data.AsSpan(offsets[i]));
            }
        }

        return new StringColumn(data, offsets, rows.Length, TakeValidity(rows));
    }

    private StringColumn SpellOut()
    {
        var offsets = new int[Length + 1];
        for (var row = 0; row < Length; row++)
        {
            offsets[row + 1] = checked(offsets[row] + Bytes(row).Length);
        }

        var data = new byte[offsets[^1]];
        for (var row = 0; row < Length; row++)
        {
            Bytes(row).CopyTo(data.AsSpan(offsets[row]));
        }

        return new StringColumn(data, offsets, Length, Validity);
    }
}
