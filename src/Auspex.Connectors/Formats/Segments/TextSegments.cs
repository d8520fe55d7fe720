using System.IO.Compression;
using Auspex.Connectors.Formats.Compression;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Segments;

/// <summary>
/// Delimited text in segments: plain text can end anywhere; packed text is gzip members or Zstandard frames, which readers take one after
/// another. They begin small and grow with the file, so that what an open one holds is little of all text.
/// </summary>
public sealed class TextSegments : SegmentWriter
{
    private const int FewestBytes = 64 << 10;
    private const int MostBytes = 512 << 10;
    private const int MembersOfASize = 1000;

    private readonly FileCompression _compression;
    private readonly CompressionLevel _level;
    private readonly DelimitedTextEncoder _encoder;
    private readonly TableSchema _schema;
    private readonly bool _hasHeader;
    private readonly byte[] _member;
    private int _used;
    private bool _isBegun;

    /// <summary>Begins, or goes on.</summary>
    /// <param name="schema">Of the batches; its names are the header.</param>
    /// <param name="options">How text is written.</param>
    /// <param name="compression">How it is packed.</param>
    /// <param name="level">How hard.</param>
    /// <param name="start">Where to go on; null begins.</param>
    public TextSegments(
        TableSchema schema, DelimitedTextWriterOptions options, FileCompression compression, CompressionLevel level, SegmentState? start)
        : base(start)
    {
        _schema = schema;
        _compression = compression;
        _level = level;
        _hasHeader = options.HasHeader;
        _isBegun = Written > 0;
        _encoder = new DelimitedTextEncoder(options) { IsAtFileStart = Written == 0 };
        _member = compression == FileCompression.None ? [] : new byte[MostBytes];
    }

    private int MemberBytes => (int)Math.Clamp(Settled / MembersOfASize, FewestBytes, MostBytes);

    /// <summary>Appends text as it stands, the header included.</summary>
    public void Write(ReadOnlySpan<byte> text)
    {
        _isBegun = true;
        var known = Known(text.Length);
        Written += text.Length;
        text = text[known..];
        if (_compression == FileCompression.None)
        {
            Give(text);
            Settled = Math.Max(Settled, Written);
            return;
        }

        while (!text.IsEmpty)
        {
            var taken = Math.Min(text.Length, MemberBytes - _used);
            text[..taken].CopyTo(_member.AsSpan(_used));
            _used += taken;
            text = text[taken..];
            if (_used == MemberBytes)
            {
                EndMember();
            }
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        Begin();
        var columns = batch.Columns.AsSpan();
        for (var row = 0; row < batch.RowCount; row++)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                _encoder.WriteDelimiter(i);
                _encoder.WriteCell(columns[i], row, isOnly: columns.Length == 1);
            }

            _encoder.EndRow();
        }

        Write(_encoder.Written.Span);
        _encoder.Clear();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task CompleteAsync(CancellationToken cancellationToken)
    {
        Begin();

        // A packed file without any member would be no packed file.
        if (_compression != FileCompression.None && (_used > 0 || Length == 0))
        {
            EndMember();
        }

        return Task.CompletedTask;
    }

    private void Begin()
    {
        if (!_isBegun && _hasHeader)
        {
            _encoder.WriteHeader(_schema);
            Write(_encoder.Written.Span);
            _encoder.Clear();
        }

        _isBegun = true;
    }

    // All of a member in one go: some packers give other bytes for the same text in other pieces.
    private void EndMember()
    {
        using var packed = new MemoryStream();
        using (var packing = TextCompression.OpenWrite(packed, _compression, _level, leaveOpen: true))
        {
            packing.Write(_member, 0, _used);
        }

        Give(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Settled += _used;
        _used = 0;
    }
}
