using System.Collections.Immutable;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Server.WebServices.Scoring;

namespace Auspex.Server.WebServices.Batch;

/// <summary>How the file of an input is read: the service's columns with their types, all others as text.</summary>
internal static class BatchTable
{
    /// <summary>
    /// The schema for a file, in file order. Columns that the service does not know pass through as the text they are, so
    /// that no row is lost to them; a label may be missing, as nobody knows it yet.
    /// </summary>
    /// <exception cref="TableFormatException">Columns are missing.</exception>
    public static TableSchema SchemaFor(InputShape input, ImmutableArray<string> columns, string file)
    {
        var missing = input.Schema.Fields
            .Where((field, index) => !columns.Contains(field.Name, StringComparer.Ordinal) && !input.IsOptional(index))
            .Select(field => Describe(field.Name, columns))
            .ToList();
        if (missing.Count > 0)
        {
            var extra = columns.Where(name => input.Schema.IndexOf(name) < 0).Select(name => $"'{name}'").ToList();
            var others = extra.Count == 0 ? "" : $" The file has {string.Join(", ", extra.Take(20))} instead.";
            throw new TableFormatException(
                Errors.ErrorCode.MissingColumn,
                $"Input '{input.Name}', file {file}: {missing.Count} of {input.Schema.Fields.Length} column(s) are missing: {string.Join(", ", missing.Take(20))}.{others} Expected {input.NameColumns()}; names are case-sensitive.");
        }

        return new TableSchema([.. columns.Select(name => input.Schema.IndexOf(name) is var index and >= 0
            ? input.Schema.Fields[index]
            : new TableField { Name = name, Type = ColumnType.String, Role = ColumnRole.None })]);
    }

    /// <summary>The same for a file that has types of its own: columns that the service does not know stay as they are.</summary>
    /// <exception cref="TableFormatException">Columns are missing.</exception>
    public static TableSchema SchemaFor(InputShape input, TableSchema own, string file)
    {
        var wanted = SchemaFor(input, [.. own.Fields.Select(field => field.Name)], file);
        return new TableSchema(
            [.. own.Fields.Zip(wanted.Fields, (asItIs, asAsked) => input.Schema.IndexOf(asItIs.Name) >= 0 ? asAsked : asItIs with { Role = ColumnRole.None })]);
    }

    private static string Describe(string name, ImmutableArray<string> columns)
    {
        var similar = columns.FirstOrDefault(column => column.Trim().Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));
        return similar is null ? $"'{name}'" : $"'{name}' (found '{similar}')";
    }
}
