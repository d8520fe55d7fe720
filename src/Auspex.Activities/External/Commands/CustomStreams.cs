using Auspex.Activities.Datasets.Files;
using Auspex.Activities.LinkedServices;
using Auspex.Connectors.Files;
using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.External.Commands;

/// <summary>Where what a command wrote to stdout and stderr can be read afterwards.</summary>
/// <remarks>
/// As in Data Factory, in container <c>adfjobs</c> of the storage that the AzureBatch linked service names. Where it names none, or one that
/// cannot be opened here, the files stay in the command's folder.
/// </remarks>
internal sealed class CustomStreams(ExternalServices services)
{
    private const string Container = "adfjobs";

    // Addresses carry no token: whoever reads them has access of their own.
    private static readonly TimeSpan NoTime = TimeSpan.FromMinutes(1);

    /// <summary>Copies both and gives their addresses.</summary>
    /// <exception cref="BlobStoreException">The storage refused them.</exception>
    public async Task<IReadOnlyList<string>> KeepAsync(ActivityAttempt attempt, CommandFolder folder, CancellationToken cancellationToken)
    {
        string[] files = [folder.StandardOutput, folder.StandardError];
        if (await OpenAsync(attempt, cancellationToken) is not { } place)
        {
            return [.. files.Select(file => new Uri(file).AbsoluteUri)];
        }

        var addresses = new List<string>();
        foreach (var file in files)
        {
            var path = FilePlace.Join(place.FolderPath, Path.GetFileName(file));
            await using var upload = await place.Store.OpenWriteAsync(path, cancellationToken);
            await using (var content = File.OpenRead(file))
            {
                await content.CopyToAsync(upload.Stream, cancellationToken);
            }

            await upload.CommitAsync(cancellationToken);
            addresses.Add(AddressOf(place.Store.GetReadReference(path, NoTime)));
        }

        return addresses;
    }

    private async Task<FilePlace?> OpenAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var batch = attempt.Factory.LinkedServices[attempt.LinkedServiceName!.ReferenceName].TypeProperties;
        if (ReferenceLoader.Load(batch.Member("linkedServiceName")) is not { } reference)
        {
            return null;
        }

        try
        {
            var store = await services.LinkedServices.ResolveAsync(attempt.Factory, reference, cancellationToken);
            StorageReferences.Refer(attempt.Factory, store, Container);
            return services.Places.OpenFolder(attempt, store, $"{Container}/{attempt.ActivityRunId}/output");
        }
        catch (ActivityException)
        {
            // Definitions name a storage of Azure that a local run has no key of; the command itself does not need it.
            return null;
        }
    }

    private static string AddressOf(BlobReference reference) => reference.BaseLocation is { } address
        ? address + reference.RelativeLocation
        : new Uri(Path.Combine(reference.ConnectionString![(FolderBlobStore.ConnectionKey.Length + 1)..], reference.RelativeLocation!)).AbsoluteUri;
}
