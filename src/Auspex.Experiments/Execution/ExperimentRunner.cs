using Auspex.Errors;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;

namespace Auspex.Experiments.Execution;

/// <summary>
/// Runs experiments: each node once what it needs is there, several at a time, what has not changed from the cache.
/// </summary>
/// <remarks>
/// The result does not depend on how many nodes run at once. A node that fails stops what needs it; the others go on, as
/// in Studio.
/// </remarks>
public static class ExperimentRunner
{
    /// <summary>
    /// Runs an experiment to its end. A failed node is part of the result, not an exception; so is a cancelled run.
    /// </summary>
    /// <exception cref="WebServiceCallException">A parameter or an input's name does not fit; nothing ran.</exception>
    public static async Task<ExperimentRunResult> RunAsync(
        CompiledExperiment experiment, ExperimentRunRequest request, CancellationToken cancellationToken)
    {
        var parameters = ParameterOverrides.Resolve(experiment, request.ParameterValues, request.IsCall);
        var given = Given(experiment, request);
        var ids = new Dictionary<PortKey, string>();
        if (request.Cache is not null)
        {
            foreach (var (port, value) in given)
            {
                ids[port] = value is TableValue { Table: var table }
                    ? await TableFile.HashAsync(table, cancellationToken)
                    : Guid.NewGuid().ToString("N");
            }
        }

        var scope = NodeScope.Of(experiment, request, given);
        var run = new GraphRun(experiment, request, parameters, scope, given, ids);
        return await run.RunAsync(cancellationToken);
    }

    private static Dictionary<PortKey, PortValue> Given(CompiledExperiment experiment, ExperimentRunRequest request)
    {
        var given = new Dictionary<PortKey, PortValue>(request.Known);
        foreach (var (name, table) in request.Inputs)
        {
            var input = experiment.ServiceInputs.FirstOrDefault(input => input.Name == name);
            if (input is null)
            {
                var known = experiment.ServiceInputs.Select(known => known.Name).ToList();
                throw new WebServiceCallException(
                    ErrorCode.ServiceInputRejected,
                    "InvalidInputNames",
                    $"There is no web-service input '{name}'; expected "
                        + $"{(known.Count == 0 ? "none" : string.Join(", ", known))}. "
                        + $"Names are case-sensitive.{NearestName.Hint(name, known)}");
            }

            given[input.Source] = new TableValue(table);
        }

        return given;
    }
}
