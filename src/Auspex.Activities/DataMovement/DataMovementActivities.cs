using Auspex.Activities.DataMovement.Copying;
using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Activities.LinkedServices;
using Auspex.Activities.MachineLearning;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.DataMovement;

/// <summary>Adds the data activities to a catalogue.</summary>
public static class DataMovementActivities
{
    /// <summary>Adds <c>Copy</c>, <c>Lookup</c>, <c>GetMetadata</c>, <c>Delete</c> and <c>Validation</c>.</summary>
    /// <param name="catalog">Where to add them.</param>
    /// <param name="http">The client for every call; it follows the outgoing allow-list.</param>
    /// <param name="secrets">Where the overlay's secrets come from.</param>
    /// <param name="addresses">Redirects addresses as the overlay says.</param>
    /// <param name="openBlobStore">Opens blob stores and folders.</param>
    /// <param name="tables">Opens tables of databases.</param>
    /// <param name="options">Limits and folders.</param>
    /// <param name="clock">The clock.</param>
    public static void Register(
        ActivityCatalog catalog,
        HttpClient http,
        SecretReader secrets,
        EndpointAddresses addresses,
        Func<BlobReference, IBlobStore> openBlobStore,
        SqlTables tables,
        DataMovementOptions options,
        TimeProvider clock)
    {
        var services = new DataServices(
            new DatasetResolver(new LinkedServiceResolver(secrets, clock), clock),
            new FilePlaces(openBlobStore, http, addresses, clock),
            tables,
            http,
            addresses,
            options,
            clock);
        catalog.Add("Copy", new CopyExecutor(services));
        catalog.Add("Lookup", new LookupExecutor(services));
        catalog.Add("GetMetadata", new GetMetadataExecutor(services));
        catalog.Add("Delete", new DeleteExecutor(services));
        catalog.Add("Validation", new ValidationExecutor(services));
    }
}
