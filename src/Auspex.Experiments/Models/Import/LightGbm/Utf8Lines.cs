namespace Auspex.Experiments.Models.Import.LightGbm;

/// <summary>Lines of a text, one after the other, without their ends.</summary>
internal ref struct Utf8Lines(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public int Number { get; private set; }

    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        line = default;
        if (_rest.IsEmpty)
        {
            return false;
        }

        Number++;
        var end = _rest.IndexOf((byte)'\n');
        line = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        line = line.TrimEnd((byte)'\r');
        return true;
    }
}
