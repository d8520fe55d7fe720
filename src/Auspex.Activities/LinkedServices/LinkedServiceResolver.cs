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
    /// <summary>Resolves a reference within a factory.</summary>
    /// <exception cref="ActivityException">Unknown name, missing argument, or a secret that is nowhere to be found.</exception>
    public ResolvedLinkedService Resolve(FactoryDefinition factory, ResourceReference reference)
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

        SecretReader.DemandSecrets(definition, properties);
        var context = new ExpressionContext
        {
            LinkedService = ParameterArguments.Bind(
                $"linked service '{definition.Name}'", ErrorCode.LinkedServiceUnusable, definition.Parameters, reference.Parameters),
            GlobalParameters = factory.GlobalParameters,
            Clock = clock,
        };
        try
        {
            var evaluated = RemoveSecretEnvelopes((JsonObject)ExpressionEvaluator.Evaluate(properties, context)!);

            // After evaluation: a secret is never an expression, even when it begins with an at sign.
            foreach (var (property, secret) in overlaid)
            {
                evaluated[property] = secret;
            }

            return new ResolvedLinkedService(definition.Name, definition.Type, evaluated);
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
