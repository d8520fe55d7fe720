using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.LinkedServices;

/// <summary>Fetches the secrets that an overlay names, and finds properties whose secret is nowhere.</summary>
/// <param name="readEnvironment">Reads an environment variable; null when it is not set.</param>
/// <param name="readFile">Reads a whole text file.</param>
public sealed class SecretReader(Func<string, string?> readEnvironment, Func<string, string> readFile)
{
    private const string Masked = "**********";

    /// <summary>Asks Key Vault for what the overlay does not give; null where only the overlay counts.</summary>
    public KeyVaultClient? KeyVault { get; init; }

    /// <summary>The secrets that the overlay gives for a linked service, by property name as the overlay spells it.</summary>
    /// <exception cref="ActivityException">The overlay names a source that holds nothing.</exception>
    internal IReadOnlyDictionary<string, string> Read(FactoryDefinition factory, LinkedServiceDefinition definition)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, source) in factory.Overlay.Secrets)
        {
            var dot = key.LastIndexOf('.');
            if (dot > 0 && key.AsSpan(0, dot).Equals(definition.Name, StringComparison.OrdinalIgnoreCase))
            {
                found[key[(dot + 1)..]] = Read(key, source);
            }
        }

        return found;
    }

    /// <summary>A secret that the overlay gives under a key, ignoring case; null when it gives none.</summary>
    /// <exception cref="ActivityException">The overlay names a source that holds nothing.</exception>
    internal string? Find(FactoryDefinition factory, string key)
    {
        foreach (var (name, source) in factory.Overlay.Secrets)
        {
            if (name.Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                return Read(name, source);
            }
        }

        return null;
    }

    /// <summary>The failure of a Key Vault reference where nobody can ask the vault.</summary>
    internal static ActivityException NotAtHand(VaultReference reference) => new(
        ErrorCode.SecretUnavailable,
        "2103",
        $"The secret {reference.Owner} is kept in Key Vault, which is not asked here; say what it is in auspex.json: "
        + $"\"secrets\": {{ \"{reference.Store.ReferenceName}.{reference.SecretName}\": {{ \"env\": \"VARIABLE\" }} }}.",
        FailureType.UserError);

    /// <summary>Refuses properties that stand for a secret without holding it.</summary>
    /// <exception cref="ActivityException">There is one.</exception>
    internal static void DemandSecrets(LinkedServiceDefinition definition, JsonObject properties)
    {
        foreach (var (name, value) in properties)
        {
            if (NeedsSecret(value))
            {
                throw new ActivityException(
                    ErrorCode.SecretUnavailable,
                    "2103",
                    $"The secret '{name}' of linked service '{definition.Name}' is not in its definition ({Describe(value)}); "
                    + $"say where it comes from in auspex.json: \"secrets\": {{ \"{definition.Name}.{name}\": {{ \"env\": \"VARIABLE\" }} }}.",
                    FailureType.UserError);
            }
        }
    }

    private string Read(string key, SecretSource source)
    {
        if (source.Value is { } value)
        {
            return value;
        }

        if (source.Env is { } variable)
        {
            return readEnvironment(variable) ?? throw Unavailable(key, $"environment variable '{variable}' is not set", null);
        }

        try
        {
            return readFile(source.File!).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(key, $"file '{source.File}' cannot be read: {exception.Message}", exception);
        }
    }

    private static ActivityException Unavailable(string key, string reason, Exception? inner) => new(
        ErrorCode.SecretUnavailable,
        "2103",
        $"The secret '{key}' that auspex.json names is not available: {reason}.",
        FailureType.UserError,
        inner: inner);

    private static bool NeedsSecret(JsonNode? value) => value switch
    {
        JsonObject reference => "AzureKeyVaultSecret".Equals(reference.TextMember("type"), StringComparison.OrdinalIgnoreCase)
            || ("SecureString".Equals(reference.TextMember("type"), StringComparison.OrdinalIgnoreCase)
                && reference.TextMember("value") == Masked),
        JsonValue text => text.TryGetValue<string>(out var plain) && plain == Masked,
        _ => false,
    };

    private static string Describe(JsonNode? value) =>
        value is JsonObject reference && reference.TextMember("secretName") is { } secretName
            ? $"a Key Vault reference to '{secretName}'"
            : "it is masked";
}
