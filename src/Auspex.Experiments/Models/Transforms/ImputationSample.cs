using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>The rows that an imputer is fitted on, as vectors: all of them, or as many as memory and time allow, evenly spaced.</summary>
internal sealed class ImputationSample
{
    // Regressions and covariances of so many rows no longer change with more of them, while time and memory grow.
    private const int MostRows = 50_000;
    private const int FewestRows = 1_000;
    private const double MostProducts = 1e9;

    private ImputationSample(double[] values, bool[] isMissing, int rows, FeatureEncoding encoding)
    {
        Values = values;
        IsMissing = isMissing;
        Rows = rows;
        Encoding = encoding;
    }

    public FeatureEncoding Encoding { get; }

    public int Rows { get; }

    /// <summary>Row after row; missing columns hold what is typical.</summary>
    public double[] Values { get; }

    /// <summary>Row after row, per column.</summary>
    public bool[] IsMissing { get; }

    public Span<double> Row(int row) => Values.AsSpan(row * Encoding.Dimensions, Encoding.Dimensions);

    public Span<bool> Missing(int row) => IsMissing.AsSpan(row * Encoding.Columns.Length, Encoding.Columns.Length);

    public static ImputationSample Take(TableBatch table, IReadOnlyList<int> columns)
    {
        var encoding = FeatureEncoding.Fit(table, columns);
        var affordable = MostProducts / Math.Max(1, (double)encoding.Dimensions * encoding.Dimensions);
        var rows = Math.Min(table.RowCount, (int)Math.Clamp(affordable, FewestRows, MostRows));
        var sample = new ImputationSample(
            new double[rows * encoding.Dimensions], new bool[rows * encoding.Columns.Length], rows, encoding);
        var readers = new DimensionReader?[columns.Count];
        for (var slot = 0; slot < readers.Length; slot++)
        {
            readers[slot] = DimensionReader.Create(table.Columns[columns[slot]], encoding.Columns[slot]);
        }

        for (var row = 0; row < rows; row++)
        {
            var source = (int)((long)row * table.RowCount / rows);
            BoundImputer.Read(source, encoding.Columns.AsSpan(), readers, sample.Row(row), sample.Missing(row));
        }

        return sample;
    }
}
