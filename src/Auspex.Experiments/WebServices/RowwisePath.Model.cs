using Auspex.Connectors.Tables;
using Auspex.Experiments.Contracts;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.WebServices;

internal sealed partial class RowwisePath
{
    /// <summary>
    /// The model on the path and the input columns that reach it as they are; null unless exactly one node scores, or when a
    /// node does not fit.
    /// </summary>
    /// <remarks>
    /// A few rows are sent through the nodes before the model: row transforms share the columns they leave alone instead of
    /// copying them, so that a column is unchanged exactly where the same object comes out. One that is computed and merely
    /// equal counts as changed, which only means that less is checked.
    /// </remarks>
    /// <param name="start">Brings a caller's table into the form of the input.</param>
    /// <param name="input">The schema of callers' tables.</param>
    /// <param name="parameters">Parameters by node.</param>
    /// <param name="services">What modules may reach.</param>
    public ReachedModel? FindModel(
        IRowTransform start,
        TableSchema input,
        IReadOnlyDictionary<string, System.Collections.Immutable.ImmutableSortedDictionary<string, string>> parameters,
        ModuleServices services)
    {
        var scorers = Enumerable.Range(0, _stops.Length).Where(index => _stops[index].Inputs.Values.Any(value => value is ModelValue)).ToList();
        if (scorers is not [var scorer] || _stops[scorer].Inputs.Values.OfType<ModelValue>().ToList() is not [var model])
        {
            return null;
        }

        try
        {
            var before = new RowwisePath(_stops[..scorer]).Bind(start, parameters, services);
            var rows = Probe(input);
            return new ReachedModel(model.Model, Unchanged(rows, before.Apply(rows), model.Model.Features));
        }
        catch (ModuleException)
        {
            // Whoever runs the service is told what does not fit; here it only means that nothing is known.
            return null;
        }
    }

    private static Dictionary<string, int> Unchanged(TableBatch sent, TableBatch reached, TableSchema features)
    {
        var unchanged = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var feature = 0; feature < features.Fields.Length; feature++)
        {
            var index = reached.Schema.IndexOf(features.Fields[feature].Name);
            var source = index < 0 ? -1 : sent.Columns.IndexOf(reached.Columns[index]);
            if (source >= 0 && sent.Schema.Fields[source].Type == reached.Schema.Fields[index].Type)
            {
                unchanged.TryAdd(sent.Schema.Fields[source].Name, feature);
            }
        }

        return unchanged;
    }

    // With missing and unlike values, so that whatever fills, clips or replaces has something to do.
    private static TableBatch Probe(TableSchema schema)
    {
        var builder = new TableBatchBuilder(schema);
        foreach (var text in (string?[])[null, "0", "1", "-1000000", "1000000", "a", ""])
        {
            foreach (var column in builder.Columns)
            {
                if (text is null || !column.TryAppendText(System.Text.Encoding.UTF8.GetBytes(text)))
                {
                    column.AppendNull();
                }
            }

            builder.CompleteRow();
        }

        return builder.Build();
    }
}
