using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Auspex.Connectors.Formats;

/// <summary>Names of a file's columns: the header's, made whole and unique.</summary>
internal static class ColumnNames
{
    /// <summary>Reads the header that the walker stands on.</summary>
    /// <param name="walker">On the header's record.</param>
    /// <param name="options">How columns without a name are called.</param>
    /// <param name="renames">A sentence per column that bears another name than the header gives it.</param>
    public static ImmutableArray<string> FromHeader(
        RecordWalker walker, DelimitedTextOptions options, out ImmutableArray<string> renames)
    {
        var header = new List<string>(walker.FieldCount);
        for (var i = 0; i < walker.FieldCount; i++)
        {
            var field = walker.Field(i, out var isQuoted);
            var name = Encoding.UTF8.GetString(field);
            header.Add(isQuoted ? name : name.Trim());
        }

        return Unique(header, options, out renames);
    }

    /// <summary>Makes names whole and unique.</summary>
    /// <param name="header">The names as the file gives them.</param>
    /// <param name="options">How columns without a name are called.</param>
    /// <param name="renames">A sentence per column that bears another name than the header gives it.</param>
    public static ImmutableArray<string> Unique(
        IReadOnlyList<string> header, DelimitedTextOptions options, out ImmutableArray<string> renames)
    {
        var names = ImmutableArray.CreateBuilder<string>(header.Count);
        var notes = ImmutableArray.CreateBuilder<string>();
        var given = header.ToHashSet(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < header.Count; i++)
        {
            var name = header[i];
            var unique = name;
            if (name.Length == 0)
            {
                name = Generated(options, i);
                unique = name;
            }

            // A name that another column bears in the header is left to that column.
            for (var suffix = 1; taken.Contains(unique) || (unique != header[i] && given.Contains(unique)); suffix++)
            {
                unique = string.Create(CultureInfo.InvariantCulture, $"{name} ({suffix})");
            }

            taken.Add(unique);
            names.Add(unique);
            if (unique != header[i])
            {
                notes.Add(header[i].Length == 0
                    ? $"Column {i + 1} has no name in the header; it is called '{unique}'."
                    : $"Column {i + 1} is a second '{header[i]}' in the header; it is called '{unique}'.");
            }
        }

        renames = notes.ToImmutable();
        return names.MoveToImmutable();
    }

    /// <summary>Names for the columns of a file without a header.</summary>
    public static ImmutableArray<string> Generate(DelimitedTextOptions options, int count)
    {
        var wanted = options.Schema?.Fields;
        var names = ImmutableArray.CreateBuilder<string>(count);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var name = i < wanted?.Length ? wanted.Value[i].Name : Generated(options, i);
            while (!taken.Add(name))
            {
                name += "_";
            }

            names.Add(name);
        }

        return names.MoveToImmutable();
    }

    private static string Generated(DelimitedTextOptions options, int index) =>
        options.GeneratedName + (options.FirstGeneratedNumber + index).ToString(CultureInfo.InvariantCulture);
}
