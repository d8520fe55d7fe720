using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.LinkedServices;

/// <summary><c>{"type": "AzureKeyVaultSecret", "store", "secretName", "secretVersion"}</c>, expressions evaluated.</summary>
/// <param name="Store">The linked service of the vault.</param>
/// <param name="SecretName">The secret's name.</param>
/// <param name="SecretVersion">Its version; null for the latest.</param>
/// <param name="Owner">Where the reference stands, for messages.</param>
internal sealed record VaultReference(ResourceReference Store, string SecretName, string? SecretVersion, string Owner)
{
    /// <summary>The reference that a node is; null when it is none.</summary>
    /// <exception cref="ActivityException">It is one that lacks a member, or whose names cannot stand in an address.</exception>
    public static VaultReference? TryRead(JsonNode? node, string owner)
    {
        if (node is not JsonObject json || !"AzureKeyVaultSecret".Equals(json.TextMember("type"), StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var store = ReferenceLoader.Load(json.Member("store")) ?? throw Invalid(owner, "store", "a reference to an AzureKeyVault linked service");
        var name = Name(json, "secretName", owner) ?? throw Invalid(owner, "secretName", "the name of a secret");
        var version = Name(json, "secretVersion", owner);
        return new VaultReference(store, name, version is null or "latest" ? null : version, owner);
    }

    // The vault's own rule for names, which also keeps them from leading elsewhere.
    private static string? Name(JsonObject json, string member, string owner)
    {
        var text = json.TextMember(member);
        return string.IsNullOrWhiteSpace(text) ? null
            : text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') ? text
            : throw Invalid(owner, member, "letters, digits and hyphens");
    }

    private static ActivityException Invalid(string owner, string member, string expected) => new(
        ErrorCode.ActivityProperty,
        "2104",
        $"The Key Vault reference {owner} has no usable '{member}'; expected {expected}.",
        FailureType.UserError);
}
