using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Experiments.Contracts;

/// <summary>What is wrong with the columns' names.</summary>
internal sealed class HeaderRules(InputContract contract, InputSample sample, DifferenceList found)
{
    private const int ExaminedRows = 100;

    private static readonly (char Mark, string Name)[] Delimiters =
        [(',', "commas"), (';', "semicolons"), ('\t', "tabs"), ('|', "vertical bars")];

    private readonly HashSet<string> _present = new(sample.Columns, StringComparer.Ordinal);

    /// <summary>Reports differences; false when the file is read so wrongly that nothing else means anything.</summary>
    public bool Check()
    {
        // One cause makes all names missing; a list of them would hide it.
        if (HasNoneOfTheNames() && (IsOtherDelimiter(sample.HeaderLine) || IsHeaderAbsent()))
        {
            return false;
        }

        CheckMissing();
        CheckRepeated();
        CheckOthers();
        return true;
    }

    /// <summary>Whether the line looks delimited by something else; if so, that is reported. Also called for headers that cannot be read.</summary>
    public bool IsOtherDelimiter(string? line)
    {
        if (string.IsNullOrEmpty(line) || sample.Delimiter is not { } own)
        {
            return false;
        }

        var required = contract.Columns.Where(column => column.IsRequired).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (mark, name) in Delimiters.Where(delimiter => own != delimiter.Mark.ToString()).OrderByDescending(delimiter => line.Count(letter => letter == delimiter.Mark)))
        {
            var parts = line.Split(mark);
            var known = parts.Count(part => required.Contains(part.Trim().Trim('"').Trim()));
            if (parts.Length > 1 && (known > 0 || (sample.Columns.Length <= 1 && required.Count > 1)))
            {
                var ownName = Delimiters.Where(delimiter => own == delimiter.Mark.ToString()).Select(delimiter => delimiter.Name).FirstOrDefault($"'{own}'");
                found.Error(
                    ErrorCode.ContractDelimiterDiffers,
                    null,
                    string.Create(CultureInfo.InvariantCulture, $"a header that {name} part into {parts.Length:N0} names, {known:N0} of them needed"),
                    $"columns parted by {ownName}",
                    $"Save the file with {ownName}{(mark == '\t' ? ", or name it .tsv" : "")}.");
                return true;
            }
        }

        return false;
    }

    private bool HasNoneOfTheNames()
    {
        var required = contract.Columns.Where(column => column.IsRequired).ToList();
        return required.Count > 0 && !contract.Columns.Any(column => _present.Contains(column.Name));
    }

    private bool IsHeaderAbsent()
    {
        if (sample.Delimiter is null || (sample.HasHeader && !LooksLikeData()))
        {
            return false;
        }

        found.Error(
            ErrorCode.ContractHeaderAbsent,
            null,
            sample.HasHeader
                ? string.Create(CultureInfo.InvariantCulture, $"a first row that looks like data, in {sample.Columns.Length:N0} columns, and none of the names")
                : "a file that is read as having no header, as its name ends in .nh.csv or .nh.tsv",
            string.Create(CultureInfo.InvariantCulture, $"a header row with the names of {contract.Columns.Count(column => column.IsRequired):N0} columns, such as '{contract.Columns.First(column => column.IsRequired).Name}'"),
            sample.HasHeader
                ? "Put a row with the columns' names before the first row."
                : "Put a row with the columns' names before the first row, and drop .nh from the file's name.");
        return true;
    }

    // Names stand above numbers; data has numbers above numbers.
    private bool LooksLikeData()
    {
        var numbersAbove = sample.Header.Select(name => CellParser.TryParse<double>(name, CellParser.TryParseDouble, out _)).ToArray();
        if (sample.Batches.IsEmpty)
        {
            return numbersAbove.Count(isNumber => isNumber) * 4 >= numbersAbove.Length;
        }

        var rows = sample.Batches[0].Table;
        var numberColumns = 0;
        for (var i = 0; i < numbersAbove.Length; i++)
        {
            if (HoldsNumbers((StringColumn)rows.Columns[i]))
            {
                numberColumns++;
                if (!numbersAbove[i] && sample.Header[i].Length > 0)
                {
                    return false;
                }
            }
        }

        return numberColumns > 0 && numbersAbove.Contains(true);
    }

    private static bool HoldsNumbers(StringColumn column)
    {
        var filled = 0;
        for (var row = 0; row < Math.Min(column.Length, ExaminedRows); row++)
        {
            if (!column.IsNull(row))
            {
                filled++;
                if (!CellParser.TryParseDouble(column.Bytes(row), out _))
                {
                    return false;
                }
            }
        }

        return filled > 0;
    }

    private void CheckMissing()
    {
        var needed = contract.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var suggestions = new NameSuggestions(sample.Columns.Where(name => !needed.Contains(name)));
        foreach (var column in contract.Columns.Where(column => column.IsRequired && !_present.Contains(column.Name)))
        {
            var near = suggestions.Find(column.Name);
            found.Error(
                ErrorCode.ContractColumnMissing,
                column.Name,
                near is null ? "no column of this name" : $"no column of this name; there is '{near}'",
                $"a column of {column.DescribeType()}",
                near is null
                    ? "Add the column, or rename the one that holds it; names are compared exactly."
                    : $"Did you mean '{near}'? Then rename it to '{column.Name}'; names are compared exactly, case and blanks included.");
        }
    }

    private void CheckRepeated()
    {
        if (sample.Header.Length == 0)
        {
            return;
        }

        var places = sample.Header.Select((name, index) => (name, place: index + 1))
            .GroupBy(entry => entry.name, entry => entry.place, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        foreach (var column in contract.Columns)
        {
            if (places.TryGetValue(column.Name, out var same) && same.Count > 1)
            {
                found.Warn(
                    ErrorCode.ContractColumnRepeated,
                    column.Name,
                    string.Create(CultureInfo.InvariantCulture, $"the name {same.Count} times, as columns {string.Join(", ", same)}"),
                    "the name once",
                    string.Create(CultureInfo.InvariantCulture, $"Column {same[0]} is used. Remove or rename the others."));
            }
        }
    }

    private void CheckOthers()
    {
        if (contract.Columns.IsEmpty)
        {
            return;
        }

        var needed = contract.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in sample.Columns.Where(name => !needed.Contains(name)))
        {
            if (contract.TakenNames.Contains(name))
            {
                found.Error(
                    ErrorCode.ContractNameTaken,
                    name,
                    "a column of this name",
                    "no such column: scoring adds one of this name",
                    "Rename or remove the column; it may be the score of an earlier run.");
            }
            else
            {
                found.Note(
                    ErrorCode.ContractColumnExtra,
                    name,
                    "not needed",
                    "no column of this name",
                    "Nothing need be done: such columns pass through.");
            }
        }
    }
}
