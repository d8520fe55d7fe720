using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models;

/// <summary>A row transform that also finds something out about each batch, of which the rows' places are known only afterwards.</summary>
public interface IObservingTransform : IRowTransform
{
    /// <summary>Applies the function; thread-safe.</summary>
    /// <param name="batch">As for <see cref="IRowTransform.Apply"/>.</param>
    /// <param name="observed">What was found out, to be handed to <see cref="Settle"/>.</param>
    TableBatch Apply(TableBatch batch, out object observed);

    /// <summary>Takes what was found out, batch after batch in input order, never two at once.</summary>
    /// <param name="observed">Of one batch.</param>
    /// <param name="firstRow">How many rows are before it in the output.</param>
    void Settle(object observed, long firstRow);
}
