using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Secrets that stand in the clear, and secrets that only the service knows. Values never reach a message.</summary>
internal static class SecretRules
{
    private const string Mask = "**********";

    private static readonly HashSet<string> SecretMembers = new(
        [
            "apiKey", "password", "pwd", "accountKey", "accessKey", "secretAccessKey", "servicePrincipalKey",
            "servicePrincipalCredential",
            "sasToken", "functionKey", "clientSecret", "privateKeyContent", "passPhrase", "sessionToken",
            "clusterPassword",
            "clusterSshPassword", "accessToken", "sslPassword", "securityToken", "consumerSecret",
            "refreshToken", "embeddedCertData",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] ConnectionStringParts =
        ["AccountKey", "Password", "Pwd", "SharedAccessKey", "SharedAccessSignature", "AccessKey", "sig"];

    private static readonly HashSet<string> SecretHeaders = new(
        ["Authorization", "x-functions-key", "x-api-key", "api-key", "Ocp-Apim-Subscription-Key", "X-Auth-Token"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] SecretEndings = ["password", "clientSecret", "apiKey", "accountKey", "accessKey", "sasToken"];

    public static void Check(LinkedServiceDefinition linkedService, FactoryDefinition factory, DefinitionReport report)
    {
        // The overlay's own file is the place for what differs on a machine, secrets of samples included.
        if (linkedService.Source.ObjectMember("properties") is not { } body || body.ObjectMember("typeProperties") is not { } properties)
        {
            return;
        }

        var isReplaced = factory.Overlay.LinkedServices.ContainsKey(linkedService.Name);
        foreach (var (member, value) in properties)
        {
            var isOverlaid = isReplaced || factory.Overlay.Secrets.ContainsKey($"{linkedService.Name}.{member}");
            if (IsMasked(value))
            {
                if (!isOverlaid)
                {
                    report.Add(
                        ErrorCode.MaskedSecret,
                        DiagnosticSeverity.Error,
                        properties,
                        member,
                        $"The linked service '{linkedService.Name}' holds a masked value for '{member}': the "
                        + "secret itself stayed in the service. Give it "
                        + $"as \"{linkedService.Name}.{member}\" in 'secrets' of the overlay auspex.json.");
                }
            }
            else if (IsClearSecret(member, value))
            {
                report.Add(
                    ErrorCode.SecretInClear,
                    DiagnosticSeverity.Warning,
                    properties,
                    member,
                    $"The linked service '{linkedService.Name}' holds the secret '{member}' in the clear. Take it "
                    + "from Key Vault, or out of the file and "
                    + $"give \"{linkedService.Name}.{member}\" in 'secrets' of the overlay auspex.json.");
            }
        }

        if (properties.Member("encryptedCredential") is not null && !isReplaced
            && !factory.Overlay.Secrets.Keys.Any(name => name.StartsWith(linkedService.Name + ".", StringComparison.OrdinalIgnoreCase)))
        {
            report.Add(
                ErrorCode.EncryptedCredential,
                DiagnosticSeverity.Warning,
                properties,
                "encryptedCredential",
                $"The secret of the linked service '{linkedService.Name}' is encrypted for the service that it "
                + "came from and cannot be read here. Give "
                + $"it as \"{linkedService.Name}.PROPERTY\" in 'secrets' of the overlay auspex.json.");
        }
    }

    /// <summary>Secrets of an activity's own properties: passwords, SecureStrings, headers and addresses that carry a key.</summary>
    public static void Check(ActivityDefinition activity, DefinitionReport report)
    {
        foreach (var (name, value) in activity.Source.ObjectMember("typeProperties") ?? [])
        {
            if (activity.Branches.IsEmpty || !BranchLoader.Members.Contains(name))
            {
                CheckNode(activity, activity.Source.ObjectMember("typeProperties")!, name, value, report);
            }
        }
    }

    /// <summary>Defaults of secret parameters, which stand in the file for everybody to read.</summary>
    public static void CheckDeclarations(PipelineDefinition pipeline, DefinitionReport report)
    {
        foreach (var parameter in pipeline.Parameters)
        {
            var isSecret = string.Equals(parameter.Type, "SecureString", StringComparison.OrdinalIgnoreCase) || IsSecretName(parameter.Name);
            if (isSecret && IsLiteral(parameter.DefaultValue) && !IsMasked(parameter.DefaultValue))
            {
                var declarations = (pipeline.Source.ObjectMember("properties") ?? pipeline.Source).ObjectMember("parameters");
                report.Add(
                    ErrorCode.SecretInClear,
                    DiagnosticSeverity.Warning,
                    declarations ?? pipeline.Source,
                    parameter.Name,
                    $"The parameter '{parameter.Name}' of the pipeline '{pipeline.Name}' has its secret as a default, in the clear. Remove the default, "
                    + "declare it as SecureString, and give the value when a run is started or from Key Vault.");
            }
        }
    }

    private static void CheckNode(ActivityDefinition activity, JsonObject parent, string name, JsonNode? node, DefinitionReport report)
    {
        switch (node)
        {
            case JsonObject json when string.Equals(json.TextMember("type"), "SecureString", StringComparison.OrdinalIgnoreCase):
                if (IsLiteral(json.Member("value")) && !IsMasked(json))
                {
                    Report();
                }

                break;
            case JsonObject json:
                foreach (var (inner, value) in json)
                {
                    CheckNode(activity, json, inner, value, report);
                }

                break;
            case JsonArray array:
                foreach (var element in array.OfType<JsonObject>())
                {
                    foreach (var (inner, value) in element)
                    {
                        CheckNode(activity, element, inner, value, report);
                    }
                }

                break;
            case not null when IsLiteral(node) && !IsMasked(node)
                && (IsSecretMember(name) || (name is "url" && HoldsSecret(node.GetValue<string>()))):
                Report();
                break;
        }

        void Report() => report.Add(
            ErrorCode.SecretInClear,
            DiagnosticSeverity.Warning,
            parent,
            name,
            $"Activity '{activity.Name}' passes '{name}' in the clear. Take it from Key Vault, or pass it through a SecureString parameter, "
            + "and set 'secureInput'.");
    }

    private static bool IsSecretName(string name) =>
        SecretEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static bool IsMasked(JsonNode? value) =>
        (value is JsonObject json && json.TextMember("type") == "SecureString" ? json.Member("value") : value).AsText() == Mask;

    /// <summary>Whether a member or header of this name holds a secret.</summary>
    internal static bool IsSecretMember(string member) => SecretMembers.Contains(member) || SecretHeaders.Contains(member) || IsSecretName(member);

    internal static bool IsClearSecret(string member, JsonNode? value)
    {
        if (value is JsonObject json)
        {
            return string.Equals(json.TextMember("type"), "SecureString", StringComparison.OrdinalIgnoreCase) && IsLiteral(json.Member("value"))
                && (!IsConnectionString(member) || HoldsSecret(json.TextMember("value")!));
        }

        return IsLiteral(value)
            && (SecretMembers.Contains(member) || (IsConnectionString(member) && HoldsSecret(value!.GetValue<string>())));
    }

    private static bool IsConnectionString(string member) =>
        member.Equals("connectionString", StringComparison.OrdinalIgnoreCase)
        || member.Equals("sasUri", StringComparison.OrdinalIgnoreCase);

    private static bool HoldsSecret(string text) => text.Split(';', '&', '?').Any(part =>
        part.Split('=', 2) is [var name, { Length: > 0 } secret] && secret.Trim() != Mask && !IsPlaceholder(secret)
        && ConnectionStringParts.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase));

    // A placeholder of a sample, <password>, tells nobody anything.
    private static bool IsLiteral(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.String && value.AsExpression() is null && !ArmText.IsExpression(value)
        && value.GetValue<string>() is { Length: > 0 } text && !IsPlaceholder(text);

    private static bool IsPlaceholder(string text) => text.Trim() is ['<', .., '>'] or ['{', .., '}'];
}
