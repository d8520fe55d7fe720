using Auspex.Connectors.Tables;
using ParquetSharp;
using Column = Auspex.Connectors.Tables.Column;

namespace Auspex.Connectors.Formats.Parquet;

/// <summary>The rows of one column of a row group, taken in order.</summary>
internal abstract class ParquetColumn(string name) : IDisposable
{
    /// <summary>The column's name in messages.</summary>
    protected string Name => name;

    /// <summary>Makes rows ready, as many as wanted or as fit; gives how many are.</summary>
    public virtual int Prepare(int rows) => rows;

    /// <summary>The next rows, as many as were made ready at most.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public abstract Column Take(int rows, CellFaults faults);

    /// <summary>Whether there are rows that nobody took.</summary>
    public abstract bool HasMore { get; }

    public abstract void Dispose();

    /// <summary>There are fewer rows than the row group says.</summary>
    protected InvalidDataException TooFew() => new($"column '{name}' has fewer rows than its row group");
}

/// <summary>Reads runs of values and of definition levels, which say what is missing.</summary>
internal sealed class ParquetRuns<T>(ColumnReader<T> reader, bool isNullable)
    where T : unmanaged
{
    private short[] _levels = [];
    private short[] _repetitions = [];

    /// <summary>1 for each row of the last run that has a value, 0 for each that has none; empty when all have.</summary>
    public ReadOnlySpan<short> Levels => isNullable ? _levels : [];

    public bool HasMore => reader.HasNext;

    /// <summary>Reads rows up to the end of a page; values come without gaps.</summary>
    public int Read(int rows, Span<T> values)
    {
        if (!reader.HasNext)
        {
            return 0;
        }

        if (!isNullable)
        {
            return (int)reader.ReadBatch(rows, values[..rows], out _);
        }

        if (_levels.Length < rows)
        {
            _levels = new short[rows];
            _repetitions = new short[rows];
        }

        return (int)reader.ReadBatch(rows, _levels.AsSpan(0, rows), _repetitions.AsSpan(0, rows), values[..rows], out _);
    }
}

/// <summary>A column whose values have a width of their own, or become numbers at once.</summary>
internal sealed class ParquetFixedColumn<TStored, TValue>(
    string name,
    ColumnReader<TStored> reader,
    bool isNullable,
    Func<TStored, TValue> convert,
    Func<TValue[], int, ulong[]?, CellFaults, Column> make) : ParquetColumn(name)
    where TStored : unmanaged
    where TValue : unmanaged
{
    private readonly ParquetRuns<TStored> _runs = new(reader, isNullable);
    private TStored[] _stored = [];

    public override bool HasMore => _runs.HasMore;

    public override Column Take(int rows, CellFaults faults)
    {
        var values = new TValue[rows];
        ulong[]? validity = null;
        if (_stored.Length < rows)
        {
            _stored = new TStored[rows];
        }

        for (var row = 0; row < rows;)
        {
            var count = _runs.Read(rows - row, _stored);
            if (count <= 0)
            {
                throw TooFew();
            }

            Spread(values.AsSpan(row, count), row, rows, ref validity);
            row += count;
        }

        return make(values, rows, validity, faults);
    }

    public override void Dispose() => reader.Dispose();

    private void Spread(Span<TValue> values, int firstRow, int rows, ref ulong[]? validity)
    {
        var levels = _runs.Levels;
        var next = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (levels.IsEmpty || levels[i] != 0)
            {
                values[i] = convert(_stored[next++]);
            }
            else
            {
                validity ??= Column.AllValid(rows);
                validity[(firstRow + i) >> 6] &= ~(1UL << ((firstRow + i) & 63));
            }
        }
    }
}

/// <summary>A column of texts. Their bytes lie in a page that goes when the next is read, so they are copied at once.</summary>
internal sealed class ParquetTextColumn(string name, ColumnReader<ByteArray> reader, bool isNullable, int batchBytes)
    : ParquetColumn(name)
{
    private const int RunRows = 1024;

    private readonly ParquetRuns<ByteArray> _runs = new(reader, isNullable);
    private readonly ByteArray[] _run = new ByteArray[RunRows];
    private readonly StringColumnBuilder _builder = new();
    private int _runLength;
    private int _runNext;
    private int _valueNext;

    public override bool HasMore => _runNext < _runLength || _builder.Count > 0 || _runs.HasMore;

    public override int Prepare(int rows)
    {
        // A batch of many long texts is closed early; one row is taken however long it is.
        for (var bytes = 0L; _builder.Count < rows && (bytes < batchBytes || _builder.Count == 0);)
        {
            if (_runNext == _runLength)
            {
                (_runNext, _valueNext) = (0, 0);
                _runLength = _runs.Read(Math.Min(RunRows, rows - _builder.Count), _run);
                if (_runLength <= 0)
                {
                    throw TooFew();
                }
            }

            bytes += AppendNext();
        }

        return Math.Min(rows, _builder.Count);
    }

    public override Column Take(int rows, CellFaults faults)
    {
        var taken = _builder.Build();
        if (taken.Length > rows)
        {
            _builder.AppendRange(taken, rows, taken.Length - rows);
            taken = taken.Slice(0, rows);
        }

        var texts = (StringColumn)taken;
        TextCheck.FindInvalid(texts, Name, faults);
        return texts;
    }

    public override void Dispose() => reader.Dispose();

    private unsafe int AppendNext()
    {
        var levels = _runs.Levels;
        if (!levels.IsEmpty && levels[_runNext++] == 0)
        {
            _builder.AppendNull();
            return 0;
        }

        if (levels.IsEmpty)
        {
            _runNext++;
        }

        var text = _run[_valueNext++];
        _builder.AppendUtf8(new ReadOnlySpan<byte>((void*)text.Pointer, text.Length));
        return text.Length;
    }
}
