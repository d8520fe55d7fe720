using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Server.WebServices.Scoring;

/// <summary>Scores one request: by the row-wise plan where the service has one, at once; else by its whole graph.</summary>
internal sealed class RequestScorer(ModuleServices services)
{
    /// <returns>The table of the service's only output; null when the service has no row-wise plan.</returns>
    /// <exception cref="ModuleException">A parameter does not fit, or a module failed.</exception>
    public static ImmutableArray<KeyValuePair<string, TableBatch>>? TryScoreRows(LiveModel model, ScoreRequest request) =>
        model.FindRowwise(request.Parameters) is { } transform
            ? [KeyValuePair.Create(model.Shape.TableOutputs[0].Name, transform.Apply(request.Inputs[model.Shape.Inputs[0].Name]))]
            : null;

    /// <returns>The tables of the service's outputs, in the order of its signature.</returns>
    /// <exception cref="ModuleException">A module failed.</exception>
    public async Task<ImmutableArray<KeyValuePair<string, TableBatch>>> ScoreAsync(
        LiveModel model, ScoreRequest request, CancellationToken cancellationToken)
    {
        var values = await model.Runtime.ExecuteAsync(request.Inputs, request.Parameters, services, cancellationToken);
        var outputs = ImmutableArray.CreateBuilder<KeyValuePair<string, TableBatch>>();
        foreach (var port in model.Shape.TableOutputs)
        {
            if (values.TryGetValue(port.Name, out var value) && value is TableValue table)
            {
                outputs.Add(KeyValuePair.Create(port.Name, table.Table));
            }
        }

        return outputs.ToImmutable();
    }
}
