using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.MachineLearning;

/// <summary>
/// Asks web services what they take and give, and holds the names in <c>AzureMLBatchExecution</c> activities against
/// that: what Azure would find during a run is found before it.
/// </summary>
public sealed class SignatureCheck
{
    private readonly HttpClient _http;
    private readonly LinkedServiceResolver _linkedServices;
    private readonly EndpointAddresses _addresses;

    // Where "self" leads when the factory's own server does not run; nothing is asked there.
    private readonly string? _absent;

    /// <summary>Prepares checks.</summary>
    /// <param name="http">Asks the web services.</param>
    /// <param name="secrets">Opens linked services.</param>
    /// <param name="addresses">Where the overlay's endpoints lead.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="absent">The address that stands for a server that does not run; null when it does.</param>
    public SignatureCheck(HttpClient http, SecretReader secrets, EndpointAddresses addresses, TimeProvider clock, Uri? absent = null)
    {
        _absent = absent?.ToString();
        _http = http;
        _linkedServices = new LinkedServiceResolver(secrets, clock);
        _addresses = addresses;
    }

    /// <summary>Checks every activity of a factory. A service that does not answer gives one piece of information, no error.</summary>
    public async Task<ImmutableArray<Diagnostic>> CheckAsync(FactoryDefinition factory, CancellationToken cancellationToken)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var documents = new Dictionary<string, JsonObject?>(StringComparer.Ordinal);
        foreach (var pipeline in factory.Pipelines.Values.OrderBy(pipeline => pipeline.Name, StringComparer.Ordinal))
        {
            foreach (var activity in BatchActivities(pipeline.Activities))
            {
                await CheckAsync(factory, pipeline, activity, documents, diagnostics, cancellationToken);
            }
        }

        return diagnostics.ToImmutable();
    }

    private async Task CheckAsync(
        FactoryDefinition factory,
        PipelineDefinition pipeline,
        ActivityDefinition activity,
        Dictionary<string, JsonObject?> documents,
        ImmutableArray<Diagnostic>.Builder diagnostics,
        CancellationToken cancellationToken)
    {
        if (Address(factory, activity) is not { } address)
        {
            return;
        }

        if (!documents.TryGetValue(address, out var document))
        {
            var isAbsent = _absent is not null && address.StartsWith(_absent, StringComparison.OrdinalIgnoreCase);
            document = isAbsent ? null : await FetchAsync(address, cancellationToken);
            documents[address] = document;
            if (document is null)
            {
                Report(diagnostics, pipeline, activity.Source, ErrorCode.SignatureUnavailable, DiagnosticSeverity.Information,
                    (isAbsent
                        ? "This factory's own server does not run ('auspex up' starts it)"
                        : $"The web service at {address} did not tell its signature")
                    + $", so the names in activity '{activity.Name}' are not checked.");
            }
        }

        if (document?.ObjectMember("definitions") is not { } definitions)
        {
            return;
        }

        CheckNames(definitions, "BatchInputs", "webServiceInputs", "input", pipeline, activity, diagnostics);
        CheckNames(definitions, "BatchOutputs", "webServiceOutputs", "output", pipeline, activity, diagnostics);
        CheckNames(definitions, "GlobalParameters", "globalParameters", "parameter", pipeline, activity, diagnostics);
    }

    private static void CheckNames(
        JsonObject definitions,
        string definition,
        string property,
        string what,
        PipelineDefinition pipeline,
        ActivityDefinition activity,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        if (activity.TypeProperties.Member(property) is not JsonObject given)
        {
            return;
        }

        var known = definitions.ObjectMember(definition)?.ObjectMember("properties")?.Select(member => member.Key).ToList() ?? [];
        foreach (var (name, _) in given)
        {
            if (known.Contains(name, StringComparer.Ordinal))
            {
                continue;
            }

            var nearest = NearestName.Find(name, known);
            var advice = nearest is null
                ? known.Count == 0 ? $"it has no {what}s" : $"it has {string.Join(", ", known.Select(one => $"'{one}'"))}"
                : $"did you mean '{nearest}'? Names are case-sensitive";
            Report(diagnostics, pipeline, (JsonNode?)given[name] ?? given, ErrorCode.SignatureMismatch, DiagnosticSeverity.Error,
                $"The web service has no {what} '{name}', which {property} of activity '{activity.Name}' names; {advice}.");
        }
    }

    private string? Address(FactoryDefinition factory, ActivityDefinition activity)
    {
        if (activity.LinkedServiceName is not { } reference
            || !factory.LinkedServices.TryGetValue(reference.ReferenceName, out var service)
            || service.TypeProperties.TextMember("mlEndpoint") is null)
        {
            return null;
        }

        try
        {
            var endpoint = _addresses.Redirect(factory, _linkedServices.Resolve(factory, reference).Required("mlEndpoint"));
            var query = endpoint.IndexOf('?', StringComparison.Ordinal);
            var path = (query < 0 ? endpoint : endpoint[..query]).TrimEnd('/');
            return path.EndsWith("/jobs", StringComparison.OrdinalIgnoreCase) && Uri.IsWellFormedUriString(path, UriKind.Absolute)
                ? path[..^"jobs".Length] + "swagger.json"
                : null;
        }
        catch (ActivityException)
        {
            // A secret or argument that only a run has: nothing to ask before it.
            return null;
        }
    }

    private async Task<JsonObject?> FetchAsync(string address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            using var response = await _http.GetAsync(address, limit.Token);
            return response.IsSuccessStatusCode
                ? ServiceAnswer.TryParse(await response.Content.ReadAsStringAsync(limit.Token)) as JsonObject
                : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static IEnumerable<ActivityDefinition> BatchActivities(ImmutableArray<ActivityDefinition> activities)
    {
        foreach (var activity in activities)
        {
            if (activity.Type.Equals("AzureMLBatchExecution", StringComparison.OrdinalIgnoreCase) && activity.IsActive)
            {
                yield return activity;
            }

            foreach (var inner in activity.Branches.SelectMany(branch => BatchActivities(branch.Activities)))
            {
                yield return inner;
            }
        }
    }

    private static void Report(
        ImmutableArray<Diagnostic>.Builder diagnostics,
        PipelineDefinition pipeline,
        JsonNode node,
        ErrorCode code,
        DiagnosticSeverity severity,
        string message) => diagnostics.Add(
            pipeline.Origin?.Diagnose(code, severity, message, node) ?? new Diagnostic(code, severity, message));
}
