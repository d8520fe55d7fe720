using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Activities.LinkedServices;

/// <summary>Makes a reference to a linked service usable: finds it, evaluates its expressions, fetches its secrets.</summary>
/// <param name="secrets">Where the overlay's secrets come from.</param>
/// <param name="clock">The clock of expressions.</param>
internal sealed class LinkedServiceResolver(SecretReader secrets, TimeProvider clock)
{
    /// <summary>Resolves a reference within a factory; Key Vault is asked for what it keeps.</summary>
    /// <exception cref="ActivityException">Unknown name, missing argument, or a secret that is nowhere to be found.</exception>
    public async Task<ResolvedLinkedService> ResolveAsync(
        FactoryDefinition factory, ResourceReference reference, CancellationToken cancellationToken)
    {
        var (definition, properties, overlaid) = Evaluate(factory, reference);
        await ReplaceVaultReferencesAsync(factory, properties, $"linked service '{definition.Name}'", cancellationToken);
        return Finish(definition, properties, overlaid);
    }

    /// <summary>Resolves a reference whose secrets are at hand: what Key Vault keeps is refused.</summary>
    /// <exception cref="ActivityException">Unknown name, missing argument, or a secret that is not at hand.</exception>
    public ResolvedLinkedService Resolve(FactoryDefinition factory, ResourceReference reference)
    {
        var (definition, properties, overlaid) = Evaluate(factory, reference);
        return Finish(definition, properties, overlaid);
    }

    /// <summary>
    /// The whole resource for programs that are handed it: expressions evaluated, secrets in clear but for what Key Vault keeps.
    /// </summary>
    /// <exception cref="ActivityException">Unknown name, missing argument, or an expression that fails.</exception>
    public JsonObject Describe(FactoryDefinition factory, ResourceReference reference)
    {
        var (definition, properties, overlaid) = Evaluate(factory, reference);
        var plain = RemoveSecretEnvelopes(properties);
        foreach (var (property, secret) in overlaid)
        {
            plain[property] = secret;
        }

        return ResourceDocument.Of(definition.Name, definition.Type, definition.Source, plain);
    }

    /// <summary>Puts the secrets in the place of the Key Vault references in a tree that belongs to the caller.</summary>
    /// <param name="factory">The factory that has the vault's linked service.</param>
    /// <param name="json">The tree, expressions evaluated.</param>
    /// <param name="owner">Whose it is, for messages.</param>
    /// <param name="cancellationToken">Stops waiting for the vault.</param>
    /// <exception cref="ActivityException">A secret is not there, or the vault does not answer.</exception>
    public async Task ReplaceVaultReferencesAsync(
        FactoryDefinition factory, JsonNode? json, string owner, CancellationToken cancellationToken)
    {
        switch (json)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToImmutableArray())
                {
                    if (VaultReference.TryRead(value, $"'{name}' of {owner}") is { } found)
                    {
                        members[name] = await ReadVaultAsync(factory, found, cancellationToken);
                    }
                    else
                    {
                        await ReplaceVaultReferencesAsync(factory, value, owner, cancellationToken);
                    }
                }

                break;
            case JsonArray elements:
                foreach (var element in elements)
                {
                    await ReplaceVaultReferencesAsync(factory, element, owner, cancellationToken);
                }

                break;
        }
    }

    // auspex.json may hold what the vault would say: "Vault.secretName". Else the vault is asked, whose own secrets must be at hand.
    private async Task<string> ReadVaultAsync(FactoryDefinition factory, VaultReference reference, CancellationToken cancellationToken)
    {
        if (secrets.Find(factory, $"{reference.Store.ReferenceName}.{reference.SecretName}") is { } local)
        {
            return local;
        }

        var vault = Resolve(factory, reference.Store);
        if (!vault.Type.Equals("AzureKeyVault", StringComparison.OrdinalIgnoreCase))
        {
            throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "2110",
                $"The linked service type '{vault.Type}' of '{vault.Name}' is not supported as the store of {reference.Owner}; expected AzureKeyVault.",
                FailureType.UserError);
        }

        return secrets.KeyVault is { } client
            ? await client.GetAsync(factory, vault, reference, cancellationToken)
            : throw SecretReader.NotAtHand(reference);
    }

    private (LinkedServiceDefinition Definition, JsonObject Properties, IReadOnlyDictionary<string, string> Overlaid) Evaluate(
        FactoryDefinition factory, ResourceReference reference)
    {
        if (!factory.LinkedServices.TryGetValue(reference.ReferenceName, out var definition))
        {
            var known = factory.LinkedServices.IsEmpty
                ? "the factory has none"
                : $"the factory has {string.Join(", ", factory.LinkedServices.Keys.Order(StringComparer.Ordinal))}";
            throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "BadRequest",
                $"Linked service '{reference.ReferenceName}' was not found; {known}. Add linkedService/{reference.ReferenceName}.json or correct the reference.",
                FailureType.UserError);
        }

        var overlaid = secrets.Read(factory, definition);
        var properties = (JsonObject)definition.TypeProperties.DeepClone();
        foreach (var property in overlaid.Keys)
        {
            if (properties.MemberName(property) is { } written)
            {
                properties.Remove(written);
            }
        }

        var context = new ExpressionContext
        {
            LinkedService = ParameterArguments.Bind(
                $"linked service '{definition.Name}'", ErrorCode.LinkedServiceUnusable, definition.Parameters, reference.Parameters),
            GlobalParameters = factory.GlobalParameters,
            Clock = clock,
        };
        try
        {
            return (definition, (JsonObject)ExpressionEvaluator.Evaluate(properties, context)!, overlaid);
        }
        catch (ExpressionException exception)
        {
            throw new ActivityException(
                exception.Code,
                "InvalidTemplate",
                $"Linked service '{definition.Name}': {exception.Message}",
                FailureType.UserError,
                inner: exception);
        }
    }

    private static ResolvedLinkedService Finish(
        LinkedServiceDefinition definition, JsonObject properties, IReadOnlyDictionary<string, string> overlaid)
    {
        SecretReader.DemandSecrets(definition, properties);
        var plain = RemoveSecretEnvelopes(properties);

        // After evaluation: a secret is never an expression, even when it begins with an at sign.
        foreach (var (property, secret) in overlaid)
        {
            plain[property] = secret;
        }

        return new ResolvedLinkedService(definition.Name, definition.Type, plain);
    }

    // {"type": "SecureString", "value": "x"} is "x" to whoever connects.
    private static JsonObject RemoveSecretEnvelopes(JsonObject json)
    {
        foreach (var (name, value) in json.ToImmutableArray())
        {
            if (value is JsonObject envelope
                && "SecureString".Equals(envelope.TextMember("type"), StringComparison.OrdinalIgnoreCase))
            {
                json[name] = envelope.Member("value")?.DeepClone();
            }
        }

        return json;
    }
}
