using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Auspex.Server.Api;

namespace Auspex.Server.WebServices;

/// <summary>The settings that a request names; what it leaves out stays as it is.</summary>
internal sealed partial record EndpointSettings
{
    private const int LongestName = 24;
    private const int LongestDescription = 2000;
    private const int MostCalls = 200;

    public string? Description { get; init; }

    public string? ThrottleLevel { get; init; }

    public int? MaxConcurrentCalls { get; init; }

    public string? DiagnosticsTraceLevel { get; init; }

    public bool? PreventUpdate { get; init; }

    public bool? SampleDataEnabled { get; init; }

    /// <summary>Reads AddEndpoint and PatchEndpoint bodies alike.</summary>
    /// <exception cref="ServiceErrorException">400: a value is out of its range.</exception>
    public static EndpointSettings Read(JsonElement body) => new()
    {
        Description = ReadDescription(body),
        ThrottleLevel = ReadChoice(body, "ThrottleLevel", "Low", "High"),
        MaxConcurrentCalls = ReadCalls(body),
        DiagnosticsTraceLevel = ReadChoice(body, "DiagnosticsTraceLevel", "None", "Error", "All"),
        PreventUpdate = ReadFlag(body, "PreventUpdate"),
        SampleDataEnabled = ReadFlag(body, "SampleDataEnabled"),
    };

    public static void CheckName(string name)
    {
        if (name.Length > LongestName || !NamePattern().IsMatch(name))
        {
            throw ServiceErrors.BadArgument(
                "InvalidEndpointName",
                $"'{ServiceErrors.Shorten(name)}' is no endpoint name. Expected at most {LongestName} lower-case letters, digits and hyphens, with no hyphen first or last.");
        }
    }

    public EndpointDocument ApplyTo(EndpointDocument endpoint)
    {
        var level = ThrottleLevel ?? endpoint.ThrottleLevel;
        var most = level == "Low" ? 4 : MostCalls;
        var calls = MaxConcurrentCalls ?? (ThrottleLevel is null ? endpoint.MaxConcurrentCalls : Math.Min(20, most));
        if (MaxConcurrentCalls is not null && ThrottleLevel is null && calls > 4)
        {
            // Whoever asks for more calls than the low level allows means the high one.
            level = "High";
            most = MostCalls;
        }

        return endpoint with
        {
            Description = Description ?? endpoint.Description,
            ThrottleLevel = level,
            MaxConcurrentCalls = Math.Min(calls, most),
            DiagnosticsTraceLevel = DiagnosticsTraceLevel ?? endpoint.DiagnosticsTraceLevel,
            PreventUpdate = PreventUpdate ?? endpoint.PreventUpdate,
            SampleDataEnabled = SampleDataEnabled ?? endpoint.SampleDataEnabled,
        };
    }

    /// <summary>Some clients write booleans as text.</summary>
    public static bool? ReadFlag(JsonElement body, string name) => body.Member(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text when bool.TryParse(text.GetString(), out var value) => value,
        _ => throw Invalid(name, "true or false"),
    };

    private static string? ReadDescription(JsonElement body)
    {
        var text = body.Text("Description");
        return text is null || text.Length <= LongestDescription
            ? text
            : throw Invalid("Description", $"at most {LongestDescription} characters");
    }

    private static int? ReadCalls(JsonElement body)
    {
        var value = body.Member("MaxConcurrentCalls");
        if (!value.IsGiven())
        {
            return null;
        }

        var isNumber = value.ValueKind == JsonValueKind.Number
            ? value.TryGetInt32(out var calls)
            : int.TryParse(value.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out calls);
        return !isNumber || calls < 1
            ? throw Invalid("MaxConcurrentCalls", $"a number from 1 to {MostCalls}")
            : calls <= MostCalls
                ? calls
                : throw ServiceErrors.BadArgument(
                    "WebServiceTooManyConcurrentRequestRequirement",
                    $"The number of concurrent calls may not exceed {MostCalls}; found {calls}.");
    }

    private static string? ReadChoice(JsonElement body, string name, params ReadOnlySpan<string> choices)
    {
        var value = body.Member(name);
        if (!value.IsGiven())
        {
            return null;
        }

        foreach (var choice in choices)
        {
            if (choice.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return choice;
            }
        }

        throw Invalid(name, string.Join(", ", choices!));
    }

    private static ServiceErrorException Invalid(string name, string expected) =>
        ServiceErrors.BadArgument("RequestBodyInvalid", $"'{name}' has a value that is not allowed. Expected {expected}.");

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
