using System.Collections.Immutable;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>A column of a file that has types of its own.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Field">What it is read as; null when it cannot be.</param>
/// <param name="Unreadable">What it holds that cannot be read; null when it can.</param>
internal readonly record struct FileColumn(string Name, TableField? Field, string? Unreadable);

/// <summary>
/// Turns the columns of a typed file into the wanted ones, batch by batch: binds them by name, converts, and decides about rows
/// with cells that are no value of the wanted type.
/// </summary>
internal sealed class TypedRows
{
    private readonly TableReadOptions _options;
    private readonly ColumnBinding _binding;
    private readonly ImmutableArray<FileColumn> _file;
    private readonly byte[][] _markers;
    private long _rows;

    private TypedRows(TableReadOptions options, ColumnBinding binding, ImmutableArray<FileColumn> file)
    {
        _options = options;
        _binding = binding;
        _file = file;
        _markers = [.. options.MissingMarkers.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>The columns given.</summary>
    public TableSchema Schema => _binding.Schema;

    /// <summary>The position in the file of each column given.</summary>
    public ImmutableArray<int> Positions => _binding.Fields;

    /// <summary>The rows left out so far.</summary>
    public long SkippedRows { get; private set; }

    /// <summary>Cells that the decoder finds no value for.</summary>
    public CellFaults Faults { get; } = new();

    /// <exception cref="TableFormatException">A wanted column is missing or cannot be read, or there are others that are not allowed.</exception>
    public static TypedRows Bind(ImmutableArray<FileColumn> file, TableReadOptions options)
    {
        if (options.ChooseSchema is { } choose)
        {
            var readable = new TableSchema([.. file.Where(column => column.Field is not null).Select(column => column.Field!)]);
            options = options with { Schema = choose(readable), ChooseSchema = null };
        }

        var binding = ColumnBinding.Of(
            [.. file.Select(column => column.Name)],
            new WantedColumns(options.Name, options.Schema, options.ExtraColumns, options.Projection));
        foreach (var position in binding.Fields)
        {
            if (file[position] is { Field: null } column)
            {
                throw new TableFormatException(
                    ErrorCode.UnsupportedTableFile,
                    $"{options.Name}: column '{column.Name}': found {column.Unreadable}; expected one number, text, date, duration or boolean in each row. Leave the column out, or write it as such columns.",
                    new TableLocation(0, 0, column.Name));
            }
        }

        return new TypedRows(options, binding.With(position => file[position].Field!), file);
    }

    /// <summary>Passes over rows that an earlier reader gave.</summary>
    public void Skip(long rows)
    {
        _rows += rows;
        Faults.Clear();
    }

    /// <summary>The wanted rows of a batch; null when none is left.</summary>
    /// <param name="columns">In the order of <see cref="Positions"/>, each as the file has it.</param>
    /// <param name="rows">How many rows they have.</param>
    /// <exception cref="TableFormatException">A row has a cell that is no value of its column's type, and may not be left out.</exception>
    public TableBatch? Convert(ImmutableArray<Column> columns, int rows)
    {
        var fields = Schema.Fields;
        var converted = ImmutableArray.CreateBuilder<Column>(columns.Length);
        for (var i = 0; i < columns.Length; i++)
        {
            converted.Add(ColumnConversion.Convert(
                columns[i], _file[Positions[i]].Field!, fields[i], isWanted: !_binding.IsInferred[i], _markers, Faults));
        }

        var batch = new TableBatch(Schema, converted.MoveToImmutable(), rows);
        var first = _rows;
        _rows += rows;
        if (Faults.Count == 0)
        {
            return rows == 0 ? null : batch;
        }

        foreach (var (row, fault) in Faults.ByRow)
        {
            Refuse(columns, row, first + row + 1, fault);
        }

        var kept = Enumerable.Range(0, rows).Where(row => !Faults.ByRow.ContainsKey(row)).ToArray();
        Faults.Clear();
        return kept.Length == 0 ? null : batch.Take(kept);
    }

    private void Refuse(ImmutableArray<Column> columns, int row, long number, CellFault fault)
    {
        var location = new TableLocation(number, 0, fault.Column);
        var reason = $"column '{fault.Column}': {fault.Problem}.";
        var message = $"{_options.Name}: row {number}: {reason}";
        if (_options.OnBadRow is not { } decide
            || decide(new BadRow(fault.Code, message, reason, location, Record(columns, row))) != BadRowAction.Skip)
        {
            throw new TableFormatException(fault.Code, message, location);
        }

        SkippedRows++;
    }

    /// <summary>The row as the file has it, as comma-separated text.</summary>
    private static ReadOnlyMemory<byte> Record(ImmutableArray<Column> columns, int row)
    {
        var text = new StringBuilder();
        for (var i = 0; i < columns.Length; i++)
        {
            text.Append(i == 0 ? "" : ",");
            if (ColumnText.Text(columns[i], row, CellFormat.File) is { } cell)
            {
                var isPlain = cell.Length > 0 && !cell.AsSpan().ContainsAny(",\"\r\n");
                text.Append(isPlain ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
