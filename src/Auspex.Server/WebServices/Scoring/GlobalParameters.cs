using System.Globalization;
using System.Text;
using System.Text.Json;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server.Api;

namespace Auspex.Server.WebServices.Scoring;

/// <summary>Reads and checks web-service parameters, which request-response and batch execution take alike.</summary>
internal static class GlobalParameters
{
    /// <summary>Reads the object at which the reader stands; null is as good as an empty one.</summary>
    /// <exception cref="ServiceErrorException">400: unknown, missing or bad parameters.</exception>
    public static Dictionary<string, string> Read(ref Utf8JsonReader reader, ServiceSignature signature)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
        {
            throw ServiceErrors.RequestBodyInvalid("'GlobalParameters' is no JSON object; expected one with a member per parameter.");
        }

        var next = reader;
        if (reader.TokenType == JsonTokenType.Null || (next.Read() && next.TokenType == JsonTokenType.EndObject))
        {
            // Most calls: nothing to read, nothing to keep.
            reader = reader.TokenType == JsonTokenType.Null ? reader : next;
            return Check([], signature);
        }

        using var document = JsonDocument.ParseValue(ref reader);
        return Read(document.RootElement, signature);
    }

    /// <summary>Reads an object; an absent one or null is as good as an empty one.</summary>
    /// <exception cref="ServiceErrorException">400: unknown, missing or bad parameters.</exception>
    public static Dictionary<string, string> Read(JsonElement parameters, ServiceSignature signature)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        if (parameters.ValueKind == JsonValueKind.Object)
        {
            foreach (var parameter in parameters.EnumerateObject())
            {
                if (parameter.Value.ValueKind != JsonValueKind.Null)
                {
                    given[parameter.Name] = TextOf(parameter.Value);
                }
            }
        }
        else if (parameters.IsGiven())
        {
            throw ServiceErrors.RequestBodyInvalid("'GlobalParameters' is no JSON object; expected one with a member per parameter.");
        }

        return Check(given, signature);
    }

    /// <exception cref="ServiceErrorException">400: unknown, missing or bad parameters.</exception>
    public static Dictionary<string, string> Check(Dictionary<string, string> given, ServiceSignature signature)
    {
        if (given.Count == 0 && signature.Parameters.IsEmpty)
        {
            return given;
        }

        var unexpected = given.Keys
            .Where(name => !signature.Parameters.Any(parameter => parameter.Name == name))
            .Select(name => $"'{name}'{Suggest(name, signature)}")
            .ToList();
        if (unexpected.Count > 0)
        {
            var known = signature.Parameters.Length == 0
                ? "The service has none."
                : $"Parameters of this service: {string.Join(", ", signature.Parameters.Select(parameter => $"'{parameter.Name}'"))}.";
            throw ServiceErrors.BadArgument(
                "UnexpectedParameter",
                $"Unexpected parameters provided: {string.Join(", ", unexpected.Take(20))}. Verify that all names are spelled correctly; they are case-sensitive. {known}");
        }

        var missing = signature.Parameters
            .Where(parameter => !parameter.HasDefault && !given.ContainsKey(parameter.Name))
            .Select(parameter => $"'{parameter.Name}'")
            .ToList();
        if (missing.Count > 0)
        {
            throw ServiceErrors.BadArgument(
                "MissingRequiredGlobalParameters",
                $"Not all required global parameters were provided. Missing: {string.Join(", ", missing)}.");
        }

        foreach (var parameter in signature.Parameters)
        {
            if (given.TryGetValue(parameter.Name, out var text))
            {
                CheckValue(parameter, text);
            }
        }

        return given;
    }

    private static void CheckValue(ServiceParameter parameter, string text)
    {
        switch (parameter.Kind)
        {
            case ParameterKind.Integer:
                CheckRange(
                    parameter,
                    long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole)
                        ? whole
                        : throw Invalid(parameter, "a whole number"));
                break;
            case ParameterKind.Float:
                CheckRange(
                    parameter,
                    double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                        ? number
                        : throw Invalid(parameter, "a number"));
                break;
            case ParameterKind.Boolean when !bool.TryParse(text, out _):
                throw Invalid(parameter, "True or False");
            case ParameterKind.Enum when parameter.Values.Length > 0
                && !parameter.Values.Contains(text, StringComparer.OrdinalIgnoreCase):
                throw ServiceErrors.BadArgument(
                    "BadParameterValue",
                    $"The value of parameter '{parameter.Name}' is none of: {string.Join(", ", parameter.Values)}.",
                    parameter.Name);
            default:
                break;
        }
    }

    private static void CheckRange(ServiceParameter parameter, double value)
    {
        if (value < parameter.Minimum || value > parameter.Maximum)
        {
            var least = parameter.Minimum?.ToString(CultureInfo.InvariantCulture) ?? "any";
            var most = parameter.Maximum?.ToString(CultureInfo.InvariantCulture) ?? "any";
            throw ServiceErrors.BadArgument(
                "BadParameterValue",
                $"The value of parameter '{parameter.Name}' breaks its rule: expected {least} to {most}.",
                parameter.Name);
        }
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        _ => value.GetRawText(),
    };

    private static string Suggest(string name, ServiceSignature signature)
    {
        var other = signature.Parameters.FirstOrDefault(parameter =>
            parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            || Simplify(parameter.Name) == Simplify(name));
        return other is null ? "" : $" (did you mean '{other.Name}'?)";
    }

    private static string Simplify(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            if (char.IsLetterOrDigit(character))
            {
                text.Append(char.ToUpperInvariant(character));
            }
        }

        return text.ToString();
    }

    private static ServiceErrorException Invalid(ServiceParameter parameter, string expected) => ServiceErrors.BadArgument(
        "UserParameterInvalid", $"The value of parameter '{parameter.Name}' is not {expected}.", parameter.Name);
}
