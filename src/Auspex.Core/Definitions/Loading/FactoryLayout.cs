namespace Auspex.Definitions.Loading;

/// <summary>
/// Where in a folder the factory is. The kinds' folders may lie in the folder itself or anywhere below it, and a repository
/// often holds an exported ARM template of the same factory as well, which must not count a second time.
/// </summary>
public static class FactoryLayout
{
    /// <summary>Whether a folder of this name marks the place where a factory is: <c>pipeline</c>, <c>linkedServices</c> and so on.</summary>
    /// <remarks>Names that other projects use as well, such as <c>dataset</c> or <c>notebook</c>, are no such mark.</remarks>
    public static bool IsFactoryMark(string folder) => ResourceKinds.OfFolder(folder) is
        ResourceKind.Pipeline or ResourceKind.LinkedService or ResourceKind.Trigger or ResourceKind.DataFlow
        or ResourceKind.IntegrationRuntime or ResourceKind.Experiment;

    /// <summary>Whether a folder of this name holds resources of one kind.</summary>
    public static bool IsKindFolder(string folder) => ResourceKinds.OfFolder(folder) is not null;

    /// <summary>The kind of the innermost folder around a file, and the path of the folder that holds that folder.</summary>
    internal static (ResourceKind? Kind, string Root) Place(string path)
    {
        var parts = path.Split('/');
        for (var index = parts.Length - 2; index >= 0; index--)
        {
            if (ResourceKinds.OfFolder(parts[index]) is { } kind)
            {
                var root = index;
                while (kind == ResourceKind.ManagedPrivateEndpoint && root > 0
                    && ResourceKinds.OfFolder(parts[root]) != ResourceKind.ManagedVirtualNetwork)
                {
                    root--;
                }

                return (kind, string.Join('/', parts[..root]));
            }
        }

        return (null, string.Join('/', parts[..^1]));
    }

    /// <summary>Files that lie in a repository beside the resources and define none.</summary>
    internal static bool IsKnownOther(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name.Equals("publish_config.json", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("template-parameters-definition.json", StringComparison.OrdinalIgnoreCase);
    }
}
