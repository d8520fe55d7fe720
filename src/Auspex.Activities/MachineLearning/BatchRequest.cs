using System.Text.Json.Nodes;
using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.MachineLearning;

/// <summary>Builds the body of a batch submission from an activity's <c>typeProperties</c>, in the present shape and the older one.</summary>
internal sealed class BatchRequest(WebServiceFile files)
{
    /// <summary>The body; names are taken over exactly as written, since the service matches them by case.</summary>
    /// <exception cref="ActivityException">A property is malformed or a linked service unusable.</exception>
    public async Task<JsonObject> BuildAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var properties = attempt.TypeProperties;
        var body = new JsonObject();
        if (properties.TextMember("webServiceInput") is { } single)
        {
            if (properties.Member("webServiceInputs") is not null)
            {
                throw new ActivityException(
                    ErrorCode.ActivityProperty,
                    "2104",
                    $"Activity '{attempt.Activity.Name}' has both webServiceInput and webServiceInputs; expected one of them.",
                    FailureType.UserError);
            }

            body["Input"] = Write(await files.ReadAsync(attempt, JsonValue.Create(single), "webServiceInput", cancellationToken));
        }

        // What the first form of the activity, AzureMLBatchScoring, is loaded as: the one output of the service.
        if (properties.TextMember("webServiceOutput") is { } singleOutput)
        {
            body["Output"] = Write(await files.ReadAsync(attempt, JsonValue.Create(singleOutput), "webServiceOutput", cancellationToken));
        }

        await AddFilesAsync(attempt, body, "webServiceInputs", "Inputs", cancellationToken);
        await AddFilesAsync(attempt, body, "webServiceOutputs", "Outputs", cancellationToken);
        if (Map(attempt, "globalParameters") is { } parameters)
        {
            var texts = new JsonObject();
            foreach (var (name, value) in parameters)
            {
                texts[name] = RenderText(value);
            }

            body["GlobalParameters"] = texts;
        }

        AddOwn(attempt, body);

        return body;
    }

    // Stands in the overlay alone: a service that is not ours does not know it.
    private static void AddOwn(ActivityAttempt attempt, JsonObject body)
    {
        var overlay = attempt.Factory.Overlay.BadRows;
        if ((overlay.GetValueOrDefault(attempt.Activity.Name) ?? overlay.GetValueOrDefault("*")) is { } badRows)
        {
            body["BadRows"] = new JsonObject { ["Policy"] = badRows.Policy, ["Limit"] = badRows.Limit };
            if (badRows.MaxRecordBytes is { } longest)
            {
                body["BadRows"]!["MaxRecordBytes"] = longest;
            }
        }

        var drift = attempt.Factory.Overlay.DriftReports;
        if (drift.TryGetValue(attempt.Activity.Name, out var reports) || drift.TryGetValue("*", out reports))
        {
            body["DriftReport"] = reports;
        }

        var challengers = attempt.Factory.Overlay.Challengers;
        if (challengers.TryGetValue(attempt.Activity.Name, out var versions) || challengers.TryGetValue("*", out versions))
        {
            body["Challengers"] = new JsonArray([.. versions.Select(version => (JsonNode)version)]);
        }
    }

    private async Task AddFilesAsync(
        ActivityAttempt attempt, JsonObject body, string property, string member, CancellationToken cancellationToken)
    {
        if (Map(attempt, property) is not { } entries)
        {
            return;
        }

        var references = new JsonObject();
        foreach (var (name, entry) in entries)
        {
            references[name] = Write(await files.ReadAsync(attempt, entry, $"{property}['{name}']", cancellationToken));
        }

        body[member] = references;
    }

    private static JsonObject? Map(ActivityAttempt attempt, string property) => attempt.TypeProperties.Member(property) switch
    {
        null => null,
        JsonObject map => map,
        var other => throw new ActivityException(
            ErrorCode.ActivityProperty,
            "2111",
            $"The property '{property}' of activity '{attempt.Activity.Name}' is {Describe(other)}; expected an object of name and value pairs.",
            FailureType.UserError),
    };

    private static string Describe(JsonNode node) => node is JsonArray ? "an array" : "a single value";

    private static JsonNode? RenderText(JsonNode? value) => value switch
    {
        null => null,
        JsonValue text when text.TryGetValue<string>(out var plain) => plain,
        JsonValue flag when flag.TryGetValue<bool>(out var truth) => truth ? "True" : "False",
        _ => value.ToJsonString(),
    };

    internal static JsonObject Write(BlobReference reference)
    {
        var json = new JsonObject();
        AddText(json, "ConnectionString", reference.ConnectionString);
        AddText(json, "BaseLocation", reference.BaseLocation);
        AddText(json, "RelativeLocation", reference.RelativeLocation);
        AddText(json, "SasBlobToken", reference.SasBlobToken);
        return json;
    }

    private static void AddText(JsonObject json, string name, string? text)
    {
        if (text is not null)
        {
            json[name] = text;
        }
    }
}
