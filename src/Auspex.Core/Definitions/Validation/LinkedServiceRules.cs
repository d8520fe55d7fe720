using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Linked services of known types have what their connector cannot do without.</summary>
internal static class LinkedServiceRules
{
    // Per type the members of which at least one must be there.
    private static readonly (string Type, string[] OneOf)[] Required =
    [
        ("AzureBlobStorage", ["connectionString", "sasUri", "serviceEndpoint", "containerUri"]),
        ("AzureStorage", ["connectionString", "sasUri"]),
        ("FileServer", ["host"]),
        ("AzureML", ["mlEndpoint"]),
        ("AzureML", ["apiKey", "servicePrincipalKey", "authentication"]),
        ("AzureMLService", ["subscriptionId"]),
        ("AzureMLService", ["resourceGroupName"]),
        ("AzureMLService", ["mlWorkspaceName"]),
        ("AzureKeyVault", ["baseUrl"]),
        ("AzureSqlDatabase", ["connectionString", "server"]),
        ("SqlServer", ["connectionString", "server"]),
        ("PostgreSql", ["connectionString", "server"]),
        ("AzurePostgreSql", ["connectionString", "server"]),
        ("PostgreSqlV2", ["server"]),
        ("HttpServer", ["url"]),
        ("RestService", ["url"]),
        ("Sftp", ["host"]),
        ("AzureFunction", ["functionAppUrl"]),
    ];

    public static void Check(LinkedServiceDefinition linkedService, FactoryDefinition factory, DefinitionReport report)
    {
        var body = linkedService.Source.ObjectMember("properties") ?? linkedService.Source;
        if (linkedService.Type.Length > 0 && !KnownTypes.LinkedServices.Contains(linkedService.Type))
        {
            report.Add(
                ErrorCode.UnknownResourceType,
                DiagnosticSeverity.Warning,
                body,
                "type",
                $"The linked service '{linkedService.Name}' has the type '{linkedService.Type}', which is not "
                + "known here; an activity that uses it fails."
                + NearestName.Hint(linkedService.Type, KnownTypes.LinkedServices));
            return;
        }

        if (ArmText.IsExpression(body.Member("typeProperties")) || linkedService.TypeProperties.Member("encryptedCredential") is not null)
        {
            return;
        }

        foreach (var (type, oneOf) in Required)
        {
            if (!string.Equals(type, linkedService.Type, StringComparison.OrdinalIgnoreCase)
                || oneOf.Any(member => Has(linkedService, member, factory)))
            {
                continue;
            }

            report.Error(
                ErrorCode.MissingMember,
                body.ObjectMember("typeProperties") ?? body,
                $"The linked service '{linkedService.Name}' of type {linkedService.Type} has no "
                + $"{string.Join(" or ", oneOf.Select(member => $"'{member}'"))} in its 'typeProperties'.");
        }

        MachineLearningRules.CheckLinkedService(linkedService, report);
    }

    private static bool Has(LinkedServiceDefinition linkedService, string member, FactoryDefinition factory) =>
        linkedService.TypeProperties.Member(member) is not null
        || factory.Overlay.Secrets.ContainsKey($"{linkedService.Name}.{member}");
}
