using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Activities.DataMovement.Copying.Mapping;

/// <summary>A mapping held against the columns of one source: what each column of the sink is made of.</summary>
internal sealed class BoundMapping
{
    private readonly ImmutableArray<Bound> _columns;

    private BoundMapping(ImmutableArray<Bound> columns)
    {
        _columns = columns;
        Schema = new TableSchema([.. columns.Select(column => column.Field)]);
    }

    /// <summary>The columns that come out.</summary>
    public TableSchema Schema { get; }

    /// <summary>Binds a mapping.</summary>
    /// <param name="mapping">The mapping.</param>
    /// <param name="source">The source's columns.</param>
    /// <param name="sink">The columns of a sink that exists; null when the sink takes any.</param>
    /// <param name="textDates">Whether dates are to become text, as files of text hold them.</param>
    /// <param name="name">What to call the source in messages.</param>
    /// <param name="isDocument">Whether the source's columns are those of the mapping, in order.</param>
    /// <exception cref="TableFormatException">A column is missing on either side.</exception>
    public static BoundMapping Of(
        ColumnMapping mapping, TableSchema source, TableSchema? sink, bool textDates, string name, bool isDocument)
    {
        var columns = ImmutableArray.CreateBuilder<Bound>();
        if (mapping.Entries.Count == 0)
        {
            for (var i = 0; i < source.Fields.Length; i++)
            {
                columns.Add(Bind(mapping.Conversion, source, i, source.Fields[i].Name, null, sink, textDates, name));
            }
        }
        else
        {
            for (var i = 0; i < mapping.Entries.Count; i++)
            {
                var entry = mapping.Entries[i];
                var position = isDocument ? i : Position(entry.Source, source, name);
                var target = entry.Sink.Label ?? Ordinal(entry.Sink, sink, name) ?? source.Fields[position].Name;
                columns.Add(Bind(mapping.Conversion, source, position, target, entry, sink, textDates, name));
            }
        }

        var twice = columns.GroupBy(column => column.Field.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? new BoundMapping(columns.ToImmutable())
            : throw Incompatible($"{name}: two columns go to '{twice.Key}' of the sink; expected one.");
    }

    /// <summary>Maps and converts rows.</summary>
    /// <param name="batch">Rows of the source.</param>
    /// <param name="onFailed">Takes rows that do not fit, with the sink's column and what was expected; they are left out.</param>
    public TableBatch Convert(TableBatch batch, Action<int, string, ColumnType> onFailed)
    {
        var failed = new HashSet<int>();
        var columns = ImmutableArray.CreateBuilder<Column>(_columns.Length);
        foreach (var column in _columns)
        {
            columns.Add(column.Converter is null
                ? batch.Columns[column.Position]
                : column.Converter.Convert(batch.Columns[column.Position], row =>
                {
                    if (failed.Add(row))
                    {
                        onFailed(row, column.Field.Name, column.Wanted);
                    }
                }));
        }

        var converted = new TableBatch(Schema, columns.MoveToImmutable(), batch.RowCount);
        return failed.Count == 0
            ? converted
            : converted.Take([.. Enumerable.Range(0, batch.RowCount).Where(row => !failed.Contains(row))]);
    }

    private static Bound Bind(
        ConversionSettings settings,
        TableSchema source,
        int position,
        string target,
        MappingEntry? entry,
        TableSchema? sink,
        bool textDates,
        string name)
    {
        var field = source.Fields[position];
        var wanted = entry?.Sink.Type ?? entry?.Source.Type;
        if (sink is not null)
        {
            var found = sink.Fields.FirstOrDefault(column => column.Name == target)
                ?? sink.Fields.FirstOrDefault(column => column.Name.Equals(target, StringComparison.OrdinalIgnoreCase))
                ?? throw Incompatible(
                    $"{name}: found column '{target}', which the sink does not have; it has {string.Join(", ", sink.Fields.Select(column => column.Name))}. "
                    + "Map the column to one of them, or leave it out of the mapping.");
            target = found.Name;
            wanted = found.Type;
        }
        else if (textDates && (wanted ?? field.Type) is ColumnType.DateTime)
        {
            // Through the column's type first, where a text is to be read as a date in one format and written in another.
            wanted = field.Type == ColumnType.DateTime ? ColumnType.String : wanted;
        }

        var type = wanted ?? field.Type;
        if (type == field.Type)
        {
            return new Bound(position, new TableField { Name = target, Type = type }, type, null);
        }

        var format = field.Type == ColumnType.DateTime ? entry?.Sink.Format : entry?.Source.Format ?? entry?.Sink.Format;
        var converter = new ColumnConverter(type, settings, format, keepsDigits: sink is not null && type == ColumnType.Double);
        return new Bound(position, new TableField { Name = target, Type = converter.ResultOf(field.Type) }, type, converter);
    }

    private static int Position(MappingEnd end, TableSchema source, string name)
    {
        if (end.Label is { } label)
        {
            var index = source.IndexOf(label);
            return index >= 0
                ? index
                : throw Incompatible(
                    $"{name}: found no column '{label}', which the mapping names; it has {string.Join(", ", source.Fields.Select(field => field.Name))}. Names are case-sensitive.");
        }

        var ordinal = end.Ordinal ?? 0;
        return ordinal >= 1 && ordinal <= source.Fields.Length
            ? ordinal - 1
            : throw Incompatible(string.Create(
                CultureInfo.InvariantCulture, $"{name}: found {source.Fields.Length} columns; expected one at position {ordinal}, as the mapping says."));
    }

    private static string? Ordinal(MappingEnd end, TableSchema? sink, string name) =>
        end.Ordinal is not { } ordinal ? null
        : sink is null ? string.Create(CultureInfo.InvariantCulture, $"Prop_{ordinal - 1}")
        : ordinal <= sink.Fields.Length ? sink.Fields[ordinal - 1].Name
        : throw Incompatible($"{name}: the mapping names a position that the sink does not have.");

    private static TableFormatException Incompatible(string message) => new(ErrorCode.RowIncompatible, message);

    private sealed record Bound(int Position, TableField Field, ColumnType Wanted, ColumnConverter? Converter);
}
