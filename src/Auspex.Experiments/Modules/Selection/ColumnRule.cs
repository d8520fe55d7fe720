using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Selection;

/// <summary>One step of a column selector: the columns it matches, in its order, and whether they are taken away.</summary>
internal abstract record ColumnRule(bool Exclude)
{
    /// <summary>Adds the indexes of the columns that match, in the rule's order.</summary>
    public abstract void Match(TableSchema schema, List<int> matches);
}

/// <summary>Every column, in table order.</summary>
internal sealed record AllColumnsRule(bool Exclude) : ColumnRule(Exclude)
{
    public override void Match(TableSchema schema, List<int> matches) =>
        matches.AddRange(Enumerable.Range(0, schema.Fields.Length));
}

/// <summary>Columns by exact name, in the order typed.</summary>
internal sealed record ColumnNamesRule(ImmutableArray<string> Names, bool Exclude) : ColumnRule(Exclude)
{
    public override void Match(TableSchema schema, List<int> matches)
    {
        foreach (var name in Names)
        {
            matches.Add(ColumnNames.Find(schema, name));
        }
    }
}

/// <summary>Columns by position from 1: <c>3</c>, <c>1-5</c>, or several separated by commas.</summary>
internal sealed record ColumnIndexesRule(ImmutableArray<string> Ranges, bool Exclude) : ColumnRule(Exclude)
{
    public override void Match(TableSchema schema, List<int> matches)
    {
        foreach (var range in Ranges.SelectMany(text => text.Split(',')))
        {
            var (first, last) = Parse(range);
            if (first < 1 || last > schema.Fields.Length || first > last)
            {
                throw new ModuleException(
                    60, $"Column index range '{range.Trim()}' does not fit the table; expected numbers from 1 to {schema.Fields.Length}, the smaller first.");
            }

            matches.AddRange(Enumerable.Range(first - 1, last - first + 1));
        }
    }

    private static (int First, int Last) Parse(string range)
    {
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var first = dash < 0 ? range : range[..dash];
        var last = dash < 0 ? range : range[(dash + 1)..];
        return int.TryParse(first.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && int.TryParse(last.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            ? (from, to)
            : throw new ModuleException(
                59, $"Column index '{range.Trim()}' cannot be read; expected a number from 1, or a range such as 2-5.");
    }
}

/// <summary>Columns of listed types and kinds, in table order; an empty list allows all.</summary>
internal sealed record ColumnTypesRule(ImmutableArray<string> Types, ImmutableArray<string> Kinds, bool Exclude)
    : ColumnRule(Exclude)
{
    public static readonly ImmutableArray<string> KnownTypes =
    [
        "All", "AllTypes", "Numeric", "Integer", "Double", "Boolean", "String", "DateTime", "TimeSpan", "Categorical",
        "NonCategorical",
    ];

    public static readonly ImmutableArray<string> KnownKinds = ["All", "AllKinds", "Feature", "Label", "Score", "Weight"];

    public override void Match(TableSchema schema, List<int> matches)
    {
        for (var i = 0; i < schema.Fields.Length; i++)
        {
            var field = schema.Fields[i];
            if ((Types.IsEmpty || Types.Any(type => HasType(field, type)))
                && (Kinds.IsEmpty || Kinds.Any(kind => HasKind(field, kind))))
            {
                matches.Add(i);
            }
        }
    }

    // A categorical column counts by its category flag alone: a whole number made categorical is no number any more.
    private static bool HasType(TableField field, string type) => type switch
    {
        "All" or "AllTypes" => true,
        "Numeric" => field.IsNumeric && !field.IsCategorical,
        "Integer" => field.Type is ColumnType.Int32 or ColumnType.Int64 && !field.IsCategorical,
        "Double" => field.Type == ColumnType.Double && !field.IsCategorical,
        "Boolean" => field.Type == ColumnType.Boolean && !field.IsCategorical,
        "String" => field.Type == ColumnType.String && !field.IsCategorical,
        "DateTime" => field.Type == ColumnType.DateTime && !field.IsCategorical,
        "TimeSpan" => field.Type == ColumnType.TimeSpan && !field.IsCategorical,
        "Categorical" => field.IsCategorical,
        _ => !field.IsCategorical,
    };

    private static bool HasKind(TableField field, string kind) => kind switch
    {
        "All" or "AllKinds" => true,
        "Feature" => field.Role == ColumnRole.Feature && field.Score is null,
        "Label" => field.Role == ColumnRole.Label,
        "Score" => field.Score is not null,
        _ => field.Role == ColumnRole.Weight,
    };
}

/// <summary>A name or word of the plain form: a column of that exact name if there is one, else what the word stands for.</summary>
/// <param name="Text">As written, without a leading minus.</param>
/// <param name="Word">The rule of the word; null where the text is no word.</param>
/// <param name="Exclude">Whether it had a leading minus.</param>
internal sealed record NameOrWordRule(string Text, ColumnRule? Word, bool Exclude) : ColumnRule(Exclude)
{
    public override void Match(TableSchema schema, List<int> matches)
    {
        if (Word is null || schema.IndexOf(Text) >= 0)
        {
            matches.Add(ColumnNames.Find(schema, Text));
        }
        else
        {
            Word.Match(schema, matches);
        }
    }
}
