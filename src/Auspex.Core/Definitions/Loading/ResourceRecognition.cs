using System.Text.Json.Nodes;

namespace Auspex.Definitions.Loading;

/// <summary>Tells what a piece of JSON is: by what it holds where that is clear, else by its folder, else by the likeliest reading.</summary>
internal static class ResourceRecognition
{
    public static ResourceKind? Recognize(JsonObject json, ResourceKind? folder) =>
        Certain(json) ?? (folder is { } kind && Fits(json, kind) ? kind : Likely(json));

    /// <summary>Whether the JSON is the template of a deployment.</summary>
    public static bool IsArmTemplate(JsonObject json) =>
        json.ArrayMember("resources") is not null
        && (json.Member("contentVersion") is not null || Schema(json).Contains("deploymentTemplate", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the JSON holds the parameter values of a deployment.</summary>
    public static bool IsArmParameters(JsonObject json) =>
        json.ObjectMember("parameters") is not null
        && Schema(json).Contains("deploymentParameters", StringComparison.OrdinalIgnoreCase);

    private static string Schema(JsonObject json) => json.TextMember("$schema") ?? string.Empty;

    private static ResourceKind? Certain(JsonObject json)
    {
        var properties = json.ObjectMember("properties");
        if (properties is not null && json.TextMember("type") is { } armType && armType.Contains('/', StringComparison.Ordinal)
            && ResourceKinds.OfArmType(armType) is { } kind)
        {
            return kind;
        }

        var body = properties ?? json;
        if (body.ArrayMember("activities") is not null)
        {
            return ResourceKind.Pipeline;
        }

        if (properties is null && json.ObjectMember("nodes") is not null)
        {
            return ResourceKind.Experiment;
        }

        if (properties?.Member("packageType") is not null || properties?.ObjectMember("package")?.Member("nodes") is not null)
        {
            return ResourceKind.WebService;
        }

        return properties?.TextMember("type") switch
        {
            null => null,
            var type when KnownTypes.Triggers.Contains(type) => ResourceKind.Trigger,
            var type when KnownTypes.DataFlows.Contains(type) => ResourceKind.DataFlow,
            var type when KnownTypes.IntegrationRuntimes.Contains(type) => ResourceKind.IntegrationRuntime,
            _ => null,
        };
    }

    // A folder's word is taken for whatever could be of its kind; a typed body in another folder was told apart above.
    private static bool Fits(JsonObject json, ResourceKind folder) => folder switch
    {
        ResourceKind.Pipeline => json.ObjectMember("properties") is not null || IsActivity(json),
        ResourceKind.GlobalParameters => json.All(member => member.Value is JsonObject),
        ResourceKind.LinkedService or ResourceKind.Dataset or ResourceKind.Trigger =>
            json.ObjectMember("properties") is not null || json.Member("type") is not null || json.Member("name") is not null,
        ResourceKind.Experiment => true,
        _ => json.Member("properties") is not null || json.Member("name") is not null,
    };

    private static ResourceKind? Likely(JsonObject json)
    {
        var properties = json.ObjectMember("properties");
        var type = (properties ?? json).TextMember("type");
        if (properties is null)
        {
            return type switch
            {
                null => json.Member("typeProperties") is JsonObject ? ResourceKind.Fragment : null,
                _ when KnownTypes.LinkedServices.Contains(type) && json.Member("typeProperties") is not null => ResourceKind.LinkedService,
                _ => IsActivity(json) ? ResourceKind.Pipeline : null,
            };
        }

        if (type is null)
        {
            return json.Member("location") is not null || properties.Member("globalParameters") is not null ? ResourceKind.Factory
                : properties.ArrayMember("cells") is not null ? ResourceKind.Notebook
                : null;
        }

        if (properties.Member("pipelines") is not null || properties.Member("pipeline") is not null)
        {
            return ResourceKind.Trigger;
        }

        if (properties.MemberName("linkedServiceName") is not null || KnownTypes.Datasets.Contains(type))
        {
            return ResourceKind.Dataset;
        }

        return KnownTypes.LinkedServices.Contains(type) ? ResourceKind.LinkedService
            : KnownTypes.Credentials.Contains(type) ? ResourceKind.Credential
            : properties.Member("typeProperties") is not null ? ResourceKind.LinkedService
            : null;
    }

    private static bool IsActivity(JsonObject json) =>
        json.TextMember("type") is { } type
        && json.ObjectMember("properties") is null
        && (KnownTypes.Activities.Contains(type)
            || (json.Member("name") is not null
                && (json.Member("typeProperties") is not null || json.Member("dependsOn") is not null)));
}
