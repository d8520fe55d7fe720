using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Auspex.Connectors.Tables;

/// <summary>The element types of columns; the names are those that RRS writes into <c>ColumnTypes</c>.</summary>
public enum ColumnType
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>32-bit integers, held in an <see cref="Int64Column"/>.</summary>
    Int32,

    /// <summary>64-bit integers.</summary>
    Int64,

    /// <summary>Double precision.</summary>
    Double,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>A date and time without zone, in ticks of 100 ns since 0001-01-01.</summary>
    DateTime,

    /// <summary>A duration in ticks of 100 ns.</summary>
    TimeSpan,
}

/// <summary>What a column is for.</summary>
public enum ColumnRole
{
    /// <summary>Learners use it; the default.</summary>
    Feature,

    /// <summary>What is to be predicted; at most one column of a table.</summary>
    Label,

    /// <summary>Row weights.</summary>
    Weight,

    /// <summary>Carried along, hidden from learners.</summary>
    None,
}

/// <summary>Marks a column that a model wrote: which task, and which of the task's columns it is.</summary>
/// <param name="Task">Such as <c>Binary Classification Scores</c>.</param>
/// <param name="Kind">Such as <c>Scored Labels</c>; for several columns of a kind, such as class probabilities, the column's name.</param>
public sealed record ScoreKind(string Task, string Kind);

/// <summary>A column's name, type and meaning.</summary>
public sealed record TableField
{
    /// <summary>The name; compared exactly, case included.</summary>
    public required string Name { get; init; }

    /// <summary>The element type; for a categorical column the type of its levels.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>Whether values may be missing; missing differs from NaN and from empty text.</summary>
    public bool IsNullable { get; init; } = true;

    /// <summary>What the column is for.</summary>
    public ColumnRole Role { get; init; } = ColumnRole.Feature;

    /// <summary>The levels of a categorical column; null for any other. Its column is a <see cref="CategoryColumn"/>.</summary>
    public CategoryDomain? Categories { get; init; }

    /// <summary>Set on columns that a model wrote.</summary>
    public ScoreKind? Score { get; init; }

    /// <summary>Whether the column is categorical.</summary>
    public bool IsCategorical => Categories is not null;

    /// <summary>Whether the column holds numbers.</summary>
    public bool IsNumeric => Type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Double;
}

/// <summary>Columns in order. Immutable; names are unique, compared exactly.</summary>
public sealed class TableSchema
{
    private readonly FrozenDictionary<string, int> _indexes;

    /// <summary>Makes a schema of columns in this order.</summary>
    /// <exception cref="ArgumentException">Two columns bear the same name.</exception>
    public TableSchema(ImmutableArray<TableField> fields)
    {
        Fields = fields;
        var indexes = new Dictionary<string, int>(fields.Length, StringComparer.Ordinal);
        for (var i = 0; i < fields.Length; i++)
        {
            if (!indexes.TryAdd(fields[i].Name, i))
            {
                throw new ArgumentException($"Two columns are named '{fields[i].Name}'; names must be unique.", nameof(fields));
            }
        }

        _indexes = indexes.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The columns in order.</summary>
    public ImmutableArray<TableField> Fields { get; }

    /// <summary>The label column's index, or -1.</summary>
    public int LabelIndex
    {
        get
        {
            for (var i = 0; i < Fields.Length; i++)
            {
                if (Fields[i].Role == ColumnRole.Label)
                {
                    return i;
                }
            }

            return -1;
        }
    }

    /// <summary>The index of a column by exact name, or -1.</summary>
    public int IndexOf(string name) => _indexes.TryGetValue(name, out var index) ? index : -1;
}
