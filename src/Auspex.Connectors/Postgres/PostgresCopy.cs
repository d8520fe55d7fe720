using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Npgsql;

namespace Auspex.Connectors.Postgres;

/// <summary>
/// Inserts through COPY as text, so that the server itself reads each value as whatever type its column has: a table
/// that exists need not have the types that we would give it.
/// </summary>
internal sealed class PostgresCopy(NpgsqlConnection connection, string table, SqlMapping mapping, PostgresEngine engine) : ISqlInsert
{
    // Texts are all quoted, so that none of them is taken for this, nor for the end of the data.
    private const string NullText = "\\N";

    private NpgsqlCopyTextWriter? _copy;
    private DelimitedTextWriter? _rows;

    public async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        if (_rows is null)
        {
            await BeginAsync(cancellationToken);
        }

        var columns = mapping.Apply(batch);
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = columns[i] is TimeSpanColumn durations ? Intervals(durations) : columns[i];
        }

        await _rows!.WriteAsync(new TableBatch(mapping.Schema, [.. columns], batch.RowCount), cancellationToken);
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_rows is null)
        {
            return;
        }

        await _rows.FlushAsync(cancellationToken);
        _rows = null;
        await _copy!.DisposeAsync();
        _copy = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_copy is null)
        {
            return;
        }

        try
        {
            await _copy.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The server ended the copy itself, by refusing it.
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var names = string.Join(", ", mapping.Fields.Select(field => engine.Quote(field.Name)));
        _copy = await connection.BeginTextImportAsync(
            $"COPY {table} ({names}) FROM STDIN (FORMAT csv, NULL '{NullText}', ENCODING 'UTF8')", cancellationToken);

        // The text is UTF-8 already: the writer's stream takes it as it is.
        var options = new DelimitedTextWriterOptions { Name = table, HasHeader = false, NullText = NullText, QuoteAllText = true };
        _rows = new DelimitedTextWriter(_copy.BaseStream, mapping.Schema, options, leaveOpen: true);
    }

    /// <summary>PostgreSQL reads days only as a word of their own; hours may exceed 23.</summary>
    private static StringColumn Intervals(TimeSpanColumn durations)
    {
        var texts = new StringColumnBuilder(durations.Length);
        Span<byte> scratch = stackalloc byte[64];
        for (var row = 0; row < durations.Length; row++)
        {
            if (durations.IsNull(row))
            {
                texts.AppendNull();
                continue;
            }

            var ticks = durations.Values[row];
            var magnitude = ticks == long.MinValue ? (ulong)long.MaxValue + 1 : (ulong)Math.Abs(ticks);
            var (hours, rest) = Math.DivRem(magnitude, (ulong)TimeSpan.TicksPerHour);
            var text = $"{(ticks < 0 ? "-" : "")}{hours}:{rest / TimeSpan.TicksPerMinute:00}:"
                + $"{rest % TimeSpan.TicksPerMinute / TimeSpan.TicksPerSecond:00}.{rest % TimeSpan.TicksPerSecond:0000000}";
            texts.AppendUtf8(scratch[..Encoding.UTF8.GetBytes(text, scratch)]);
        }

        return (StringColumn)texts.Build();
    }
}
