using Auspex.Activities.LinkedServices;
using Auspex.Connectors.ObjectStorage;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.MachineLearning;

/// <summary>Adds the Machine Learning activities to a catalogue.</summary>
public static class MachineLearningActivities
{
    /// <summary>Adds <c>AzureMLBatchExecution</c> (as which <c>AzureMLBatchScoring</c> is loaded) and <c>AzureMLUpdateResource</c>.</summary>
    /// <param name="catalog">Where to add them.</param>
    /// <param name="http">The client for every call; it follows the outgoing allow-list.</param>
    /// <param name="secrets">Where the overlay's secrets come from.</param>
    /// <param name="addresses">Redirects addresses as the overlay says.</param>
    /// <param name="openBlobStore">Opens the stores that models are read from.</param>
    /// <param name="options">Pauses and limits.</param>
    /// <param name="clock">The clock.</param>
    public static void Register(
        ActivityCatalog catalog,
        HttpClient http,
        SecretReader secrets,
        EndpointAddresses addresses,
        Func<BlobReference, IBlobStore> openBlobStore,
        MachineLearningOptions options,
        TimeProvider clock)
    {
        var linkedServices = new LinkedServiceResolver(secrets, clock);
        catalog.Add("AzureMLBatchExecution", new BatchExecutionExecutor(http, linkedServices, addresses, options, clock));
        catalog.Add("AzureMLUpdateResource", new UpdateResourceExecutor(
            http, linkedServices, addresses, new ManagementTokens(http, addresses), openBlobStore));
    }
}
