using System.Collections.Frozen;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Linked services of known types have what their connector cannot do without.</summary>
internal static class LinkedServiceRules
{
    // Per type the members of which at least one must be there.
    // A line per type: members that must be there, alternatives parted by a bar; any of them may come from the overlay's secrets.
    private const string Table =
        """
        AzureBlobStorage connectionString|sasUri|serviceEndpoint|containerUri
        AzureStorage connectionString|sasUri
        AzureTableStorage connectionString|sasUri|serviceEndpoint
        AzureFileStorage connectionString|sasUri|host|serviceEndpoint
        AzureBlobFS url|sasUri|serviceEndpoint
        AzureDataLakeStore dataLakeStoreUri
        AzureDataLakeAnalytics accountName tenant
        FileServer host
        AzureML mlEndpoint apiKey|servicePrincipalKey|authentication
        AzureMLService subscriptionId resourceGroupName mlWorkspaceName
        AzureKeyVault baseUrl
        AzureSqlDatabase connectionString|server
        AzureSqlDW connectionString|server
        AzureSqlMI connectionString|server
        SqlServer connectionString|server
        PostgreSql connectionString|server
        AzurePostgreSql connectionString|server
        PostgreSqlV2 server database|connectionString username|connectionString
        MySql connectionString|server
        AzureMySql connectionString|server
        MariaDB connectionString|server
        Oracle connectionString|server
        Odbc connectionString
        Snowflake connectionString
        HttpServer url
        RestService url
        OData url
        Hdfs url
        Sftp host
        FtpServer host
        AzureFunction functionAppUrl
        AzureBatch accountName batchUri poolName linkedServiceName
        AzureDatabricks domain
        HDInsight clusterUri
        HDInsightOnDemand clusterSize timeToLive version linkedServiceName hostSubscriptionId tenant clusterResourceGroup
        """;

    private static readonly FrozenDictionary<string, string[][]> Required = Table
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' '))
        .ToFrozenDictionary(
            words => words[0],
            words => words[1..].Select(word => word.Split('|')).ToArray(),
            StringComparer.OrdinalIgnoreCase);

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

        foreach (var oneOf in Required.GetValueOrDefault(linkedService.Type) ?? [])
        {
            if (oneOf.Any(member => Has(linkedService, member, factory)))
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
