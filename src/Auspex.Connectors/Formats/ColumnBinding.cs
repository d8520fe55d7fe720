using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>Which of the file's columns are read, and as what. Those whose type is to be inferred are strings at first.</summary>
internal sealed class ColumnBinding
{
    private const int MostNamesInMessage = 20;

    private ColumnBinding(ImmutableArray<int> fields, ImmutableArray<bool> isInferred, TableSchema schema) =>
        (Fields, IsInferred, Schema) = (fields, isInferred, schema);

    /// <summary>The position in the file of each column read.</summary>
    public ImmutableArray<int> Fields { get; }

    /// <summary>Whether a column's type is to be inferred.</summary>
    public ImmutableArray<bool> IsInferred { get; }

    /// <summary>The columns read.</summary>
    public TableSchema Schema { get; }

    /// <summary>Finds the wanted columns among those of the file.</summary>
    /// <exception cref="TableFormatException">A wanted one is missing, or there are others and they are not allowed.</exception>
    public static ColumnBinding Of(ImmutableArray<string> fileColumns, DelimitedTextOptions options) =>
        Of(fileColumns, new WantedColumns(options.Name, options.Schema, options.ExtraColumns, options.Projection));

    /// <inheritdoc cref="Of(ImmutableArray{string}, DelimitedTextOptions)"/>
    public static ColumnBinding Of(ImmutableArray<string> fileColumns, WantedColumns options)
    {
        var positions = fileColumns.Select((name, position) => KeyValuePair.Create(name, position))
            .ToDictionary(StringComparer.Ordinal);
        var fields = ImmutableArray.CreateBuilder<TableField>();
        var indexes = ImmutableArray.CreateBuilder<int>();
        var inferred = ImmutableArray.CreateBuilder<bool>();

        foreach (var field in options.Schema?.Fields ?? [])
        {
            if (!Wants(options, field.Name))
            {
                continue;
            }

            if (!positions.TryGetValue(field.Name, out var position))
            {
                throw Missing(fileColumns, options);
            }

            // Files hold missing values whatever the schema hopes.
            fields.Add(field.IsNullable ? field : field with { IsNullable = true });
            indexes.Add(position);
            inferred.Add(false);
        }

        if (options.Schema is null || options.ExtraColumns != ExtraColumns.Skip)
        {
            for (var position = 0; position < fileColumns.Length; position++)
            {
                var name = fileColumns[position];
                if (options.Schema?.IndexOf(name) >= 0 || !Wants(options, name))
                {
                    continue;
                }

                if (options.Schema is not null && options.ExtraColumns == ExtraColumns.Fail)
                {
                    throw Unexpected(name, options);
                }

                fields.Add(new TableField { Name = name, Type = ColumnType.String });
                indexes.Add(position);
                inferred.Add(true);
            }
        }

        return new ColumnBinding(indexes.ToImmutable(), inferred.ToImmutable(), SchemaOf(fields, options));
    }

    /// <summary>The same columns with their inferred types.</summary>
    public ColumnBinding With(ReadOnlySpan<TypeInference> inferences)
    {
        var fields = Schema.Fields.ToBuilder();
        for (var i = 0; i < fields.Count; i++)
        {
            if (IsInferred[i])
            {
                fields[i] = fields[i] with { Type = inferences[i].Type };
            }
        }

        return new ColumnBinding(Fields, IsInferred, new TableSchema(fields.MoveToImmutable()));
    }

    /// <summary>The same columns, those without a wanted type as the file has them.</summary>
    public ColumnBinding With(Func<int, TableField> fileField)
    {
        var fields = Schema.Fields.ToBuilder();
        for (var i = 0; i < fields.Count; i++)
        {
            if (IsInferred[i])
            {
                fields[i] = fileField(Fields[i]) with { Name = fields[i].Name };
            }
        }

        return new ColumnBinding(Fields, IsInferred, new TableSchema(fields.ToImmutable()));
    }

    private static TableSchema SchemaOf(ImmutableArray<TableField>.Builder fields, WantedColumns options) =>
        options.Schema is { } wanted && fields.Count == wanted.Fields.Length && fields.Zip(wanted.Fields).All(
            pair => ReferenceEquals(pair.First, pair.Second))
            ? wanted
            : new TableSchema(fields.ToImmutable());

    private static bool Wants(WantedColumns options, string name) => options.Projection?.Contains(name) != false;

    private static TableFormatException Missing(ImmutableArray<string> fileColumns, WantedColumns options)
    {
        var missing = options.Schema!.Fields.Select(field => field.Name)
            .Where(name => Wants(options, name) && !fileColumns.Contains(name, StringComparer.Ordinal))
            .ToList();
        var misspelt = missing.Select(name => (name, found: fileColumns.FirstOrDefault(
                column => column.Equals(name, StringComparison.OrdinalIgnoreCase))))
            .Where(pair => pair.found is not null)
            .Select(pair => $" Is '{pair.found}' meant as '{pair.name}'? Names are case-sensitive.");
        return new TableFormatException(
            ErrorCode.MissingColumn,
            $"{options.Name}: found columns {List(fileColumns)}; expected also {List(missing)}.{string.Concat(misspelt)}");
    }

    private static TableFormatException Unexpected(string name, WantedColumns options) => new(
        ErrorCode.UnexpectedColumn,
        $"{options.Name}: found a column '{name}'; expected only {List([.. options.Schema!.Fields.Select(field => field.Name)])}.");

    private static string List(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? "none"
        : string.Join(", ", names.Take(MostNamesInMessage).Select(name => $"'{name}'"))
            + (names.Count > MostNamesInMessage ? $" and {names.Count - MostNamesInMessage} more" : "");
}

/// <summary>Which columns of a file are wanted.</summary>
/// <param name="Name">What to call the file in messages.</param>
/// <param name="Schema">The columns wanted, in the order wanted; null wants all as they are.</param>
/// <param name="ExtraColumns">What to do with others.</param>
/// <param name="Projection">Names of the only columns to read; null reads all.</param>
internal sealed record WantedColumns(
    string Name, TableSchema? Schema, ExtraColumns ExtraColumns, ImmutableHashSet<string>? Projection);
