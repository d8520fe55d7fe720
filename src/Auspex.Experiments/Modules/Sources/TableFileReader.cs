using System.Collections.Immutable;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Experiments.Modules.Sources;

/// <summary>A file to read: its name in messages, and how to open it from a byte on; it may be opened twice.</summary>
internal sealed record TableFileSource(string Name, Func<long, CancellationToken, Task<Stream>> Open);

/// <summary>
/// Reads whole files as tables. Types of delimited text are inferred from every row; an empty field and a lone question mark,
/// which Studio's own samples use, are missing values.
/// </summary>
internal static class TableFileReader
{
    private const string MissingMarker = "?";

    /// <summary>Reads files of one schema as one table, in order.</summary>
    /// <exception cref="ModuleException">Error 49: a file breaks its format. Error 18: columns of the files differ.</exception>
    public static async Task<TableBatch> ReadAsync(
        IReadOnlyList<TableFileSource> files, TableFormat format, CancellationToken cancellationToken)
    {
        var tables = new List<TableBatch>(files.Count);
        foreach (var file in files)
        {
            tables.Add(await ReadAsync(file, format, null, cancellationToken));
        }

        if (tables.Count == 1)
        {
            return tables[0];
        }

        for (var i = 1; i < tables.Count; i++)
        {
            RequireSameColumns(tables[0].Schema, files[0].Name, tables[i].Schema, files[i].Name);
        }

        var common = CommonSchema(tables);
        for (var i = 0; i < tables.Count; i++)
        {
            // What was inferred from one file alone may not fit the others; its texts are read again, not converted.
            if (format.Kind == TableFileKind.Delimited && !tables[i].Schema.Fields.SequenceEqual(common.Fields))
            {
                tables[i] = await ReadAsync(files[i], format, common, cancellationToken);
            }
        }

        return TableBatches.Concatenate(tables);
    }

    private static async Task<TableBatch> ReadAsync(
        TableFileSource file, TableFormat format, TableSchema? schema, CancellationToken cancellationToken)
    {
        try
        {
            switch (format.Kind)
            {
                case TableFileKind.Arff:
                    return await ArffReader.ReadAsync(await file.Open(0, cancellationToken), file.Name, cancellationToken);
                case TableFileKind.SvmLight:
                    return await SvmLightReader.ReadAsync(await file.Open(0, cancellationToken), file.Name, cancellationToken);
                default:
                    await using (var reader = await DelimitedTextReader.OpenAsync(file.Open, Options(file, format, schema), cancellationToken))
                    {
                        return await reader.ReadAllAsync(cancellationToken);
                    }
            }
        }
        catch (TableFormatException exception)
        {
            throw new ModuleException(exception.Code == ErrorCode.UnknownEncoding ? 2 : 49, exception.Message, exception);
        }
    }

    private static DelimitedTextOptions Options(TableFileSource file, TableFormat format, TableSchema? schema) => new()
    {
        Name = file.Name,
        Delimiter = format.Delimiter,
        HasHeader = format.HasHeader,
        EncodingName = format.Encoding,
        MissingMarkers = [MissingMarker],
        InferenceRows = DelimitedTextOptions.WholeFile,
        Schema = schema,
    };

    private static void RequireSameColumns(TableSchema first, string firstName, TableSchema other, string otherName)
    {
        if (!first.Fields.Select(field => field.Name).SequenceEqual(other.Fields.Select(field => field.Name), StringComparer.Ordinal))
        {
            throw new ModuleException(
                18, $"'{otherName}' has other columns than '{firstName}'; files that are read together need the same, in the same order.");
        }
    }

    private static TableSchema CommonSchema(List<TableBatch> tables)
    {
        var fields = ImmutableArray.CreateBuilder<TableField>();
        for (var i = 0; i < tables[0].Columns.Length; i++)
        {
            // A column without any value is a String for want of better; it may be what it is elsewhere.
            var types = tables.Where(table => table.Columns[i].CountNulls() < table.RowCount)
                .Select(table => table.Schema.Fields[i].Type)
                .Distinct()
                .ToArray();
            var type = types switch
            {
                [] => ColumnType.String,
                [var only] => only,
                _ when types.All(type => type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Double) => types.Max(),
                _ => ColumnType.String,
            };
            fields.Add(tables[0].Schema.Fields[i] with { Type = type });
        }

        return new TableSchema(fields.ToImmutable());
    }
}
