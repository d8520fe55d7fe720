namespace Auspex.Definitions.Loading;

/// <summary>What a piece of JSON in a factory's folder is.</summary>
internal enum ResourceKind
{
    Pipeline,
    LinkedService,
    Dataset,
    Trigger,
    Experiment,
    Factory,
    GlobalParameters,
    IntegrationRuntime,
    DataFlow,
    Credential,
    ManagedVirtualNetwork,
    ManagedPrivateEndpoint,
    ChangeDataCapture,
    Notebook,
    SqlScript,
    SparkJobDefinition,
    SparkConfiguration,
    KqlScript,
    Database,
    WebService,
    Fragment,
}

/// <summary>The folders and the ARM type names of the kinds.</summary>
internal static class ResourceKinds
{
    private static readonly Dictionary<string, ResourceKind> ByFolder = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pipeline"] = ResourceKind.Pipeline,
        ["linkedService"] = ResourceKind.LinkedService,
        ["dataset"] = ResourceKind.Dataset,
        ["trigger"] = ResourceKind.Trigger,
        ["experiment"] = ResourceKind.Experiment,
        ["factory"] = ResourceKind.Factory,
        ["globalParameter"] = ResourceKind.GlobalParameters,
        ["integrationRuntime"] = ResourceKind.IntegrationRuntime,
        ["dataflow"] = ResourceKind.DataFlow,
        ["credential"] = ResourceKind.Credential,
        ["managedVirtualNetwork"] = ResourceKind.ManagedVirtualNetwork,
        ["managedPrivateEndpoint"] = ResourceKind.ManagedPrivateEndpoint,
        ["adfcdc"] = ResourceKind.ChangeDataCapture,
        ["notebook"] = ResourceKind.Notebook,
        ["sqlscript"] = ResourceKind.SqlScript,
        ["sparkJobDefinition"] = ResourceKind.SparkJobDefinition,
        ["sparkConfiguration"] = ResourceKind.SparkConfiguration,
        ["kqlscript"] = ResourceKind.KqlScript,
        ["database"] = ResourceKind.Database,
        ["webService"] = ResourceKind.WebService,
    };

    /// <summary>The kind that a folder of this name holds, singular or plural and in any case; null for any other folder.</summary>
    public static ResourceKind? OfFolder(string name)
    {
        if (ByFolder.TryGetValue(name, out var kind))
        {
            return kind;
        }

        return string.Equals(name, "factories", StringComparison.OrdinalIgnoreCase)
            ? null
            : name.EndsWith('s') && ByFolder.TryGetValue(name[..^1], out kind) ? kind : null;
    }

    /// <summary>The kind of an ARM type such as <c>Microsoft.DataFactory/factories/linkedservices</c> or just <c>pipelines</c>.</summary>
    public static ResourceKind? OfArmType(string type)
    {
        if (string.Equals(type, "Microsoft.DataFactory/factories", StringComparison.OrdinalIgnoreCase))
        {
            return ResourceKind.Factory;
        }

        var isOurs = type.StartsWith("Microsoft.DataFactory/factories/", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("Microsoft.Synapse/workspaces/", StringComparison.OrdinalIgnoreCase)
            || string.Equals(type, "Microsoft.MachineLearning/webServices", StringComparison.OrdinalIgnoreCase)
            || !type.Contains('/', StringComparison.Ordinal);
        return isOurs ? OfFolder(type[(type.LastIndexOf('/') + 1)..]) : null;
    }

    /// <summary>The name of the kind's own folder, such as <c>linkedService</c>.</summary>
    public static string FolderOf(ResourceKind kind) => kind switch
    {
        ResourceKind.GlobalParameters => "globalParameters",
        ResourceKind.Fragment => "fragment",
        _ => ByFolder.First(entry => entry.Value == kind).Key,
    };

    /// <summary>The kind in words.</summary>
    public static string Describe(ResourceKind kind) => kind switch
    {
        ResourceKind.LinkedService => "linked service",
        ResourceKind.IntegrationRuntime => "integration runtime",
        ResourceKind.DataFlow => "data flow",
        ResourceKind.GlobalParameters => "global parameters",
        ResourceKind.ManagedVirtualNetwork => "managed virtual network",
        ResourceKind.ManagedPrivateEndpoint => "managed private endpoint",
        ResourceKind.ChangeDataCapture => "change data capture",
        ResourceKind.SqlScript => "SQL script",
        ResourceKind.SparkJobDefinition => "Spark job definition",
        ResourceKind.SparkConfiguration => "Spark configuration",
        ResourceKind.KqlScript => "KQL script",
        ResourceKind.WebService => "web service",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
