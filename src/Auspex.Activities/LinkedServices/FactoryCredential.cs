using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.LinkedServices;

/// <summary>A credential of a factory: <c>{"type": "CredentialReference", "referenceName"}</c> leads to it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Properties">Its <c>typeProperties</c>; empty when it has none.</param>
internal sealed record FactoryCredential(string Name, JsonObject Properties)
{
    /// <summary>The resource id of the user-assigned identity; null when it names none.</summary>
    public string? IdentityResourceId => Properties.TextMember("resourceId") is { Length: > 0 } id ? id : null;

    /// <summary>The credential that a reference means; null when there is no reference.</summary>
    /// <exception cref="ActivityException">The factory has no such credential.</exception>
    public static FactoryCredential? Find(FactoryDefinition factory, JsonNode? reference, string owner)
    {
        if (ReferenceLoader.Load(reference) is not { ReferenceName.Length: > 0 } named)
        {
            return null;
        }

        var found = factory.Others.FirstOrDefault(other =>
            other.Kind.Equals("credential", StringComparison.OrdinalIgnoreCase)
            && other.Name.Equals(named.ReferenceName, StringComparison.OrdinalIgnoreCase))
            ?? throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "BadRequest",
                $"Credential '{named.ReferenceName}' that {owner} names was not found; add credential/{named.ReferenceName}.json or correct the reference.",
                FailureType.UserError);
        var properties = (found.Source.ObjectMember("properties") ?? found.Source).ObjectMember("typeProperties") ?? [];
        return new FactoryCredential(found.Name, properties);
    }
}
