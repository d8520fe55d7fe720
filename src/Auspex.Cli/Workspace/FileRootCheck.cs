using System.Collections.Immutable;
using Auspex.Connectors.Files;
using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Errors;

namespace Auspex.Cli.Workspace;

/// <summary>Finds folder stores that no run could open, since they lie outside the overlay's <c>fileRoots</c>.</summary>
internal static class FileRootCheck
{
    private static readonly string[] FolderTypes = ["FileServer", "OnPremisesFileServer"];

    /// <summary>A warning for each: whether an activity gets to use it, only a run shows.</summary>
    /// <param name="factory">The factory with its overlay.</param>
    /// <param name="dataFolder">The data folder, whose own storage is always open.</param>
    public static ImmutableArray<Diagnostic> Check(FactoryDefinition factory, string dataFolder)
    {
        var roots = new FileRoots([.. factory.Overlay.FileRoots, Path.Combine(dataFolder, "storage")]);
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var service in factory.LinkedServices.Values
            .Where(service => FolderTypes.Contains(service.Type, StringComparer.OrdinalIgnoreCase))
            .OrderBy(service => service.Name, StringComparer.Ordinal))
        {
            // What an expression gives, only a run knows.
            if (service.TypeProperties.TextMember("host") is not { Length: > 0 } host || host.Contains('@', StringComparison.Ordinal))
            {
                continue;
            }

            var folder = Path.IsPathRooted(host) || factory.Folder is null ? host : Path.GetFullPath(host, factory.Folder);
            try
            {
                roots.Resolve(folder);
            }
            catch (BlobStoreException outside) when (outside.Code == ErrorCode.BlobForbidden)
            {
                var allowed = factory.Overlay.FileRoots is { IsEmpty: false } folders ? $"the file roots {string.Join(", ", folders)}" : "all file roots, as there are none";
                found.Add((service.Origin ?? new DefinitionOrigin(null)).Diagnose(
                    outside.Code,
                    DiagnosticSeverity.Warning,
                    $"The linked service '{service.Name}' leads to the folder '{folder}', outside {allowed}: what reads or writes there fails. "
                    + "Add the folder to 'fileRoots' in auspex.json, or lay another 'host' over it there.",
                    "$.properties.typeProperties.host"));
            }
        }

        return found.ToImmutable();
    }
}
