using System.Text.Json.Nodes;
using Auspex.Definitions.Triggers;

namespace Auspex.Engine.Triggers;

/// <summary>What storage events are about.</summary>
internal static class BlobEvents
{
    /// <summary>Whether a blob's path, container included, is one that a trigger watches.</summary>
    public static bool Fits(BlobEventsTrigger detail, string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var written = slash < 0 ? $"/{path}" : $"/{path[..slash]}/blobs{path[slash..]}";
        return written.StartsWith(detail.PathBeginsWith, StringComparison.Ordinal)
            && written.EndsWith(detail.PathEndsWith, StringComparison.Ordinal);
    }

    /// <summary>What <c>triggerBody()</c> gives for a blob: its file's name, and container and folder before it.</summary>
    public static JsonObject BodyOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return new JsonObject
        {
            ["fileName"] = path[(slash + 1)..],
            ["folderPath"] = slash < 0 ? string.Empty : path[..slash],
        };
    }

    /// <summary>The path, container included, of an event's subject <c>/blobServices/default/containers/C/blobs/P</c>; null for another subject.</summary>
    public static string? PathOf(string subject)
    {
        const string Containers = "/containers/";
        const string Blobs = "/blobs/";
        var container = subject.IndexOf(Containers, StringComparison.OrdinalIgnoreCase);
        var blobs = container < 0 ? -1 : subject.IndexOf(Blobs, container + Containers.Length, StringComparison.OrdinalIgnoreCase);
        return blobs < 0
            ? null
            : $"{subject[(container + Containers.Length)..blobs]}/{subject[(blobs + Blobs.Length)..]}";
    }
}
