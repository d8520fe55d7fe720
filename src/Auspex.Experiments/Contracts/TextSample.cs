using System.Collections.Immutable;
using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Experiments.Contracts;

/// <summary>Reads the beginning of a delimited text: its header, and its cells as the text they are.</summary>
internal static class TextSample
{
    /// <exception cref="TableFormatException">There is no header, it is broken, or the bytes are no text in a wide encoding.</exception>
    public static async Task<InputSample> ReadAsync(
        SampleBytes bytes, DelimitedTextOptions options, int mostRows, CancellationToken cancellationToken)
    {
        var plain = options with { Schema = null, Projection = null, Part = null, OnBadRow = null };
        ImmutableArray<string> columns;
        await using (var opened = await DelimitedTextReader.OpenAsync(Open(bytes), plain with { InferenceRows = 1 }, cancellationToken))
        {
            columns = opened.FileColumns;
        }

        // The header is read once more as a row: only so are its names as they stand, repeated ones included.
        var faults = new List<SampleFault>();
        var headerRows = options.HasHeader ? 1 : 0;
        await using var reader = await DelimitedTextReader.OpenAsync(
            Open(bytes),
            plain with
            {
                HasHeader = false,
                Schema = new TableSchema([.. Enumerable.Range(0, columns.Length).Select(index =>
                    new TableField { Name = $"{index}", Type = ColumnType.String })]),
                BatchRows = Math.Clamp(options.BatchRows, 1, mostRows + 1),
                OnBadRow = row =>
                {
                    faults.Add(new SampleFault(row.Location.Row - headerRows, row.Code));
                    return BadRowAction.Skip;
                },
            },
            cancellationToken);
        var rows = new Rows(headerRows, mostRows, faults);
        await foreach (var batch in reader.ReadAsync(cancellationToken))
        {
            if (!rows.Take(batch))
            {
                break;
            }
        }

        return new InputSample
        {
            Columns = columns,
            Header = rows.Header,
            HeaderLine = bytes.Line(options.SkipLines),
            HasHeader = options.HasHeader,
            Delimiter = options.Delimiter,
            Batches = [.. rows.Batches],
            Faults = rows.SettleFaults(bytes.IsWhole),
            HeaderRepeats = rows.HeaderRepeats,
            Bytes = bytes.BytesRead,
            IsWhole = bytes.IsWhole && !rows.IsCut,
        };
    }

    private static MemoryStream Open(SampleBytes bytes)
    {
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes.Text, out var segment);
        return new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false);
    }

    /// <summary>Numbers rows, and parts the header and its repetitions from them.</summary>
    private sealed class Rows(int headerRows, int mostRows, List<SampleFault> faults)
    {
        private byte[]?[]? _names;
        private long _row = -headerRows;
        private int _fault;
        private Hits _repeats;

        public List<SampleBatch> Batches { get; } = [];

        public ImmutableArray<string> Header { get; private set; } = [];

        public Hits HeaderRepeats => _repeats;

        /// <summary>Whether rows beyond the limit were left out.</summary>
        public bool IsCut { get; private set; }

        /// <summary>Takes a batch; false when there are enough.</summary>
        public bool Take(TableBatch batch)
        {
            var kept = new List<int>(batch.RowCount);
            var numbers = new List<long>(batch.RowCount);
            for (var i = 0; i < batch.RowCount && !IsCut; i++)
            {
                var number = NextNumber();
                if (number <= 0)
                {
                    TakeHeader(batch, i);
                }
                else if (number > mostRows)
                {
                    IsCut = true;
                }
                else if (_names is not null && IsHeader(batch, i))
                {
                    _repeats.Add(number);
                }
                else
                {
                    kept.Add(i);
                    numbers.Add(number);
                }
            }

            if (kept.Count > 0)
            {
                Batches.Add(new SampleBatch(
                    kept.Count == batch.RowCount ? batch : batch.Take(kept.ToArray()), [.. numbers]));
            }

            return !IsCut;
        }

        /// <summary>
        /// The unreadable rows up to the limit. Where the sample ends inside a quoted field with line ends, the field seems
        /// not to be closed; what follows then until the end says nothing about the file.
        /// </summary>
        public ImmutableArray<SampleFault> SettleFaults(bool isWhole)
        {
            var last = Batches.Count == 0 ? 0 : Batches[^1].RowNumbers[^1];
            var end = faults.Count;
            if (!isWhole && !IsCut)
            {
                var broken = faults.FindIndex(fault => fault.Row > last && fault.Code == ErrorCode.BrokenQuotes);
                end = broken < 0 ? end : broken;
            }

            var settled = ImmutableArray.CreateBuilder<SampleFault>(end);
            for (var i = 0; i < end; i++)
            {
                if (faults[i].Row <= mostRows)
                {
                    settled.Add(faults[i]);
                }
            }

            return settled.ToImmutable();
        }

        // The reader numbers all rows and gives the good ones: those between are the bad ones.
        private long NextNumber()
        {
            _row++;
            while (_fault < faults.Count && faults[_fault].Row == _row)
            {
                _fault++;
                _row++;
            }

            return _row;
        }

        private void TakeHeader(TableBatch batch, int row)
        {
            Header = [.. batch.Columns.Select(column => ((StringColumn)column).Text(row)?.Trim() ?? "")];
            var names = Header.Select(name => name.Length == 0 ? null : Encoding.UTF8.GetBytes(name)).ToArray();
            _names = names.Any(name => name is not null) ? names : null;
        }

        private bool IsHeader(TableBatch batch, int row)
        {
            for (var i = 0; i < _names!.Length; i++)
            {
                var cell = ((StringColumn)batch.Columns[i]).Bytes(row).Trim(" \t"u8);
                if (!cell.SequenceEqual(_names[i]))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
