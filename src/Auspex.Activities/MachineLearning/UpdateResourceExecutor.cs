using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.MachineLearning;

/// <summary>
/// Runs <c>AzureMLUpdateResource</c>: puts a trained model under an endpoint of a scoring web service, classic or New,
/// as the path of <c>updateResourceEndpoint</c> says.
/// </summary>
/// <remarks>Putting the same model there twice changes nothing, so an attempt may simply run again.</remarks>
internal sealed class UpdateResourceExecutor(
    HttpClient http,
    LinkedServiceResolver linkedServices,
    EndpointAddresses addresses,
    ManagementTokens tokens,
    Func<BlobReference, IBlobStore> openBlobStore) : IActivityExecutor
{
    private static readonly TimeSpan ReadValidity = TimeSpan.FromHours(24);

    private readonly WebServiceFile _files = new(linkedServices);

    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var service = await MachineLearningService.ResolveAsync(attempt, linkedServices, cancellationToken);
        var name = attempt.TypeProperties.TextMember("trainedModelName")
            ?? throw WebServiceFile.Missing(attempt, "trainedModelName");
        var model = await ReadReferenceAsync(attempt, cancellationToken);
        var endpoint = service.Text("updateResourceEndpoint") ?? throw new ActivityException(
            ErrorCode.LinkedServiceUnusable,
            "2103",
            $"Please provide value for the required property 'updateResourceEndpoint' of linked service '{service.Name}': "
            + "the address of the endpoint to update.",
            FailureType.UserError);
        var address = addresses.Redirect(attempt.Factory, endpoint);
        var path = Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.AbsolutePath : "";

        var gates = attempt.Factory.Overlay.ModelGates;
        if ((gates.GetValueOrDefault(attempt.Activity.Name) ?? gates.GetValueOrDefault("*")) is { } gate)
        {
            return await UpdateGatedAsync(service, uri, endpoint, name, model, gate, cancellationToken);
        }

        using var request = path switch
        {
            _ when path.Contains("/providers/Microsoft.MachineLearning/webServices/", StringComparison.OrdinalIgnoreCase) =>
                await BuildNewAsync(attempt, service, uri!, name, model, cancellationToken),
            _ when IsClassic(path) =>
                BuildClassic(uri!, service.Required("apiKey"), name, model),
            _ => throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "2104",
                $"updateResourceEndpoint of linked service '{service.Name}' is '{endpoint}'; expected "
                + ".../workspaces/WORKSPACE/webservices/SERVICE/endpoints/NAME (classic) or "
                + ".../providers/Microsoft.MachineLearning/webServices/NAME?api-version=2016-05-01-preview (New).",
                FailureType.UserError),
        };

        var answer = await SendAsync(request, endpoint, cancellationToken);
        return answer.IsSuccess ? [] : throw Refused(endpoint, answer);
    }

    private async Task<BlobReference> ReadReferenceAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        BlobReference model;
        if (attempt.TypeProperties.TextMember("trainedModelDatasetName") is { } dataset)
        {
            model = await _files.ReadAsync(attempt, JsonValue.Create(dataset), "trainedModelDatasetName", cancellationToken);
        }
        else
        {
            var path = attempt.TypeProperties.TextMember("trainedModelFilePath")
                ?? throw WebServiceFile.Missing(attempt, "trainedModelFilePath");
            model = await _files.ReferAsync(
                attempt, attempt.TypeProperties.Member("trainedModelLinkedServiceName"), path, "trainedModel", cancellationToken);
        }

        try
        {
            return openBlobStore(model).GetReadReference(model.RelativeLocation!, ReadValidity);
        }
        catch (BlobStoreException exception)
        {
            throw new ActivityException(
                exception.Code, "2106", exception.Message, FailureType.UserError, inner: exception);
        }
    }

    private static bool IsClassic(string path) =>
        path.Contains("/webservices/", StringComparison.OrdinalIgnoreCase) && path.Contains("/endpoints/", StringComparison.OrdinalIgnoreCase);

    /// <summary>An update that the server refuses where the new model is worse. Its answer is the activity's output.</summary>
    private async Task<JsonObject> UpdateGatedAsync(
        ResolvedLinkedService service,
        Uri? address,
        string endpoint,
        string name,
        BlobReference model,
        ModelGateOverlay gate,
        CancellationToken cancellationToken)
    {
        if (address is null || !IsClassic(address.AbsolutePath))
        {
            throw Unavailable(endpoint, "only endpoints of classic web services have gates");
        }

        using var request = Patch(new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/gated"), service.Required("apiKey"), new JsonObject
        {
            ["Resources"] = new JsonArray(new JsonObject { ["Name"] = name, ["Location"] = BatchRequest.Write(model) }),
            ["Gate"] = new JsonObject { ["Metric"] = gate.Metric, ["Margin"] = gate.Margin },
        });
        var answer = await SendAsync(request, endpoint, cancellationToken);
        var body = ServiceAnswer.TryParse(answer.Body) as JsonObject;
        if (answer.IsSuccess && body?.Member("gate") is not null)
        {
            return body;
        }

        // The routes of a server without gates end before this address; what it does not know it cannot have changed.
        var error = (body?.Member("error") as JsonObject)?.TextMember("code");
        throw answer.IsSuccess || answer.Status == 405 || (answer.Status == 404 && error != "NotFound")
            ? Unavailable(endpoint, $"it answered {answer.Status}")
            : answer.Status == 409 && answer.Body.Contains("ModelRefusedByGate", StringComparison.Ordinal)
                ? new ActivityException(
                    ErrorCode.ModelRefusedByGate, "ModelRefusedByGate", answer.ErrorText, FailureType.UserError, answer.Body)
                : Refused(endpoint, answer);
    }

    private static ActivityException Unavailable(string endpoint, string why) => new(
        ErrorCode.ModelGateUnavailable,
        "ModelGateUnavailable",
        $"\"modelGates\" in auspex.json asks for a gate, which the service at {endpoint} does not have: {why}. Nothing was updated. Remove the "
        + "gate, or publish the service on this server.",
        FailureType.UserError);

    private static HttpRequestMessage BuildClassic(Uri address, string key, string name, BlobReference model) =>
        Patch(address, key, new JsonObject
        {
            ["Resources"] = new JsonArray(new JsonObject { ["Name"] = name, ["Location"] = BatchRequest.Write(model) }),
        });

    // The asset's key in the definition is arbitrary, so the definition is read first and the asset found by its name.
    private async Task<HttpRequestMessage> BuildNewAsync(
        ActivityAttempt attempt,
        ResolvedLinkedService service,
        Uri address,
        string name,
        BlobReference model,
        CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(attempt.Factory, service, cancellationToken);
        using var read = new HttpRequestMessage(HttpMethod.Get, address);
        read.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await SendAsync(read, address.ToString(), cancellationToken);
        if (!answer.IsSuccess)
        {
            throw Refused(address.ToString(), answer);
        }

        var properties = (ServiceAnswer.TryParse(answer.Body) as JsonObject)?.Member("properties") as JsonObject;
        var assets = properties?.Member("assets") as JsonObject ?? [];
        var key = FindAsset(assets, name, StringComparison.Ordinal) ?? FindAsset(assets, name, StringComparison.OrdinalIgnoreCase)
            ?? throw new ActivityException(
                ErrorCode.UpdateResourceFailed,
                "BadRequest",
                $"The web service at {address.GetLeftPart(UriPartial.Path)} has no trained model named '{name}'; it has "
                + $"{string.Join(", ", assets.Select(asset => $"'{(asset.Value as JsonObject)?.TextMember("name")}'"))}.",
                FailureType.UserError);
        return Patch(address, token, new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["packageType"] = "Graph",
                ["assets"] = new JsonObject
                {
                    [key] = new JsonObject
                    {
                        ["name"] = (assets[key] as JsonObject)?.TextMember("name"),
                        ["type"] = "Resource",
                        ["locationInfo"] = new JsonObject
                        {
                            ["uri"] = model.BaseLocation is null
                                ? model.ConnectionString + ";" + model.RelativeLocation
                                : model.BaseLocation + model.RelativeLocation,
                            ["credentials"] = model.SasBlobToken ?? "",
                        },
                    },
                },
            },
        });
    }

    private static string? FindAsset(JsonObject assets, string name, StringComparison comparison)
    {
        foreach (var (key, asset) in assets)
        {
            if (asset is JsonObject json && name.Equals(json.TextMember("name"), comparison))
            {
                return key;
            }
        }

        return null;
    }

    private static HttpRequestMessage Patch(Uri address, string bearer, JsonObject body)
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, address)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return request;
    }

    private async Task<ServiceAnswer> SendAsync(
        HttpRequestMessage request,
        string endpoint,
        CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return new ServiceAnswer(
                (int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException exception)
        {
            throw new ActivityException(
                ErrorCode.EndpointUnreachable,
                "2128",
                $"No response from the endpoint {endpoint}: {exception.Message} Check the address, the port and that the service "
                + "runs; \"endpoints\" in auspex.json sends an address elsewhere.",
                FailureType.SystemError,
                inner: exception);
        }
    }

    private static ActivityException Refused(string endpoint, ServiceAnswer answer) => new(
        ErrorCode.UpdateResourceFailed,
        "2600",
        $"Update Resource failed. The response from the Machine Learning service at endpoint {endpoint} was '{answer.ErrorText}'",
        FailureType.UserError,
        answer.Body);
}
