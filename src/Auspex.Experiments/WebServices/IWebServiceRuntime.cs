using Auspex.Connectors.Tables;
using Auspex.Experiments.Contracts;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring.Drift;

namespace Auspex.Experiments.WebServices;

/// <summary>
/// A loaded web service of one version: its models are in memory, its graph is compiled. Immutable and thread-safe.
/// </summary>
public interface IWebServiceRuntime
{
    /// <summary>What it takes and gives.</summary>
    ServiceSignature Signature { get; }

    /// <summary>
    /// Input columns that callers may leave out: the labels of its models, which nobody knows of what is to be scored.
    /// </summary>
    IReadOnlySet<string> OptionalColumns { get; }

    /// <summary>
    /// The row-wise function from one input to one output, when the whole path between them is row-wise and no other
    /// input or output takes part; null otherwise. Batches of any size may be streamed through it.
    /// </summary>
    /// <param name="input">The schema of what comes in; compared with the signature.</param>
    /// <param name="parameters">Values by web-service parameter name; missing ones take their default.</param>
    /// <exception cref="ModuleException">The schema or a parameter does not fit.</exception>
    IRowTransform? BindRowwise(TableSchema input, IReadOnlyDictionary<string, string> parameters);

    /// <summary>
    /// What an input asks of the tables that callers send: its columns and types; for columns that reach the only model of a
    /// row-wise graph unchanged also what that model has seen of them at training.
    /// </summary>
    /// <param name="input">The web-service input's name.</param>
    /// <param name="parameters">Values by web-service parameter name, since they may change what happens to columns.</param>
    InputContract ContractOf(string input, IReadOnlyDictionary<string, string> parameters);

    /// <summary>
    /// Watches a row-wise function of this service for drift; null where no single model is on the way, or it does not know how its
    /// training was spread.
    /// </summary>
    /// <param name="scoring">What <see cref="BindRowwise"/> gave.</param>
    /// <param name="input">The schema that it is bound to.</param>
    /// <param name="parameters">The parameters that it is bound with.</param>
    DriftWatch? WatchDrift(IRowTransform scoring, TableSchema input, IReadOnlyDictionary<string, string> parameters);

    /// <summary>The model that scores the rows of the only input; null where there is none, or more than one.</summary>
    /// <param name="parameters">Values by web-service parameter name.</param>
    TrainedModel? FindScoringModel(IReadOnlyDictionary<string, string> parameters) => null;

    /// <summary>Where the graph scores rows with a model that is served with it, in topological order.</summary>
    IReadOnlyList<ScoringNode> ScoringNodes { get; }

    /// <summary>Where the trained models among a call's outputs come from, by the output's name.</summary>
    /// <param name="runId">The run that the call belongs to.</param>
    /// <param name="outputs">What the call gave; metrics are known where an evaluation is among it.</param>
    IReadOnlyDictionary<string, ModelOrigin> OriginsOf(string runId, IReadOnlyDictionary<string, PortValue> outputs);

    /// <summary>Runs the graph on whole tables.</summary>
    /// <param name="inputs">
    /// A table per web-service input by name; an input left out keeps its design-time data.
    /// </param>
    /// <param name="parameters">Values by web-service parameter name; missing ones take their default.</param>
    /// <param name="services">What modules may reach outside.</param>
    /// <param name="cancellationToken">Stops between modules, and inside those that take long.</param>
    /// <returns>A value per web-service output by name.</returns>
    /// <exception cref="ModuleException">A module failed; node and module are set.</exception>
    Task<IReadOnlyDictionary<string, PortValue>> ExecuteAsync(
        IReadOnlyDictionary<string, TableBatch> inputs,
        IReadOnlyDictionary<string, string> parameters,
        ModuleServices services,
        CancellationToken cancellationToken);

    /// <summary>The same with somebody who looks on where rows are scored; null for nobody.</summary>
    Task<IReadOnlyDictionary<string, PortValue>> ExecuteAsync(
        IReadOnlyDictionary<string, TableBatch> inputs,
        IReadOnlyDictionary<string, string> parameters,
        ModuleServices services,
        GraphWatch? watch,
        CancellationToken cancellationToken);

    /// <summary>Runs only what the <see cref="ScoringNodes"/> need, and nothing that writes somewhere, for the watch alone.</summary>
    /// <exception cref="ModuleException">A module failed; node and module are set.</exception>
    Task ScoreAsync(
        IReadOnlyDictionary<string, TableBatch> inputs,
        IReadOnlyDictionary<string, string> parameters,
        ModuleServices services,
        GraphWatch watch,
        CancellationToken cancellationToken);
}
