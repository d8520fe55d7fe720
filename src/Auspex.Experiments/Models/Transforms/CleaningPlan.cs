using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>A column whose missing values one fixed value replaces.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Type">Its type at fitting.</param>
/// <param name="Value">The value's text in invariant culture; for a category a level, which joins the domain where it is new.</param>
/// <param name="IsLabel">Whether it was the label at fitting; later tables may come without it.</param>
internal sealed record ColumnFill(string Column, ColumnType Type, string Value, bool IsLabel);

/// <summary>What Clean Missing Data does to a table, in the order of the members.</summary>
internal sealed record CleaningPlan
{
    /// <summary>Columns that get a Boolean <c>name_IsMissing</c> column behind the others, by name.</summary>
    public ImmutableArray<string> Indicators { get; init; } = [];

    /// <summary>Rows with a missing value in any of these columns are dropped.</summary>
    public ImmutableArray<string> RequiredColumns { get; init; } = [];

    /// <summary>Columns whose missing values a fixed value replaces.</summary>
    public ImmutableArray<ColumnFill> Fills { get; init; } = [];

    /// <summary>What replaces missing values by values that depend on the row's others; null when nothing does.</summary>
    public RowImputer? Imputer { get; init; }

    /// <summary>Columns that are dropped; one that is not there is no error.</summary>
    public ImmutableArray<string> RemovedColumns { get; init; } = [];
}
