using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Activities.MachineLearning;
using Auspex.Connectors.Sql;

namespace Auspex.Activities.DataMovement;

/// <summary>What the data activities work with; shared by all of them, holding nothing of a run.</summary>
/// <param name="Datasets">Makes references usable.</param>
/// <param name="Places">Opens stores of files.</param>
/// <param name="Tables">Opens tables of databases.</param>
/// <param name="Http">The client for REST services; it follows the outgoing allow-list.</param>
/// <param name="Addresses">Redirects addresses as the overlay says.</param>
/// <param name="Options">Limits and folders.</param>
/// <param name="Clock">The clock.</param>
internal sealed record DataServices(
    DatasetResolver Datasets,
    FilePlaces Places,
    SqlTables Tables,
    HttpClient Http,
    EndpointAddresses Addresses,
    DataMovementOptions Options,
    TimeProvider Clock);
