using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Auspex.Server.Api.Factories;

/// <summary>A kind of resource that the management interface keeps, and how it is spelled there.</summary>
/// <param name="Folder">The git folder, which is the kind's name inside this program.</param>
/// <param name="Segment">The part of the path in addresses.</param>
/// <param name="TypeSegment">The part in <c>id</c> and <c>type</c>, whose case clients compare.</param>
/// <param name="Group">The client library's group of operations.</param>
/// <param name="Label">The kind in words.</param>
/// <param name="NotFoundCode">The error code for a name that is not there.</param>
internal sealed partial record ManagedKind(
    string Folder, string Segment, string TypeSegment, string Group, string Label, string NotFoundCode)
{
    private const int LongestName = 260;

    /// <summary>The body must have a <c>type</c>.</summary>
    public bool HasType { get; init; } = true;

    /// <summary>The name follows the stricter pattern of factories.</summary>
    public bool HasPlainName { get; init; }

    /// <summary>Whether it is there in the Synapse data plane.</summary>
    public bool IsInSynapse { get; init; } = true;

    /// <summary>What a caller should know; empty for nothing.</summary>
    public string Note { get; init; } = "";

    public static ManagedKind Pipeline { get; } =
        new("pipeline", "pipelines", "pipelines", "pipelines", "pipeline", "PipelineNotFound") { HasType = false };

    public static ManagedKind LinkedService { get; } =
        new("linkedService", "linkedservices", "linkedservices", "linkedServices", "linked service", "LinkedServiceNotFound");

    public static ManagedKind Dataset { get; } = new("dataset", "datasets", "datasets", "datasets", "dataset", "DatasetNotFound");

    public static ManagedKind Trigger { get; } = new("trigger", "triggers", "triggers", "triggers", "trigger", "TriggerNotFound");

    public static ManagedKind DataFlow { get; } =
        new("dataflow", "dataflows", "dataflows", "dataFlows", "data flow", "DataFlowNotFound") { Note = "kept, not executed" };

    public static ManagedKind IntegrationRuntime { get; } =
        new("integrationRuntime", "integrationRuntimes", "integrationruntimes", "integrationRuntimes", "integration runtime", "IntegrationRuntimeNotFound")
        {
            HasPlainName = true,
            IsInSynapse = false,
            Note = "whatever its type, it is this host",
        };

    public static ManagedKind Credential { get; } =
        new("credential", "credentials", "credentials", "credentialOperations", "credential", "CredentialNotFound")
        {
            IsInSynapse = false,
            Note = "kept, not used to sign in",
        };

    public static ManagedKind ManagedVirtualNetwork { get; } =
        new("managedVirtualNetwork", "managedVirtualNetworks", "managedvirtualnetworks", "managedVirtualNetworks", "managed virtual network", "ManagedVirtualNetworkNotFound")
        {
            HasType = false,
            IsInSynapse = false,
            Note = "kept, without meaning here",
        };

    public static ManagedKind ChangeDataCapture { get; } =
        new("adfcdc", "adfcdcs", "adfcdcs", "changeDataCapture", "change data capture", "ChangeDataCaptureNotFound")
        {
            HasType = false,
            IsInSynapse = false,
            Note = "kept, not executed",
        };

    public static ManagedKind Notebook { get; } =
        new("notebook", "notebooks", "notebooks", "notebook", "notebook", "NotebookNotFound") { HasType = false, Note = "kept, not executed" };

    public static ManagedKind SparkJobDefinition { get; } =
        new("sparkJobDefinition", "sparkJobDefinitions", "sparkJobDefinitions", "sparkJobDefinition", "Spark job definition", "SparkJobDefinitionNotFound")
        {
            HasType = false,
            Note = "kept, not executed",
        };

    public static ManagedKind SqlScript { get; } =
        new("sqlscript", "sqlScripts", "sqlscripts", "sqlScript", "SQL script", "SqlScriptNotFound") { HasType = false, Note = "kept, not executed" };

    /// <summary>The kinds of a factory.</summary>
    public static ImmutableArray<ManagedKind> OfFactory { get; } =
    [
        Pipeline, LinkedService, Dataset, Trigger, DataFlow, IntegrationRuntime, Credential, ManagedVirtualNetwork, ChangeDataCapture,
    ];

    /// <summary>The kinds of a Synapse workspace's data plane.</summary>
    public static ImmutableArray<ManagedKind> OfWorkspace { get; } =
        [.. OfFactory.Where(kind => kind.IsInSynapse), Notebook, SparkJobDefinition, SqlScript];

    /// <summary>Whether a name may be given to a new resource.</summary>
    public bool Accepts(string name) => HasPlainName
        ? IsPlainName(name)
        : name.Length <= LongestName && Name().IsMatch(name) && !name.Any(char.IsControl) && name.Trim() == name;

    /// <summary>The rule in words.</summary>
    public string NameRule => HasPlainName
        ? "3 to 63 letters, digits and single inner hyphens"
        : "1 to 260 characters that begin with a letter, a digit or '_', without < > * # . % & : \\ + ? / and without spaces at its ends";

    /// <summary>The names of factories.</summary>
    public static bool IsPlainName(string name) => name.Length is >= 3 and <= 63 && PlainName().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z0-9_][^<>*#.%&:\\+?/]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9]+(-[A-Za-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainName();
}
