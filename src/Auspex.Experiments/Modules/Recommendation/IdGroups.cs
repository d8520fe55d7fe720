using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Keys;
using Auspex.Experiments.Training;

namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>The users, or items, of a column: every row's, numbered by first appearance.</summary>
internal sealed class IdGroups
{
    private IdGroups(int[] of, List<string> texts, List<int> firstRows)
    {
        Of = of;
        Texts = [.. texts];
        FirstRows = [.. firstRows];
    }

    /// <summary>The number of each row's id; -1 where it is missing, or no finite number.</summary>
    public int[] Of { get; }

    /// <summary>The ids as text.</summary>
    public string[] Texts { get; }

    /// <summary>The first row of each id.</summary>
    public int[] FirstRows { get; }

    public int Count => Texts.Length;

    /// <param name="table">The table.</param>
    /// <param name="column">The column with the ids.</param>
    /// <param name="what">Such as "Users", for messages.</param>
    /// <exception cref="ModuleException">Error 17: the column can hold no ids.</exception>
    public static IdGroups Read(TableBatch table, int column, string what)
    {
        var field = table.Schema.Fields[column];
        if (!field.IsCategorical && !IdList.IsIdType(field.Type))
        {
            throw new ModuleException(
                17, $"{what} are taken from column '{field.Name}', which is {field.Type}; expected text or numbers there.");
        }

        var groups = new RowGroups(table, column);
        var texts = new LabelTexts(table.Columns[column]);
        var doubles = table.Columns[column] as DoubleColumn;
        var numbers = new int[groups.Count];
        Array.Fill(numbers, -2);
        var (found, firstRows) = (new List<string>(), new List<int>());
        var of = new int[table.RowCount];
        for (var row = 0; row < of.Length; row++)
        {
            ref var number = ref numbers[groups.Of[row]];
            if (number == -2)
            {
                number = -1;
                if (texts.Text(row) is { } text && (doubles is null || double.IsFinite(doubles.Values[row])))
                {
                    number = found.Count;
                    found.Add(text);
                    firstRows.Add(row);
                }
            }

            of[row] = number;
        }

        return new IdGroups(of, found, firstRows);
    }

    /// <summary>How many rows have no id.</summary>
    public int CountMissing() => Of.Count(group => group < 0);
}
