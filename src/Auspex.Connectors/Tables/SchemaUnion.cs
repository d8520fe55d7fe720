namespace Auspex.Connectors.Tables;

/// <summary>The schema that holds the rows of several batches, and the way of each column into it.</summary>
internal static class SchemaUnion
{
    public static TableSchema Of(IReadOnlyList<TableBatch> batches)
    {
        var first = batches[0].Schema;
        if (batches.All(batch => ReferenceEquals(batch.Schema, first)))
        {
            return first;
        }

        var fields = first.Fields.ToArray();
        for (var i = 1; i < batches.Count; i++)
        {
            var other = batches[i].Schema.Fields;
            if (other.Length != fields.Length)
            {
                throw new ArgumentException(
                    $"Batch {i} has {other.Length} columns; expected {fields.Length} as in batch 0.", nameof(batches));
            }

            for (var column = 0; column < fields.Length; column++)
            {
                fields[column] = Merge(fields[column], other[column], i);
            }
        }

        return new TableSchema([.. fields]);
    }

    public static Column Widen(Column column, TableField from, TableField to)
    {
        if (from.IsCategorical == to.IsCategorical && (from.Type == to.Type || column is not Int64Column || to.Type != ColumnType.Double))
        {
            return column;
        }

        if (column is Int64Column integers && to.Type == ColumnType.Double)
        {
            var numbers = new double[integers.Length];
            for (var row = 0; row < numbers.Length; row++)
            {
                numbers[row] = integers.Values[row];
            }

            return new DoubleColumn(numbers, numbers.Length, integers.Validity);
        }

        return ColumnText.Convert(column, to, out var failedRow)
            ?? throw new ArgumentException(
                $"Column '{to.Name}' has a level in row {failedRow} that is no {to.Type}.", nameof(column));
    }

    private static TableField Merge(TableField first, TableField other, int batch)
    {
        if (first.Name != other.Name)
        {
            throw new ArgumentException($"Batch {batch} has a column '{other.Name}'; expected '{first.Name}' in its place.");
        }

        var type = first.Type == other.Type ? first.Type
            : first.IsNumeric && other.IsNumeric ? (ColumnType)Math.Max((int)first.Type, (int)other.Type)
            : throw new ArgumentException(
                $"Column '{first.Name}' is {other.Type} in batch {batch}; expected {first.Type} as in the batches before.");
        return first with
        {
            Type = type,
            IsNullable = first.IsNullable || other.IsNullable,
            Categories = Join(first.Categories, other.Categories),
        };
    }

    private static CategoryDomain? Join(CategoryDomain? first, CategoryDomain? other)
    {
        if (first is null || other is null || first.Equals(other))
        {
            return other is null ? null : first;
        }

        var levels = first.Levels.ToBuilder();
        foreach (var level in other.Levels)
        {
            if (first.IndexOf(level) < 0)
            {
                levels.Add(level);
            }
        }

        // An order between levels of different domains is not known.
        return new CategoryDomain(levels.ToImmutable(), first.IsOrdered && levels.Count == first.Levels.Length);
    }
}
