using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Auspex.Stores;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// Keeps what a staged output's footer will have to say of its segments: whole pages as documents, the rest in checkpoints, so that
/// neither grows with the file.
/// </summary>
/// <remarks>What is in a page depends on the output alone: a host that was taken for dead writes the same.</remarks>
internal sealed class FooterPages(IDocumentStore documents, string jobId)
{
    private const string Collection = "jobfooters";
    private const int PageBytes = 16 << 10;

    private readonly ArrayBufferWriter<byte> _tail = new();
    private readonly List<byte[]> _unsaved = [];
    private int _entries;
    private int _pages;

    /// <summary>Takes the entries in that were added since the last time; gives what a checkpoint has to hold, and saves the pages for it.</summary>
    /// <remarks>The first part is done when this returns: the entries may grow while the task runs.</remarks>
    public (int Pages, string? Tail, Func<CancellationToken, Task> Save) Take(IReadOnlyList<byte[]> entries)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        for (; _entries < entries.Count; _entries++)
        {
            var entry = entries[_entries];
            BinaryPrimitives.WriteInt32LittleEndian(length, entry.Length);
            _tail.Write(length);
            _tail.Write(entry);
            if (_tail.WrittenCount >= PageBytes)
            {
                _unsaved.Add(_tail.WrittenSpan.ToArray());
                _tail.ResetWrittenCount();
                _pages++;
            }
        }

        var first = _pages - _unsaved.Count;
        byte[][] saved = [.. _unsaved];
        _unsaved.Clear();
        return (_pages, _tail.WrittenCount == 0 ? null : Convert.ToBase64String(_tail.WrittenSpan), SaveAsync);

        async Task SaveAsync(CancellationToken token)
        {
            for (var i = 0; i < saved.Length; i++)
            {
                await documents.PutAsync(Collection, Id(first + i), saved[i], expectedVersion: null, token);
            }
        }
    }

    /// <summary>Reads back what a checkpoint stands for; null when pages are gone.</summary>
    public async Task<List<byte[]>?> ReadAsync(ScoringCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var entries = new List<byte[]>();
        for (var page = 0; page < checkpoint.FooterPages; page++)
        {
            if (await documents.GetAsync(Collection, Id(page), cancellationToken) is not { } kept)
            {
                return null;
            }

            Add(entries, kept.Body.Span);
        }

        byte[] tail = checkpoint.FooterTail is null ? [] : Convert.FromBase64String(checkpoint.FooterTail);
        Add(entries, tail);
        (_entries, _pages) = (entries.Count, checkpoint.FooterPages);
        _unsaved.Clear();
        _tail.ResetWrittenCount();
        _tail.Write(tail);
        return entries;
    }

    /// <summary>Removes all pages of a job.</summary>
    public static async Task DeleteAsync(IDocumentStore documents, string jobId, CancellationToken cancellationToken)
    {
        foreach (var page in await documents.ListAsync(Collection, $"{jobId}/", cancellationToken))
        {
            await documents.DeleteAsync(Collection, page.Id, cancellationToken);
        }
    }

    private string Id(int page) => string.Create(CultureInfo.InvariantCulture, $"{jobId}/{page:D8}");

    private static void Add(List<byte[]> entries, ReadOnlySpan<byte> page)
    {
        while (!page.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(page);
            entries.Add(page.Slice(sizeof(int), length).ToArray());
            page = page[(sizeof(int) + length)..];
        }
    }
}
