using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>The activities of ML Studio (classic): the right kind of linked service, files that the service can take.</summary>
internal static class MachineLearningRules
{
    private static readonly string[] DataExtensions = [".csv", ".tsv", ".arff", ".ilearner"];

    // What may hold a file; another known connector in its place is a mistake.
    private static readonly HashSet<string> FileStores = new(
        [
            "AzureBlobStorage", "AzureStorage", "AzureBlobFS", "AzureFileStorage", "AzureDataLakeStore",
            "FileServer", "OnPremisesFileServer",
            "AmazonS3", "AmazonS3Compatible", "GoogleCloudStorage", "OracleCloudStorage", "Sftp", "FtpServer",
            "Hdfs", "HttpServer",
        ],
        StringComparer.OrdinalIgnoreCase);

    public static void Check(ActivityDefinition activity, FactoryDefinition factory, DefinitionReport report)
    {
        switch (activity.Type.ToUpperInvariant())
        {
            case "AZUREMLBATCHEXECUTION":
                CheckService(activity, "AzureML", factory, report);
                CheckFiles(activity, "webServiceInputs", factory, report);
                CheckFiles(activity, "webServiceOutputs", factory, report);
                CheckInputForms(activity, report);
                CheckSliceFunctions(activity, report);
                break;
            case "AZUREMLUPDATERESOURCE":
                CheckUpdate(activity, CheckService(activity, "AzureML", factory, report), factory, report);
                break;
            case "AZUREMLEXECUTEPIPELINE":
                CheckService(activity, "AzureMLService", factory, report);
                CheckPipelineId(activity, report);
                break;
        }
    }

    public static void CheckLinkedService(LinkedServiceDefinition linkedService, DefinitionReport report)
    {
        if (!string.Equals(linkedService.Type, "AzureML", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var body = linkedService.Source.ObjectMember("properties") ?? linkedService.Source;
        var written = body.ObjectMember("typeProperties") ?? body;
        if (Literal(linkedService.TypeProperties.Member("mlEndpoint")) is { } endpoint && !IsBatchAddress(endpoint))
        {
            report.Add(
                ErrorCode.NotABatchEndpoint,
                DiagnosticSeverity.Information,
                written,
                "mlEndpoint",
                $"The 'mlEndpoint' of the linked service '{linkedService.Name}' does not look like a batch "
                + "address: expected "
                + "https://HOST/workspaces/.../services/.../jobs, the 'Batch Requests' address of the service's page.");
        }

        if (Literal(linkedService.TypeProperties.Member("updateResourceEndpoint")) is { } update)
        {
            CheckUpdateEndpoint(linkedService, update, written, report);
        }
    }

    private static void CheckUpdateEndpoint(
        LinkedServiceDefinition linkedService,
        string update,
        JsonObject written,
        DefinitionReport report)
    {
        if (update.EndsWith('.'))
        {
            report.Add(
                ErrorCode.UpdateEndpoint,
                DiagnosticSeverity.Warning,
                written,
                "updateResourceEndpoint",
                $"The 'updateResourceEndpoint' of the linked service '{linkedService.Name}' ends with a full "
                + "stop, and calls to it will fail. Remove it.");
        }

        var properties = linkedService.TypeProperties;
        if (update.Contains("/providers/Microsoft.MachineLearning/", StringComparison.OrdinalIgnoreCase)
            && properties.Member("servicePrincipalId") is null && properties.Member("authentication") is null)
        {
            report.Add(
                ErrorCode.UpdateEndpoint,
                DiagnosticSeverity.Warning,
                written,
                "updateResourceEndpoint",
                $"The linked service '{linkedService.Name}' updates a New web service, which in Azure needs "
                + "'servicePrincipalId', 'servicePrincipalKey' and "
                + "'tenant', or \"authentication\": \"MSI\".");
        }
    }

    private static LinkedServiceDefinition? CheckService(
        ActivityDefinition activity,
        string type,
        FactoryDefinition factory,
        DefinitionReport report)
    {
        if (activity.LinkedServiceName is not { } reference
            || !factory.LinkedServices.TryGetValue(reference.ReferenceName, out var linkedService))
        {
            return null;
        }

        if (!string.Equals(linkedService.Type, type, StringComparison.OrdinalIgnoreCase))
        {
            report.Add(
                ErrorCode.WrongLinkedServiceType,
                DiagnosticSeverity.Error,
                activity.Source,
                "linkedServiceName",
                $"The linked service '{linkedService.Name}' of type {linkedService.Type} is not supported for "
                + $"{activity.Type} activities; expected one of "
                + $"type {type}.");
            return null;
        }

        return linkedService;
    }

    private static void CheckFiles(
        ActivityDefinition activity,
        string member,
        FactoryDefinition factory,
        DefinitionReport report)
    {
        if (activity.Source.ObjectMember("typeProperties") is not { } properties || properties.Member(member) is not { } node
            || node.AsExpression() is not null || ArmText.IsExpression(node))
        {
            return;
        }

        if (node is not JsonObject files)
        {
            report.WrongType(
                properties,
                member,
                "an object: the web service's names, each with {\"linkedServiceName\", \"filePath\"}");
            return;
        }

        foreach (var (name, value) in files)
        {
            if (value is not JsonObject file)
            {
                if (value?.GetValueKind() != JsonValueKind.String)
                {
                    report.WrongType(files, name, "an object with 'linkedServiceName' and 'filePath'");
                }

                continue;
            }

            foreach (var required in (ReadOnlySpan<string>)["filePath", "linkedServiceName"])
            {
                if (file.Member(required) is null)
                {
                    report.Error(
                        ErrorCode.MissingMember,
                        file,
                        $"'{name}' in '{member}' of activity '{activity.Name}' has no '{required}', which it needs.");
                }
            }

            CheckExtension(activity, name, file, member == "webServiceOutputs" ? DataExtensions : [], report);
            CheckStore(file.Member("linkedServiceName"), factory, report);
        }
    }

    private static void CheckExtension(
        ActivityDefinition activity,
        string name,
        JsonObject file,
        string[] extensions,
        DefinitionReport report)
    {
        if (extensions.Length > 0 && Literal(file.Member("filePath")) is { } path
            && !extensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)))
        {
            report.Add(
                ErrorCode.OutputExtension,
                DiagnosticSeverity.Warning,
                file,
                "filePath",
                $"The output '{name}' of activity '{activity.Name}' goes to '{path}'; the web service takes only "
                + "names that end in "
                + $"{string.Join(", ", extensions)}.");
        }
    }

    private static void CheckStore(JsonNode? reference, FactoryDefinition factory, DefinitionReport report)
    {
        if (ReferenceLoader.Load(reference) is { } store && factory.LinkedServices.TryGetValue(store.ReferenceName, out var linkedService)
            && KnownTypes.LinkedServices.Contains(linkedService.Type) && !FileStores.Contains(linkedService.Type))
        {
            report.Error(
                ErrorCode.WrongLinkedServiceType,
                reference,
                $"The linked service '{linkedService.Name}' of type {linkedService.Type} holds no files; expected "
                + "one such as AzureBlobStorage or FileServer.");
        }
    }

    private static void CheckInputForms(ActivityDefinition activity, DefinitionReport report)
    {
        if (activity.TypeProperties.Member("webServiceInput") is not null && activity.TypeProperties.Member("webServiceInputs") is not null)
        {
            report.Error(
                ErrorCode.WrongType,
                activity.Source,
                $"Activity '{activity.Name}' has both 'webServiceInput' and 'webServiceInputs'; a web service is "
                + "called with one or the other.");
        }
    }

    private static void CheckSliceFunctions(ActivityDefinition activity, DefinitionReport report)
    {
        foreach (var (name, value) in activity.Source.ObjectMember("typeProperties")?.ObjectMember("globalParameters") ?? [])
        {
            if (value.AsText()?.StartsWith("$$", StringComparison.Ordinal) == true)
            {
                report.Warning(
                    ErrorCode.Version1Shape,
                    value,
                    $"The parameter '{name}' of activity '{activity.Name}' is one of version 1's functions, which "
                    + "nothing evaluates: it reaches the web "
                    + "service as it is. Write an expression such as @formatDateTime(pipeline().TriggerTime, "
                    + "'yyyy-MM-dd').");
            }
        }
    }

    private static void CheckUpdate(
        ActivityDefinition activity,
        LinkedServiceDefinition? linkedService,
        FactoryDefinition factory,
        DefinitionReport report)
    {
        if (linkedService is not null && linkedService.TypeProperties.Member("updateResourceEndpoint") is null
            && !factory.Overlay.Secrets.ContainsKey($"{linkedService.Name}.updateResourceEndpoint"))
        {
            report.Add(
                ErrorCode.UpdateEndpoint,
                DiagnosticSeverity.Error,
                activity.Source,
                "linkedServiceName",
                $"AzureMLUpdateResource '{activity.Name}' uses the linked service '{linkedService.Name}', which "
                + "has no 'updateResourceEndpoint' to send the "
                + "model to.");
        }

        // Version 1 names a dataset instead of store and path.
        var properties = activity.TypeProperties;
        foreach (var member in (ReadOnlySpan<string>)["trainedModelLinkedServiceName", "trainedModelFilePath"])
        {
            if (properties.Member(member) is null && properties.Member("trainedModelDatasetName") is null
                && !ArmText.IsExpression(activity.Source.Member("typeProperties")))
            {
                report.Error(
                    ErrorCode.MissingMember,
                    properties.Parent is null ? activity.Source : properties,
                    $"{activity.Type} '{activity.Name}' has no '{member}', which it needs.");
            }
        }

        CheckStore(properties.Parent is null ? null : properties.Member("trainedModelLinkedServiceName"), factory, report);
    }

    private static void CheckPipelineId(ActivityDefinition activity, DefinitionReport report)
    {
        var properties = activity.TypeProperties;
        if (properties.Member("mlPipelineId") is null == properties.Member("mlPipelineEndpointId") is null)
        {
            report.Error(
                ErrorCode.MissingMember,
                properties.Parent is null ? activity.Source : properties,
                $"AzureMLExecutePipeline '{activity.Name}' needs exactly one of 'mlPipelineId' and "
                + "'mlPipelineEndpointId'.");
        }
    }

    private static bool IsBatchAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.AbsolutePath.TrimEnd('/').EndsWith("/jobs", StringComparison.OrdinalIgnoreCase);

    private static string? Literal(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.String && node.AsExpression() is null && !ArmText.IsExpression(node)
            ? node.GetValue<string>()
            : null;
}
