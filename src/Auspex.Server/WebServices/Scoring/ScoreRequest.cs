using Auspex.Connectors.Tables;

namespace Auspex.Server.WebServices.Scoring;

/// <summary>A request-response call, read and checked against the service's signature.</summary>
/// <param name="Inputs">A table per web-service input.</param>
/// <param name="Parameters">Given web-service parameters as text.</param>
internal sealed record ScoreRequest(
    IReadOnlyDictionary<string, TableBatch> Inputs,
    IReadOnlyDictionary<string, string> Parameters);
