using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>The dictionaries of a stream as they stand: later ones replace or extend earlier ones.</summary>
internal sealed class ArrowDictionaries
{
    private readonly Dictionary<long, ArrowField> _wanted = [];
    private readonly Dictionary<long, ArrowDictionaryValues> _values = [];

    /// <summary>Says that a column's dictionary is to be read; others are passed over.</summary>
    public void Want(ArrowField field) => _wanted[field.Dictionary!.Id] = field;

    /// <summary>The levels of a column whose dictionary holds texts; those of an empty domain when there is no dictionary yet.</summary>
    public ImmutableArray<string>? Levels(ArrowField field) =>
        field.Dictionary is not { } dictionary ? null
        : !_values.TryGetValue(dictionary.Id, out var values) ? []
        : values.Domain?.Levels;

    /// <summary>The dictionary of a column; null when it has none.</summary>
    /// <exception cref="InvalidDataException">It refers to one that has not come.</exception>
    public ArrowDictionaryValues? Find(ArrowField field) =>
        field.Dictionary is not { } dictionary ? null
        : _values.TryGetValue(dictionary.Id, out var values) ? values
        : throw new InvalidDataException($"column '{field.Name}': its dictionary does not come before its rows");

    /// <summary>Takes a dictionary in.</summary>
    public async Task ReadAsync(
        ArrowMessage message, ArrowMessages messages, ArrowBatches batches, long maxBlockBytes, CancellationToken cancellationToken)
    {
        var id = message.Header.Int64(0);
        if (!_wanted.TryGetValue(id, out var field) || message.Header.Table(1) is not { } batch)
        {
            await messages.ReadBodyAsync(message.BodyLength, [], cancellationToken);
            return;
        }

        var values = field with { Dictionary = null };
        var (rows, buffers) = await batches.ReadAsync(message, batch, [values], [0], cancellationToken);
        if (rows * (long)sizeof(int) > maxBlockBytes)
        {
            throw new BlockTooLargeException(rows * (long)sizeof(int), maxBlockBytes);
        }

        var faults = new CellFaults();
        var column = new ArrowColumn(values, buffers[0], rows, null).Decode(0, rows, faults);
        if (faults.Count > 0)
        {
            throw new InvalidDataException($"column '{field.Name}': its dictionary: {faults.ByRow.First().Value.Problem}");
        }

        if (message.Header.Boolean(2) && _values.TryGetValue(id, out var earlier))
        {
            column = Join(earlier.Values, column, values);
        }

        _values[id] = new ArrowDictionaryValues(column, field.Dictionary!.IsOrdered);
    }

    private static Column Join(Column first, Column second, ArrowField field)
    {
        var builder = ColumnBuilder.For(ArrowTypes.ToField(field, null), checked(first.Length + second.Length));
        builder.AppendRange(first, 0, first.Length);
        builder.AppendRange(second, 0, second.Length);
        return builder.Build();
    }
}
