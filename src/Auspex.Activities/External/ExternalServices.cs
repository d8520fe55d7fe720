using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Activities.External.Web;
using Auspex.Activities.LinkedServices;
using Auspex.Activities.MachineLearning;
using Auspex.Connectors.Http;
using Auspex.Connectors.Sql;

namespace Auspex.Activities.External;

/// <summary>What the external activities work with; shared by all of them, holding nothing of a run.</summary>
/// <param name="LinkedServices">Resolves linked services.</param>
/// <param name="Datasets">Resolves datasets.</param>
/// <param name="Places">Opens stores of files.</param>
/// <param name="Tables">Opens databases.</param>
/// <param name="Http">The client for usual calls; it follows the outgoing allow-list.</param>
/// <param name="Gate">Makes clients for calls that need certificates.</param>
/// <param name="Addresses">Redirects addresses as the overlay says.</param>
/// <param name="Tokens">Tokens of identities.</param>
/// <param name="Callbacks">Addresses of ours that others call.</param>
/// <param name="Web">Limits of calls.</param>
/// <param name="Clock">The clock.</param>
internal sealed record ExternalServices(
    LinkedServiceResolver LinkedServices,
    DatasetResolver Datasets,
    FilePlaces Places,
    SqlTables Tables,
    HttpClient Http,
    OutboundGate Gate,
    EndpointAddresses Addresses,
    IdentityTokens Tokens,
    ICallbacks Callbacks,
    WebOptions Web,
    TimeProvider Clock);
