using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Contracts;

/// <summary>What one column of an input must be like.</summary>
public sealed record ColumnExpectation
{
    /// <summary>Name and type as the input is read: never categorical, since files hold plain values.</summary>
    public required TableField Field { get; init; }

    /// <summary>Whether the input must have the column; labels may be left out.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>
    /// The model's feature that the column reaches unchanged; null when there is none, or something computes with the
    /// column first: then name and type are all that is checked.
    /// </summary>
    public TableField? Feature { get; init; }

    /// <summary>Whether a row with a level that training has not seen is scored all the same; else it gets no score.</summary>
    public bool ScoresUnknownLevels { get; init; } = true;

    /// <summary>What the feature held at training; null when the model does not say: then missing values and range are not checked.</summary>
    public ColumnProfile? Profile { get; init; }

    /// <summary>The column's name.</summary>
    public string Name => Field.Name;

    /// <summary>Whether a web service takes a table's column of this type: the same, or a whole number for another or for a double.</summary>
    internal bool Takes(TableField found)
    {
        var isWhole = found.Type is ColumnType.Int32 or ColumnType.Int64;
        return found.Type == Field.Type
            || (isWhole && Field.Type is ColumnType.Int32 or ColumnType.Int64)
            || (isWhole && Field.Type == ColumnType.Double && !found.IsCategorical);
    }

    /// <summary>The type for people, such as <c>whole numbers (Int32)</c>.</summary>
    internal string DescribeType() => Describe(Field.Type);

    /// <summary>What its cells should be, for people.</summary>
    internal string DescribeCells() => Feature?.Categories is { } domain
        ? string.Create(CultureInfo.InvariantCulture, $"one of the {domain.Levels.Length:N0} levels of training")
        : DescribeType();

    internal static string Describe(ColumnType type) => type switch
    {
        ColumnType.Int32 or ColumnType.Int64 => $"whole numbers ({type})",
        ColumnType.Double => "numbers (Double)",
        ColumnType.Boolean => "true or false (Boolean)",
        ColumnType.DateTime => "dates (DateTime)",
        ColumnType.TimeSpan => "durations (TimeSpan)",
        _ => "text (String)",
    };
}
