using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>Applies transforms of which some find something out on the way.</summary>
internal static class Observation
{
    public static (TableBatch Rows, object? Observed) Apply(IRowTransform transform, TableBatch batch)
    {
        if (transform is not IObservingTransform observing)
        {
            return (transform.Apply(batch), null);
        }

        var rows = observing.Apply(batch, out var observed);
        return (rows, observed);
    }

    public static void Settle(IRowTransform transform, object? observed, long firstRow)
    {
        if (observed is not null)
        {
            ((IObservingTransform)transform).Settle(observed, firstRow);
        }
    }
}
