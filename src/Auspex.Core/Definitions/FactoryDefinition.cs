using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions;

/// <summary>Everything in a factory's folder, with the overlay laid over it and all that was found wrong.</summary>
public sealed record FactoryDefinition
{
    /// <summary>The factory's or workspace's name; <c>auspex</c> when the folder names none.</summary>
    public required string Name { get; init; }

    /// <summary>The folder read, absolute; null for a factory that was not read from a folder.</summary>
    public string? Folder { get; init; }

    /// <summary>Pipelines by name, ignoring case.</summary>
    public ImmutableDictionary<string, PipelineDefinition> Pipelines { get; init; } = Empty<PipelineDefinition>();

    /// <summary>Linked services by name, ignoring case, the overlay applied.</summary>
    public ImmutableDictionary<string, LinkedServiceDefinition> LinkedServices { get; init; } = Empty<LinkedServiceDefinition>();

    /// <summary>Datasets by name, ignoring case.</summary>
    public ImmutableDictionary<string, DatasetDefinition> Datasets { get; init; } = Empty<DatasetDefinition>();

    /// <summary>Triggers by name, ignoring case.</summary>
    public ImmutableDictionary<string, TriggerDefinition> Triggers { get; init; } = Empty<TriggerDefinition>();

    /// <summary>Experiments by name, ignoring case.</summary>
    public ImmutableDictionary<string, ExperimentDefinition> Experiments { get; init; } = Empty<ExperimentDefinition>();

    /// <summary>Resources of kinds that are kept but not executed.</summary>
    public ImmutableArray<OtherDefinition> Others { get; init; } = [];

    /// <summary>Values of the global parameters, the overlay's laid over the factory's.</summary>
    public JsonObject GlobalParameters { get; init; } = [];

    /// <summary>What differs on this machine.</summary>
    public OverlayDefinition Overlay { get; init; } = new();

    /// <summary>Everything found while loading.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    private static ImmutableDictionary<string, T> Empty<T>() =>
        ImmutableDictionary.Create<string, T>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>What differs on this machine: <c>auspex.json</c> with <c>auspex.ENV.json</c> laid over it.</summary>
public sealed record OverlayDefinition
{
    /// <summary>Replaced linked services by name: <c>{"type", "typeProperties"}</c>, merged over the definition's.</summary>
    public ImmutableDictionary<string, JsonObject> LinkedServices { get; init; } =
        ImmutableDictionary.Create<string, JsonObject>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Prefix of an address to the address to use instead; <c>self</c> is the server of this process.</summary>
    public ImmutableArray<EndpointOverride> Endpoints { get; init; } = [];

    /// <summary>Where a secret comes from, by <c>LinkedService.property</c>.</summary>
    public ImmutableDictionary<string, SecretSource> Secrets { get; init; } =
        ImmutableDictionary.Create<string, SecretSource>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Values that replace or add to the factory's global parameters.</summary>
    public JsonObject GlobalParameters { get; init; } = [];

    /// <summary>
    /// What becomes of rows that a batch execution cannot read, by the activity's name; <c>*</c> stands for all others.
    /// </summary>
    public ImmutableDictionary<string, BadRowsOverlay> BadRows { get; init; } =
        ImmutableDictionary.Create<string, BadRowsOverlay>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// What an Update Resource activity asks of a new model, by the activity's name; <c>*</c> stands for all others.
    /// </summary>
    public ImmutableDictionary<string, ModelGateOverlay> ModelGates { get; init; } =
        ImmutableDictionary.Create<string, ModelGateOverlay>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a batch execution reports drift beside its output, by the activity's name; <c>*</c> stands for all others.</summary>
    public ImmutableDictionary<string, bool> DriftReports { get; init; } = ImmutableDictionary.Create<string, bool>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The versions of the model that score beside the one served, none for an empty list, by the name of a batch execution; <c>*</c> stands for all
    /// others. Where nothing is said the endpoint's own do.
    /// </summary>
    public ImmutableDictionary<string, ImmutableArray<int>> Challengers { get; init; } =
        ImmutableDictionary.Create<string, ImmutableArray<int>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The only folders that file stores may touch, absolute.</summary>
    public ImmutableArray<string> FileRoots { get; init; } = [];

    /// <summary>The linked service whose blobs a storage trigger watches, by the trigger's name.</summary>
    public ImmutableDictionary<string, string> TriggerLinkedServices { get; init; } =
        ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The files it was read from, the one laid over the others last.</summary>
    public ImmutableArray<DefinitionOrigin> Origins { get; init; } = [];

    /// <summary>The file that has the last word on a member such as <c>$.secrets['A.b']</c>; null when none has it.</summary>
    internal DefinitionOrigin? OriginOf(string path) => Origins.LastOrDefault(origin => origin.Lines?.Contains(path) == true);
}

/// <summary>An address written in a definition, and the one to use instead.</summary>
public sealed record EndpointOverride(string From, string To);

/// <summary>What becomes of rows that cannot be read.</summary>
/// <param name="Policy"><c>fail</c>, <c>skip</c> or <c>quarantine</c>.</param>
/// <param name="Limit">The most that may be left out: a number of rows, or a share such as <c>0.5%</c>; null for any number.</param>
/// <param name="MaxRecordBytes">The longest row of text in bytes, a longer one being a bad row; null where the service decides.</param>
public sealed record BadRowsOverlay(string Policy, string? Limit, int? MaxRecordBytes = null);

/// <summary>A new model may replace the present one only where it is no worse.</summary>
/// <param name="Metric">A metric of Evaluate Model, such as <c>AUC</c>.</param>
/// <param name="Margin">By how much the new model may be worse, in the metric's own unit; 0 or more.</param>
public sealed record ModelGateOverlay(string Metric, double Margin);

/// <summary>Where a secret comes from: exactly one of the three is set.</summary>
/// <param name="Env">An environment variable.</param>
/// <param name="File">A file whose trimmed text is the secret, absolute.</param>
/// <param name="Value">The secret itself, for samples and tests.</param>
public sealed record SecretSource(string? Env, string? File, string? Value);
