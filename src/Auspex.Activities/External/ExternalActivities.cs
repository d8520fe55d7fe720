using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Activities.External.Commands;
using Auspex.Activities.External.Database;
using Auspex.Activities.External.Web;
using Auspex.Activities.LinkedServices;
using Auspex.Activities.MachineLearning;
using Auspex.Connectors.Http;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.External;

/// <summary>Adds the activities that let others work: web services, functions, databases, programs.</summary>
public static class ExternalActivities
{
    /// <summary>
    /// Adds <c>WebActivity</c>, <c>WebHook</c>, <c>AzureFunctionActivity</c>, <c>SqlServerStoredProcedure</c>, <c>Script</c> and <c>Custom</c>.
    /// </summary>
    /// <param name="catalog">Where to add them.</param>
    /// <param name="http">The client for usual calls; it follows the outgoing allow-list.</param>
    /// <param name="gate">Makes clients for calls that need certificates.</param>
    /// <param name="secrets">Where secrets come from.</param>
    /// <param name="addresses">Redirects addresses as the overlay says.</param>
    /// <param name="tokens">Tokens of identities.</param>
    /// <param name="callbacks">Addresses of ours that others call.</param>
    /// <param name="openBlobStore">Opens blob stores and folders.</param>
    /// <param name="tables">Opens databases.</param>
    /// <param name="web">Limits of calls.</param>
    /// <param name="custom">How commands run.</param>
    /// <param name="commandFolder">Where commands run, a folder for each; absolute.</param>
    /// <param name="clock">The clock.</param>
    public static void Register(
        ActivityCatalog catalog,
        HttpClient http,
        OutboundGate gate,
        SecretReader secrets,
        EndpointAddresses addresses,
        IdentityTokens tokens,
        ICallbacks callbacks,
        Func<BlobReference, IBlobStore> openBlobStore,
        SqlTables tables,
        WebOptions web,
        CustomOptions custom,
        string commandFolder,
        TimeProvider clock)
    {
        var linkedServices = new LinkedServiceResolver(secrets, clock);
        var services = new ExternalServices(
            linkedServices,
            new DatasetResolver(linkedServices, clock),
            new FilePlaces(openBlobStore, http, addresses, clock),
            tables,
            http,
            gate,
            addresses,
            tokens,
            callbacks,
            web,
            clock);
        catalog.Add("WebActivity", new WebActivityExecutor(services));
        catalog.Add("WebHook", new WebHookExecutor(services));
        catalog.Add("AzureFunctionActivity", new AzureFunctionExecutor(services));
        catalog.Add("SqlServerStoredProcedure", new StoredProcedureExecutor(services));
        catalog.Add("Script", new ScriptExecutor(services));
        catalog.Add("Custom", new CustomExecutor(services, custom, commandFolder));
    }
}
