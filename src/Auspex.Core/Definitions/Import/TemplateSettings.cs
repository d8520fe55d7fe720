using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Definitions.Loading;
using Auspex.Definitions.Validation;

namespace Auspex.Definitions.Import;

/// <summary>
/// What becomes of the template's parameters: those of linked services and global parameters become settings of an overlay,
/// secrets become references to environment variables, the rest is written into the definitions.
/// </summary>
internal sealed partial class TemplateSettings(ImmutableArray<ImportNote>.Builder notes)
{
    private const string LinkedServices = "linkedServices";
    private const string Secrets = "secrets";
    private const string GlobalParameters = "globalParameters";

    private const int MostPlaces = 3;

    private readonly HashSet<(string, string)> _told = [];
    private readonly OrderedDictionary<(string Parameter, bool IsReference), List<string>> _missing = [];

    public JsonObject Overlay { get; } = [];

    /// <summary>Says which parameters have no value, each once with the places that want it.</summary>
    public void TellMissing()
    {
        foreach (var ((parameter, isReference), places) in _missing)
        {
            var wanted = places.Distinct(StringComparer.Ordinal).ToArray();
            var where = string.Join("; ", wanted.Take(MostPlaces)) + (wanted.Length > MostPlaces ? $"; and {wanted.Length - MostPlaces} more" : "");
            Tell(
                ImportNoteKind.ValueMissing,
                parameter,
                isReference
                    ? $"The parameter '{parameter}' has no value, and a resource of that name is referred to in its place: add one, or give it in 'linkedServices' of the overlay. In {where}."
                    : $"The parameter '{parameter}' has no value and stands as text: give a parameters file with --parameters, or write the value into {where}.");
        }
    }

    /// <summary>Takes the parameters that one resource uses; hides secrets in its content.</summary>
    public void Take(ArmResource resource, string name, JsonObject content)
    {
        foreach (var use in Uses(resource.Written.Member("properties"), "properties"))
        {
            foreach (var parameter in use.Parameters.Where(resource.Scope.Declares))
            {
                Take(resource, name, content, use, parameter);
            }
        }
    }

    private void Take(ArmResource resource, string name, JsonObject content, ParameterUse use, string parameter)
    {
        var hasValue = resource.Scope.TryParameter(parameter, out var value);
        var what = $"the {ResourceKinds.Describe(resource.Kind)} '{name}', {use.Path}";
        if (resource.Kind == ResourceKind.LinkedService && use.Steps is ["properties", "typeProperties", var member, ..])
        {
            if (resource.Scope.IsSecure(parameter) || SecretRules.IsSecretMember(member) || IsClearSecret(content, member))
            {
                HideSecret(name, content, member, parameter, hasValue && value.AsText() is { Length: > 0 });
                return;
            }

            if (hasValue)
            {
                Setting(name, content, member);
                return;
            }
        }

        if (resource.Scope.IsSecure(parameter) && hasValue)
        {
            MaskAt(content, use.Steps);
            Tell(ImportNoteKind.SecretLeftOut, parameter, $"The secret parameter '{parameter}' of {what} was left out. Put it there by a reference to Key Vault.");
            return;
        }

        if (!hasValue)
        {
            // A reference by a parameter becomes a reference to a resource of the parameter's name.
            var isReference = use.Steps[^1].Equals("referenceName", StringComparison.OrdinalIgnoreCase);
            if (!_missing.TryGetValue((parameter, isReference), out var places))
            {
                places = [];
                _missing.Add((parameter, isReference), places);
            }

            places.Add(what);
            return;
        }

        if (GlobalParameterOf(resource, use) is { } global)
        {
            Group(GlobalParameters)[global] = NodeAt(content, use.Steps)?.DeepClone();
            return;
        }

        Tell(ImportNoteKind.ValueWritten, parameter, $"The value of the parameter '{parameter}' was written into {what}.");
    }

    private static string? GlobalParameterOf(ArmResource resource, ParameterUse use) => resource.Kind switch
    {
        ResourceKind.Factory when use.Steps is ["properties", "globalParameters", var name, "value"] => name,
        ResourceKind.GlobalParameters when use.Steps is ["properties", var name, "value"] => name,
        _ => null,
    };

    private void Setting(string name, JsonObject content, string member)
    {
        var body = content.ObjectMember("properties");
        if (body?.ObjectMember("typeProperties")?.Member(member) is not { } value)
        {
            return;
        }

        var services = Group(LinkedServices);
        var service = services[name] as JsonObject ?? [];
        services[name] ??= service;
        service["type"] = body.TextMember("type");
        var properties = service["typeProperties"] as JsonObject ?? [];
        service["typeProperties"] ??= properties;
        properties[member] = value.DeepClone();
    }

    // A secret reaches neither definition nor overlay: what is written is where it will come from.
    private void HideSecret(string name, JsonObject content, string member, string parameter, bool isKnown)
    {
        var properties = content.ObjectMember("properties")!.ObjectMember("typeProperties")!;
        var actual = properties.MemberName(member)!;
        var isVault = properties[actual] is JsonObject json && string.Equals(json.TextMember("type"), "AzureKeyVaultSecret", StringComparison.OrdinalIgnoreCase);
        if (isVault)
        {
            Setting(name, content, member);
            return;
        }

        properties[actual] = SecretValues.Masked();
        var variable = NotInNames().Replace($"{name}_{member}".ToUpperInvariant(), "_");
        Group(Secrets)[$"{name}.{actual}"] = new JsonObject { ["env"] = variable };
        Tell(
            ImportNoteKind.SecretLeftOut,
            parameter,
            $"The secret '{actual}' of the linked service '{name}'{(isKnown ? " stands in the parameters file and was not copied" : " has no value in the parameters file")}; "
            + $"it is read from the environment variable {variable}.");
    }

    private static bool IsClearSecret(JsonObject content, string member) =>
        content.ObjectMember("properties")?.ObjectMember("typeProperties")?.Member(member) is { } value && SecretRules.IsClearSecret(member, value);

    private static void MaskAt(JsonObject content, string[] steps)
    {
        if (NodeAt(content, steps[..^1]) is JsonObject parent && parent.MemberName(steps[^1]) is { } member)
        {
            parent[member] = SecretValues.Mask;
        }
    }

    private static JsonNode? NodeAt(JsonNode? node, string[] steps)
    {
        foreach (var step in steps)
        {
            node = node is JsonArray array && int.TryParse(step, CultureInfo.InvariantCulture, out var index) && index < array.Count
                ? array[index]
                : (node as JsonObject)?.Member(step);
        }

        return node;
    }

    private JsonObject Group(string name)
    {
        if (Overlay[name] is not JsonObject group)
        {
            group = [];
            Overlay[name] = group;
        }

        return group;
    }

    private void Tell(ImportNoteKind kind, string name, string text)
    {
        if (_told.Add((name, text)))
        {
            notes.Add(new ImportNote(kind, name, text));
        }
    }

    private static IEnumerable<ParameterUse> Uses(JsonNode? node, params string[] steps)
    {
        switch (node)
        {
            case JsonObject json:
                return json.SelectMany(member => Uses(member.Value, [.. steps, member.Key]));
            case JsonArray array:
                return array.SelectMany((element, index) => Uses(element, [.. steps, index.ToString(CultureInfo.InvariantCulture)]));
            default:
                return ArmText.IsExpression(node)
                    ? [new ParameterUse(steps, [.. Parameter().Matches(node!.GetValue<string>()).Select(match => match.Groups[1].Value).Distinct(StringComparer.OrdinalIgnoreCase)])]
                    : [];
        }
    }

    [GeneratedRegex(@"parameters\(\s*'([^']+)'\s*\)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Parameter();

    [GeneratedRegex("[^A-Z0-9_]", RegexOptions.CultureInvariant)]
    private static partial Regex NotInNames();

    private sealed record ParameterUse(string[] Steps, string[] Parameters)
    {
        public string Path => Steps[1..].Aggregate(string.Empty, (path, step) =>
            step.Length > 0 && step.All(char.IsAsciiDigit) ? $"{path}[{step}]" : path.Length == 0 ? step : $"{path}.{step}");
    }
}
