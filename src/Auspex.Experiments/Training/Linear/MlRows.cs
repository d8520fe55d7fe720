using Microsoft.ML;
using Microsoft.ML.Data;

namespace Auspex.Experiments.Training.Linear;

/// <summary>Hands rows to ML.NET's trainers, without holding them a second time.</summary>
internal sealed class MlRows(LinearRows rows, double[] targets, CancellationToken cancellationToken)
{
    // ML.NET has no token of its own: the rows it asks for are where training can be stopped.
    private const int RowsBetweenChecks = 4096;

    /// <summary>The rows that are handed over.</summary>
    public LinearRows Source => rows;

    public IDataView OfNumbers(MLContext context)
    {
        var schema = Schema<NumberRow>();
        return context.Data.LoadFromEnumerable(
            Enumerate(() => new NumberRow(), (row, index) => row.Label = (float)targets[index]), schema);
    }

    private SchemaDefinition Schema<T>()
        where T : FeatureRow
    {
        var schema = SchemaDefinition.Create(typeof(T));
        schema[nameof(FeatureRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows.SlotCount);
        return schema;
    }

    // One row object per enumeration: cursors copy what they read.
    private IEnumerable<T> Enumerate<T>(Func<T> create, Action<T, int> setLabel)
        where T : FeatureRow
    {
        var row = create();
        var isDense = rows.IsDense;
        var slots = new int[rows.EntryCount];
        var values = new double[rows.EntryCount];
        var singles = new float[rows.EntryCount];
        for (var index = 0; index < rows.RowCount; index++)
        {
            if (index % RowsBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            rows.Read(index, slots, values);
            for (var i = 0; i < singles.Length; i++)
            {
                singles[i] = (float)values[i];
            }

            row.Features = isDense
                ? new VBuffer<float>(singles.Length, singles)
                : new VBuffer<float>(rows.SlotCount, singles.Length, singles, slots);
            setLabel(row, index);
            yield return row;
        }
    }

    private abstract class FeatureRow
    {
        public VBuffer<float> Features;
    }

    private sealed class NumberRow : FeatureRow
    {
        public float Label;
    }
}
