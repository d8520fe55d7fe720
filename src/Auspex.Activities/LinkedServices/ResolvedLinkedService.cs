using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.LinkedServices;

/// <summary>A linked service ready for use: expressions evaluated, secrets in clear. Lives as long as one attempt; never journaled.</summary>
/// <param name="Name">The linked service's name.</param>
/// <param name="Type">The connector type.</param>
/// <param name="TypeProperties">Its properties; a secret is plain text here.</param>
internal sealed record ResolvedLinkedService(string Name, string Type, JsonObject TypeProperties)
{
    /// <summary>A property's text; null when it is absent or empty. Names are matched ignoring case.</summary>
    public string? Text(string property)
    {
        var text = TypeProperties.TextMember(property);
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>A property that must be there.</summary>
    /// <exception cref="ActivityException">It is absent or empty.</exception>
    public string Required(string property) => Text(property) ?? throw new ActivityException(
        ErrorCode.LinkedServiceUnusable,
        "2103",
        $"Please provide value for the required property '{property}' of linked service '{Name}' ({Type}); "
        + "write it into the definition or lay it over in auspex.json.",
        FailureType.UserError);
}
