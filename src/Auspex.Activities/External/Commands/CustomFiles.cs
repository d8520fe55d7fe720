using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.External.Commands;

/// <summary>What lies in the folder in which a Custom activity's program runs.</summary>
internal sealed class CustomFiles(ExternalServices services)
{
    /// <summary>Brings the files of <c>folderPath</c>, those of sub-folders beside the others, and the documents that describe the activity.</summary>
    /// <exception cref="ActivityException">The folder is missing or empty (2507), or two files bear one name (2508).</exception>
    public async Task PrepareAsync(
        ActivityAttempt attempt, PropertyReader properties, CommandFolder folder, CancellationToken cancellationToken)
    {
        if (properties.Has("resourceLinkedService") || properties.Has("folderPath"))
        {
            await DownloadAsync(attempt, properties, folder, cancellationToken);
        }

        var references = properties.Object("referenceObjects");
        await folder.WriteAsync("activity.json", Describe(attempt), cancellationToken);
        await folder.WriteAsync("linkedServices.json", NamedResources.ReadLinkedServices(services, attempt, references), cancellationToken);
        await folder.WriteAsync("datasets.json", NamedResources.ReadDatasets(services, attempt, references), cancellationToken);
    }

    private async Task DownloadAsync(
        ActivityAttempt attempt, PropertyReader properties, CommandFolder folder, CancellationToken cancellationToken)
    {
        var reference = ReferenceLoader.Load(properties.Json.Member("resourceLinkedService")) ?? throw properties.Missing("resourceLinkedService");
        var path = properties.Required("folderPath");
        var store = await services.LinkedServices.ResolveAsync(attempt.Factory, reference, cancellationToken);
        var place = services.Places.OpenFolder(attempt, store, path);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var prefix = place.FolderPath.Length == 0 ? "" : place.FolderPath + "/";
        await foreach (var blob in place.Store.ListAsync(prefix, cancellationToken))
        {
            var name = blob.Path[(blob.Path.LastIndexOf('/') + 1)..];
            if (name.Length == 0)
            {
                continue;
            }

            if (name is "." or ".." || name.AsSpan().IndexOfAny('\\', ':', '\0') >= 0)
            {
                throw Invalid("2507", $"File '{name}' of folder '{path}' has a name that a file here cannot have. Rename it.");
            }

            if (!names.Add(name))
            {
                throw Invalid(
                    "2508", $"There are duplicate files in the resource folder: '{name}' stands twice in '{path}', and sub-folders are laid flat. Rename one.");
            }

            await using var source = await place.Store.OpenReadAsync(blob.Path, 0, cancellationToken);
            await using var target = File.Create(Path.Combine(folder.WorkingFolder, name));
            await source.CopyToAsync(target, cancellationToken);
            MakeRunnable(target.Name);
        }

        if (names.Count == 0)
        {
            throw Invalid("2507", $"The folder '{path}' of linked service '{store.Name}' does not exist or is empty; expected the program's files.");
        }
    }

    // Stores of blobs do not say which file is a program.
    private static void MakeRunnable(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The activity with its expressions evaluated and its SecureStrings in clear, as Data Factory hands it over.</summary>
    private static JsonObject Describe(ActivityAttempt attempt)
    {
        var activity = (JsonObject)attempt.Activity.Source.DeepClone();
        activity[activity.MemberName("name") ?? "name"] = attempt.Activity.Name;
        activity[activity.MemberName("type") ?? "type"] = attempt.Activity.Type;
        var properties = (JsonObject)attempt.TypeProperties.DeepClone();
        if (properties.ObjectMember("extendedProperties") is { } extended)
        {
            foreach (var (name, value) in extended.ToArray())
            {
                if (value is JsonObject envelope && "SecureString".Equals(envelope.TextMember("type"), StringComparison.OrdinalIgnoreCase))
                {
                    extended[name] = envelope.Member("value")?.DeepClone();
                }
            }
        }

        activity[activity.MemberName("typeProperties") ?? "typeProperties"] = properties;
        return activity;
    }

    private static ActivityException Invalid(string errorCode, string message) =>
        new(ErrorCode.CustomFilesInvalid, errorCode, message, FailureType.UserError);
}
