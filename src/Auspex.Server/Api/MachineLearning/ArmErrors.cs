using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Server.Api.Factories;

namespace Auspex.Server.Api.MachineLearning;

/// <summary>What the resource interface refuses, in the words of Azure's resource manager.</summary>
internal static class ArmErrors
{
    private const int LongestName = 260;

    public static ServiceErrorException NotFound(ArmCall call) => FactoryErrors.NotFound(
        "ResourceNotFound",
        $"The Resource '{call.Type}/{ServiceErrors.Shorten(call.Name)}' under resource group '{ServiceErrors.Shorten(call.Group)}' was not found.");

    public static ServiceErrorException Invalid(string message, string target) =>
        new(400, "BadRequest", message, [new ServiceErrorDetail("BadArgument", message, target)]) { Target = target };

    /// <summary>Checks what every resource that is written must have.</summary>
    /// <exception cref="ServiceErrorException">400.</exception>
    public static void CheckEnvelope(ArmCall call, JsonObject body, bool needsLocation)
    {
        if (call.Name.Length is 0 or > LongestName || call.Name.Any(character => char.IsControl(character) || "/\\?#%<>".Contains(character, StringComparison.Ordinal)))
        {
            throw new ServiceErrorException(
                400,
                "InvalidResourceName",
                $"'{ServiceErrors.Shorten(call.Name)}' is no name for a resource; expected 1 to {LongestName} printable characters, none of them one of / \\ ? # % < >.",
                [])
            { Target = "name" };
        }

        if (needsLocation && string.IsNullOrWhiteSpace(body.TextMember("location")))
        {
            throw new ServiceErrorException(400, "LocationRequired", "The location property is required for this definition.", []) { Target = "location" };
        }

        foreach (var member in (ReadOnlySpan<string>)["properties", "tags", "sku"])
        {
            if (body.Member(member) is { } value and not JsonObject)
            {
                throw Invalid($"'{member}' is {value.GetValueKind().ToString().ToLowerInvariant()}; expected an object.", member);
            }
        }

        foreach (var (name, value) in body.ObjectMember("tags") ?? [])
        {
            if (value is not JsonValue || value.AsText() is null)
            {
                throw Invalid($"Tag '{ServiceErrors.Shorten(name)}' has no text as its value.", "tags");
            }
        }
    }
}
