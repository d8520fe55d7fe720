namespace Auspex.Connectors.Formats;

/// <summary>Some whole records of a file, side by side in a buffer that is used again and again.</summary>
public sealed class RecordBlock
{
    internal byte[] Bytes { get; private set; } = [];

    internal int Start { get; private set; }

    internal int End { get; private set; }

    /// <summary>The byte of the text at which the block begins.</summary>
    public long Offset { get; private set; }

    /// <summary>The bytes of the block.</summary>
    public int Length => End - Start;

    /// <summary>Whether a quote is in the block; without one every line is a record.</summary>
    internal bool HasQuotes { get; private set; }

    /// <summary>Whether the last record goes on after the block: it is longer than any may be, and bad.</summary>
    public bool IsCut { get; private set; }

    internal void Set(byte[] bytes, int start, int end, long offset, bool hasQuotes, bool isCut) =>
        (Bytes, Start, End, Offset, HasQuotes, IsCut) = (bytes, start, end, offset, hasQuotes, isCut);
}
