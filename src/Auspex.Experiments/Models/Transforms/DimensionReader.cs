using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>Puts a column's values into vectors.</summary>
internal abstract class DimensionReader(Column column, EncodedColumn encoded)
{
    protected EncodedColumn Encoded => encoded;

    public static DimensionReader Create(Column column, EncodedColumn encoded) =>
        encoded.Levels.IsEmpty ? new Numbers(column, encoded) : new Levels(column, encoded);

    public virtual bool IsMissing(int row) => column.IsNull(row);

    public abstract void Put(int row, Span<double> vector);

    private sealed class Numbers(Column column, EncodedColumn encoded) : DimensionReader(column, encoded)
    {
        private readonly double[] _values = NumericValues.Of(column).ToArray();

        public override void Put(int row, Span<double> vector)
        {
            // NaN and the infinities are values, so they are kept; what they would do to others is that of the mean.
            var value = (_values[row] - Encoded.Mean) / Encoded.Scale;
            vector[Encoded.First] = double.IsFinite(value) ? value : 0;
        }
    }

    private sealed class Levels(Column column, EncodedColumn encoded) : DimensionReader(column, encoded)
    {
        private readonly int[] _codes = new LevelCodes(0, new CategoryDomain(encoded.Levels)).Of(column);

        public override void Put(int row, Span<double> vector)
        {
            var own = vector.Slice(Encoded.First, Encoded.Width);
            own.Clear();
            if (_codes[row] >= 0)
            {
                own[_codes[row]] = 1;
            }
        }
    }
}

/// <summary>A column whose missing values are taken from vectors.</summary>
internal sealed class ImputedValues
{
    private readonly Column _column;
    private readonly EncodedColumn _encoded;
    private readonly CategoryDomain? _domain;
    private readonly double[]? _numbers;
    private readonly int[]? _levels;

    public ImputedValues(Column column, EncodedColumn encoded, CategoryDomain? domain)
    {
        _domain = domain;
        _column = column;
        _encoded = encoded;
        if (column.Validity is not null)
        {
            _numbers = encoded.Levels.IsEmpty ? new double[column.Length] : null;
            _levels = encoded.Levels.IsEmpty ? null : new int[column.Length];
        }
    }

    public void Set(int row, ReadOnlySpan<double> vector)
    {
        if (_numbers is not null)
        {
            _numbers[row] = (vector[_encoded.First] * _encoded.Scale) + _encoded.Mean;
        }
        else
        {
            _levels![row] = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(vector.Slice(_encoded.First, _encoded.Width));
        }
    }

    public Column Build()
    {
        switch (_column)
        {
            case CategoryColumn { Validity: null } complete:
                return new CategoryColumn(complete.Values.ToArray(), complete.Length, _domain!, null);
            case var complete when complete.Validity is null:
                return complete;
            case DoubleColumn doubles:
                return new DoubleColumn(Merge(doubles, row => _numbers![row]), doubles.Length, null);
            case BooleanColumn booleans:
                return new BooleanColumn(Merge(booleans, row => _numbers![row] >= 0.5), booleans.Length, null);
            case Int64Column integers:
                return new Int64Column(Merge(integers, row => ColumnStatistics.ToInt64(_numbers![row])), integers.Length, null);
            case DateTimeColumn times:
                return new DateTimeColumn(
                    Merge(times, row => Math.Clamp(ColumnStatistics.ToInt64(_numbers![row]), 0, DateTime.MaxValue.Ticks)),
                    times.Length,
                    null);
            case TimeSpanColumn times:
                return new TimeSpanColumn(Merge(times, row => ColumnStatistics.ToInt64(_numbers![row])), times.Length, null);
            case CategoryColumn categories:
                {
                    var codes = _encoded.Levels.Select(_domain!.IndexOf).ToArray();
                    return new CategoryColumn(Merge(categories, row => codes[_levels![row]]), categories.Length, _domain, null);
                }

            default:
                var texts = (StringColumn)_column;
                var builder = new StringColumnBuilder(texts.Length);
                var domain = new CategoryDomain(_encoded.Levels);
                for (var row = 0; row < texts.Length; row++)
                {
                    builder.AppendUtf8(texts.IsNull(row) ? domain.Utf8(_levels![row]) : texts.Bytes(row));
                }

                return builder.Build();
        }
    }

    private static T[] Merge<T>(Column<T> column, Func<int, T> imputed)
        where T : unmanaged
    {
        var values = column.Values.ToArray();
        for (var row = 0; row < values.Length; row++)
        {
            if (column.IsNull(row))
            {
                values[row] = imputed(row);
            }
        }

        return values;
    }
}
