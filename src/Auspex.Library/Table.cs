using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Library;

/// <summary>Rows in memory, as columns of one kind each. Immutable and thread-safe; made by <see cref="TableBuilder"/> or read from a file.</summary>
public sealed class Table
{
    internal Table(TableBatch batch) => Batch = batch;

    /// <summary>The columns, in order. Names differ; case matters.</summary>
    public IReadOnlyList<ModelColumn> Columns => field ??= [.. Batch.Schema.Fields.Select(Describe)];

    /// <summary>The number of rows.</summary>
    public int RowCount => Batch.RowCount;

    internal TableBatch Batch { get; }

    /// <summary>Reads a whole file; kinds are taken from it, or inferred from all of its text. <c>?</c> and nothing are missing values.</summary>
    /// <param name="path">CSV or TSV (also <c>.gz</c>, <c>.zst</c>), Parquet, Arrow, Feather or ARFF, by its extension.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="LibraryException">The file is malformed.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static Task<Table> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Errors.TranslateAsync(async () => new Table(await TableFiles.ReadAsync(path, cancellationToken)));
    }

    /// <summary>Writes a file of one of the formats that <see cref="ReadAsync"/> reads; whoever reads it sees all of it or what was there before.</summary>
    /// <exception cref="ArgumentException">No table is written under such a name.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public Task WriteAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return TableFiles.IsWritable(path)
            ? Errors.TranslateAsync(async () =>
            {
                await TableFiles.WriteAsync(path, Batch, cancellationToken);
                return true;
            })
            : throw new ArgumentException($"{path}: tables are written as {TableFiles.Extensions}.", nameof(path));
    }

    /// <summary>A column of numbers or Booleans (1 and 0), one per row; NaN for a missing value. A copy.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it holds no numbers.</exception>
    public double[] Numbers(string column)
    {
        var values = new double[RowCount];
        var found = Find(column);
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = found.IsNull(row) ? double.NaN : found switch
            {
                DoubleColumn doubles => doubles.Values[row],
                Int64Column integers => integers.Values[row],
                BooleanColumn booleans => booleans.Values[row] ? 1 : 0,
                CategoryColumn categories when double.TryParse(
                    categories.Domain.Levels[categories.Values[row]], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
                _ => throw new ArgumentException($"Column '{column}' holds no numbers; expected one that does, or Texts.", nameof(column)),
            };
        }

        return values;
    }

    /// <summary>A column as invariant text, one per row; null for a missing value. A copy.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public string?[] Texts(string column)
    {
        var found = Find(column);
        var texts = new string?[RowCount];
        for (var row = 0; row < texts.Length; row++)
        {
            texts[row] = Convert.ToString(ValueOf(found, row), CultureInfo.InvariantCulture);
            texts[row] = found.IsNull(row) ? null : texts[row];
        }

        return texts;
    }

    /// <summary>
    /// One value: null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, <see cref="DateTime"/> or
    /// <see cref="TimeSpan"/>, by the column's kind; a column of levels gives text.
    /// </summary>
    /// <param name="row">From 0.</param>
    /// <param name="column">Its exact name.</param>
    /// <exception cref="ArgumentException">There is no such row or column.</exception>
    public object? Value(int row, string column)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, RowCount);
        return ValueOf(Find(column), row);
    }

    private static object? ValueOf(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        BooleanColumn booleans => booleans.Values[row],
        Int64Column integers => integers.Values[row],
        DoubleColumn doubles => doubles.Values[row],
        DateTimeColumn times => new DateTime(times.Values[row]),
        TimeSpanColumn durations => new TimeSpan(durations.Values[row]),
        CategoryColumn categories => categories.Values[row] < 0 ? null : categories.Domain.Levels[categories.Values[row]],
        StringColumn texts => texts.Text(row),
        _ => null,
    };

    private Column Find(string column)
    {
        var index = Batch.Schema.IndexOf(column);
        return index >= 0 ? Batch.Columns[index] : throw new ArgumentException(
            $"There is no column '{column}'; there are {string.Join(", ", Batch.Schema.Fields.Take(20).Select(field => $"'{field.Name}'"))}. Names are case-sensitive.",
            nameof(column));
    }

    private static ModelColumn Describe(TableField field) =>
        new(field.Name, field.IsCategorical ? ColumnKind.Text : ColumnKinds.Of(field.Type)) { Levels = field.Categories?.Levels };
}
