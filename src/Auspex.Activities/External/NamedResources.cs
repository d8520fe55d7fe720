using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.External;

/// <summary>The whole resources that an activity names for whoever it calls: secrets in clear, as Data Factory does, but for what Key Vault keeps.</summary>
internal static class NamedResources
{
    private const string Datasets = "datasets";
    private const string LinkedServices = "linkedServices";

    /// <summary>Adds those that are named to a body.</summary>
    public static JsonObject AddTo(JsonObject body, ExternalServices services, ActivityAttempt attempt, PropertyReader properties)
    {
        if (properties.Array(Datasets).Count > 0)
        {
            body[Datasets] = ReadDatasets(services, attempt, properties);
        }

        if (properties.Array(LinkedServices).Count > 0)
        {
            body[LinkedServices] = ReadLinkedServices(services, attempt, properties);
        }

        return body;
    }

    /// <summary>The datasets that <c>datasets</c> names.</summary>
    /// <exception cref="ActivityException">One of them is none, or cannot be evaluated.</exception>
    public static JsonArray ReadDatasets(ExternalServices services, ActivityAttempt attempt, PropertyReader properties) =>
    [
        .. properties.Array(Datasets).Select(entry => services.Datasets.Describe(
            attempt, ReferenceLoader.Load(entry) ?? throw properties.Wrong(Datasets, "references to datasets"))),
    ];

    /// <summary>The linked services that <c>linkedServices</c> names.</summary>
    /// <exception cref="ActivityException">One of them is none, or cannot be evaluated.</exception>
    public static JsonArray ReadLinkedServices(ExternalServices services, ActivityAttempt attempt, PropertyReader properties) =>
    [
        .. properties.Array(LinkedServices).Select(entry => services.LinkedServices.Describe(
            attempt.Factory, ReferenceLoader.Load(entry) ?? throw properties.Wrong(LinkedServices, "references to linked services"))),
    ];
}
