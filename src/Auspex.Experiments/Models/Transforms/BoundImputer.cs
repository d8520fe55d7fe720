using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>An imputer bound to a schema.</summary>
internal sealed class BoundImputer
{
    private readonly RowImputer _imputer;
    private readonly int[] _indexes;
    private readonly CategoryDomain?[] _domains;

    public BoundImputer(RowImputer imputer, TableSchema input)
    {
        _imputer = imputer;
        var columns = imputer.Encoding.Columns;
        _indexes = new int[columns.Length];
        _domains = new CategoryDomain?[columns.Length];
        var slots = new List<(int Index, int Slot, CategoryDomain? Domain)>();
        for (var slot = 0; slot < columns.Length; slot++)
        {
            var column = columns[slot];
            if (column.IsLabel && input.IndexOf(column.Name) < 0)
            {
                _indexes[slot] = -1;
                continue;
            }

            var index = ColumnNames.Find(input, column.Name);
            var field = input.Fields[index];
            if (column.Levels.IsEmpty != NumericValues.CanRead(field)
                || (field.Type != column.Type && !(field.IsNumeric && column.Levels.IsEmpty)))
            {
                throw new ModuleException(
                    17, $"Column '{field.Name}' is {field.Type}; the cleaning transformation was made for {column.Type}.");
            }

            _indexes[slot] = index;
            _domains[slot] = WithLevels(field.Categories, column);
            slots.Add((index, slot, _domains[slot]));
        }

        Slots = slots;
    }

    /// <summary>
    /// The columns that the imputer makes: index in the table, position in what <see cref="Impute"/> gives, and a categorical
    /// column's levels, to which those that may be imputed are added.
    /// </summary>
    public IReadOnlyList<(int Index, int Slot, CategoryDomain? Domain)> Slots { get; }

    /// <summary>The columns of the encoding with their missing values replaced.</summary>
    public Column[] Impute(TableBatch batch)
    {
        var columns = _imputer.Encoding.Columns;
        var readers = new DimensionReader?[columns.Length];
        var writers = new ImputedValues?[columns.Length];
        for (var slot = 0; slot < columns.Length; slot++)
        {
            if (_indexes[slot] >= 0)
            {
                readers[slot] = DimensionReader.Create(batch.Columns[_indexes[slot]], columns[slot]);
                writers[slot] = new ImputedValues(batch.Columns[_indexes[slot]], columns[slot], _domains[slot]);
            }
        }

        var vector = new double[_imputer.Encoding.Dimensions];
        var isMissing = new bool[columns.Length];
        var scratch = new double[_imputer.ScratchLength];
        for (var row = 0; row < batch.RowCount; row++)
        {
            if (!Read(row, columns.AsSpan(), readers, vector, isMissing))
            {
                continue;
            }

            _imputer.Fill(vector, isMissing, scratch);
            for (var slot = 0; slot < columns.Length; slot++)
            {
                if (isMissing[slot])
                {
                    writers[slot]?.Set(row, vector);
                }
            }
        }

        return [.. writers.Select((writer, slot) => writer?.Build() ?? new BooleanColumn(new bool[batch.RowCount], batch.RowCount, null))];
    }

    /// <summary>Reads a row; false when no column that the table has is missing there.</summary>
    public static bool Read(
        int row, ReadOnlySpan<EncodedColumn> columns, DimensionReader?[] readers, Span<double> vector, Span<bool> isMissing)
    {
        var any = false;
        for (var slot = 0; slot < columns.Length; slot++)
        {
            isMissing[slot] = readers[slot] is not { } reader || reader.IsMissing(row);
            if (isMissing[slot])
            {
                columns[slot].PutTypical(vector);
                any |= readers[slot] is not null;
            }
            else
            {
                readers[slot]!.Put(row, vector);
            }
        }

        return any;
    }

    private static CategoryDomain? WithLevels(CategoryDomain? domain, EncodedColumn column)
    {
        var added = column.Levels.Where(level => domain is not null && domain.IndexOf(level) < 0).ToArray();
        return added.Length == 0 ? domain : domain! with { Levels = domain.Levels.AddRange(added) };
    }
}
