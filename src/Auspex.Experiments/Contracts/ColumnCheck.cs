using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Contracts;

/// <summary>
/// Holds the cells of one column of a sample against what is expected of it. Cells are read by the same code that scoring
/// reads them with, so that both agree.
/// </summary>
internal sealed partial class ColumnCheck
{
    private readonly ColumnExpectation _expected;
    private readonly bool _isText;
    private readonly TableSchema _schema;
    private readonly BoundFeature? _feature;
    private readonly ColumnBuilder? _builder;
    private readonly double _lowest = double.NegativeInfinity;
    private readonly double _highest = double.PositiveInfinity;
    private readonly int[] _kinds = new int[Enum.GetValues<CellKind>().Length];
    private HashSet<string>? _looseLevels;
    private long _cells;
    private Hits _missing;
    private Hits _unread;
    private Hits _unseen;
    private Hits _below;
    private Hits _above;
    private long _unseenButForCase;

    /// <summary>Prepares to look at a column.</summary>
    /// <param name="expected">What is expected.</param>
    /// <param name="found">The column's field in a table; null for text of a file.</param>
    /// <exception cref="Modules.ModuleException">The table's column is of a type that the feature cannot take (17).</exception>
    public ColumnCheck(ColumnExpectation expected, TableField? found)
    {
        _expected = expected;
        _isText = found is null && expected.Field.Type != ColumnType.String;
        var field = found ?? expected.Field;
        _schema = new TableSchema([field]);
        _builder = _isText ? ColumnBuilder.For(expected.Field.Type) : null;
        if (expected.Feature is not { } feature)
        {
            return;
        }

        // Levels without a slot of their own tell unseen and missing ones apart.
        _feature = feature.Categories is { } domain
            ? LevelFeature.Bind(0, field, feature, domain, allowsUnknown: false)
            : NumberFeature.Bind(0, field, feature);
        if (expected.Profile is { Minimum: { } minimum, Maximum: { } maximum } && feature.Type != ColumnType.Boolean)
        {
            // Far outside: by more than the width of what training has seen.
            var width = maximum > minimum ? maximum - minimum : Math.Max(Math.Abs(minimum), 1);
            if (double.IsFinite(width))
            {
                (_lowest, _highest) = (minimum - width, maximum + width);
            }
        }
    }

    /// <summary>Looks at a batch's column.</summary>
    /// <param name="column">The text, or the table's column.</param>
    /// <param name="rowNumbers">The data row of each cell.</param>
    public void Add(Column column, ReadOnlySpan<long> rowNumbers)
    {
        _cells += rowNumbers.Length;
        bool[]? unread = null;
        var typed = _isText ? Convert((StringColumn)column, rowNumbers, out unread) : column;
        if (_expected.Feature is null)
        {
            AddMissing(typed, unread, rowNumbers);
        }
        else if (_expected.Feature.Categories is not null)
        {
            AddLevels(typed, unread, rowNumbers);
        }
        else
        {
            AddNumbers(typed, unread, rowNumbers);
        }
    }

    private Column Convert(StringColumn texts, ReadOnlySpan<long> rowNumbers, out bool[]? unread)
    {
        unread = null;
        for (var row = 0; row < texts.Length; row++)
        {
            var cell = texts.Bytes(row);
            if (!texts.IsNull(row) && !_builder!.TryAppendText(cell))
            {
                // Blanks are a missing value wherever they cannot be a text, as in reading.
                if (!cell.Trim(" \t"u8).IsEmpty)
                {
                    (unread ??= new bool[texts.Length])[row] = true;
                    _unread.Add(rowNumbers[row]);
                    _kinds[(int)CellKinds.Of(cell)]++;
                }

                _builder.AppendNull();
            }
            else if (texts.IsNull(row))
            {
                _builder!.AppendNull();
            }
        }

        return _builder!.Build();
    }

    private void AddMissing(Column column, bool[]? unread, ReadOnlySpan<long> rowNumbers)
    {
        for (var row = 0; row < rowNumbers.Length; row++)
        {
            if (column.IsNull(row) && unread?[row] != true)
            {
                _missing.Add(rowNumbers[row]);
            }
        }
    }

    private void AddLevels(Column column, bool[]? unread, ReadOnlySpan<long> rowNumbers)
    {
        var codes = new int[rowNumbers.Length];
        _feature!.ReadCodes(new TableBatch(_schema, [column], rowNumbers.Length), 0, codes);
        for (var row = 0; row < codes.Length; row++)
        {
            if (codes[row] == BoundFeature.UnknownCode)
            {
                _unseen.Add(rowNumbers[row]);
                _unseenButForCase += IsLevelButForCase(column, row) ? 1 : 0;
            }
            else if (codes[row] < 0 && unread?[row] != true)
            {
                _missing.Add(rowNumbers[row]);
            }
        }
    }

    private void AddNumbers(Column column, bool[]? unread, ReadOnlySpan<long> rowNumbers)
    {
        var numbers = new double[rowNumbers.Length];
        _feature!.ReadNumbers(new TableBatch(_schema, [column], rowNumbers.Length), 0, numbers);
        for (var row = 0; row < numbers.Length; row++)
        {
            if (double.IsNaN(numbers[row]))
            {
                if (unread?[row] != true)
                {
                    _missing.Add(rowNumbers[row]);
                }
            }
            else if (numbers[row] < _lowest)
            {
                _below.Add(rowNumbers[row]);
            }
            else if (numbers[row] > _highest)
            {
                _above.Add(rowNumbers[row]);
            }
        }
    }

    private bool IsLevelButForCase(Column column, int row)
    {
        if (column is not StringColumn texts)
        {
            return false;
        }

        _looseLevels ??= _expected.Feature!.Categories!.Levels.Select(level => level.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return _looseLevels.Contains(Encoding.UTF8.GetString(texts.Bytes(row)).Trim());
    }
}
