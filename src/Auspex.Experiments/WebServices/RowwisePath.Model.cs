using System.Collections.Immutable;
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
    /// <param name="start">Brings a caller's table into the form of the input.</param>
    /// <param name="input">The schema of callers' tables.</param>
    /// <param name="parameters">Parameters by node.</param>
    /// <param name="services">What modules may reach.</param>
    public ReachedModel? FindModel(
        IRowTransform start,
        TableSchema input,
        IReadOnlyDictionary<string, ImmutableSortedDictionary<string, string>> parameters,
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
            return new ReachedModel(model.Model, Unchanged(input, before, model.Model.Features));
        }
        catch (ModuleException)
        {
            // Whoever runs the service is told what does not fit; here it only means that nothing is known.
            return null;
        }
    }

    private static Dictionary<string, int> Unchanged(TableSchema input, IRowTransform before, TableSchema features)
    {
        var unchanged = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var feature = 0; feature < features.Fields.Length; feature++)
        {
            var index = before.Output.IndexOf(features.Fields[feature].Name);
            var source = index < 0 ? -1 : before.Flow.Sources[index];
            if (source >= 0 && input.Fields[source].Type == before.Output.Fields[index].Type)
            {
                unchanged.TryAdd(input.Fields[source].Name, feature);
            }
        }

        return unchanged;
    }
}
