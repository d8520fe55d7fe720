using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring;

/// <summary>
/// How a model's columns become slots of its weights: a number or Boolean takes one; a column of levels takes one per
/// level and, where unknown levels are allowed, one more for unknown and missing values.
/// </summary>
internal sealed class FeatureLayout
{
    private readonly int[] _starts;

    public FeatureLayout(TableSchema features, bool allowsUnknownLevels)
    {
        Columns = features.Fields;
        AllowsUnknownLevels = allowsUnknownLevels;
        _starts = new int[Columns.Length + 1];
        for (var i = 0; i < Columns.Length; i++)
        {
            _starts[i + 1] = checked(_starts[i] + Width(i));
        }
    }

    public ImmutableArray<TableField> Columns { get; }

    public bool AllowsUnknownLevels { get; }

    public int SlotCount => _starts[^1];

    public bool IsLevels(int column) => Columns[column].Categories is not null;

    /// <summary>The first slot of a column.</summary>
    public int Start(int column) => _starts[column];

    /// <summary>Slots of a column.</summary>
    public int Width(int column) =>
        Columns[column].Categories is { } domain ? domain.Levels.Length + (AllowsUnknownLevels ? 1 : 0) : 1;

    public IEnumerable<string> SlotNames()
    {
        foreach (var column in Columns)
        {
            if (column.Categories is not { } domain)
            {
                yield return column.Name;
                continue;
            }

            foreach (var level in domain.Levels)
            {
                yield return $"{column.Name}-{level}";
            }

            if (AllowsUnknownLevels)
            {
                yield return $"{column.Name}-(unknown)";
            }
        }
    }
}
