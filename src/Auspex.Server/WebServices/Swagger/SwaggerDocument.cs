using System.Text.Json;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server.WebServices.Batch;

namespace Auspex.Server.WebServices.Swagger;

/// <summary>What a service's Swagger document says beside its signature.</summary>
/// <param name="Title">The service's name.</param>
/// <param name="Description">The service's description; null when there is none.</param>
/// <param name="EndpointName">The endpoint's name.</param>
/// <param name="EndpointDescription">Null when there is none.</param>
/// <param name="Host">Host and port.</param>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="BasePath">The scoring base's path.</param>
/// <param name="ShowSamples">Whether sample rows may be shown.</param>
internal sealed record SwaggerFrame(
    string Title,
    string? Description,
    string EndpointName,
    string? EndpointDescription,
    string Host,
    string Scheme,
    string BasePath,
    bool ShowSamples);

/// <summary>
/// Writes a service's Swagger 2.0 document in the original's layout. The order of paths matters: a client takes the
/// HTTP method from the second.
/// </summary>
internal static class SwaggerDocument
{
    public static void Write(Utf8JsonWriter writer, ServiceSignature signature, SwaggerFrame frame)
    {
        writer.WriteStartObject();
        writer.WriteString("swagger", "2.0");
        WriteHead(writer, frame);
        writer.WriteStartObject("paths");
        SwaggerPaths.Write(writer);
        writer.WriteEndObject();
        writer.WriteStartObject("definitions");
        SwaggerDefinitions.Write(writer, signature, frame.ShowSamples);
        WriteBatch(writer, signature);
        SwaggerParameters.WriteDefinition(writer, signature);
        writer.WriteEndObject();
        writer.WriteStartObject("securityDefinitions");
        writer.WriteStartObject("api_key");
        writer.WriteString("type", "apiKey");
        writer.WriteString("in", "header");
        writer.WriteString("name", "Authorization");
        writer.WriteString("description", "For example: Bearer abc123");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter writer, SwaggerFrame frame)
    {
        writer.WriteStartObject("info");
        writer.WriteString("version", "2.0");
        writer.WriteString("title", frame.Title);
        writer.WriteString(
            "description", WithoutTags(frame.Description) ?? "No description provided for this web service.");
        writer.WriteString("x-endpoint-name", frame.EndpointName);
        if (WithoutTags(frame.EndpointDescription) is { } description)
        {
            writer.WriteString("x-endpoint-description", description);
        }

        writer.WriteEndObject();
        writer.WriteString("host", frame.Host);
        writer.WriteString("basePath", frame.BasePath);
        WriteList(writer, "schemes", [frame.Scheme]);
        WriteList(writer, "consumes", ["application/json"]);
        WriteList(writer, "produces", ["application/json"]);
    }

    private static void WriteBatch(Utf8JsonWriter writer, ServiceSignature signature)
    {
        writer.WriteStartObject("BatchExecutionRequest");
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        WriteReference(writer, "GlobalParameters", "GlobalParameters");
        WriteReference(writer, "Inputs", "BatchInputs");
        WriteReference(writer, "Outputs", "BatchOutputs");
        writer.WriteEndObject();
        writer.WriteEndObject();
        WriteBlobs(writer, "BatchInputs", signature.Inputs);
        WriteBlobs(writer, "BatchOutputs", signature.Outputs);

        writer.WriteStartObject("AzureBlobDataReference");
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        foreach (var name in (string[])["BaseLocation", "ConnectionString", "RelativeLocation", "SasBlobToken"])
        {
            writer.WriteStartObject(name);
            writer.WriteString("type", "string");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        WriteStatus(writer);
    }

    private static void WriteStatus(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("BatchExecutionStatus");
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        writer.WriteStartObject("StatusCode");
        writer.WriteString("type", "string");
        writer.WriteString("description", "State of the batch job.");
        writer.WriteString("default", nameof(JobState.NotStarted));
        WriteList(writer, "enum", Enum.GetNames<JobState>());
        writer.WriteEndObject();
        writer.WriteStartObject("Results");
        writer.WriteString("type", "object");
        writer.WriteString("description", "A blob per web service output, once the job has finished.");
        writer.WriteEndObject();
        writer.WriteStartObject("Details");
        writer.WriteString("type", "string");
        writer.WriteString("description", "Why the job failed.");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteBlobs(Utf8JsonWriter writer, string name, IEnumerable<ServicePort> ports)
    {
        writer.WriteStartObject(name);
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        foreach (var port in ports)
        {
            WriteReference(writer, port.Name, "AzureBlobDataReference");
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    internal static void WriteReference(Utf8JsonWriter writer, string name, string definition)
    {
        writer.WriteStartObject(name);
        writer.WriteString("$ref", $"#/definitions/{definition}");
        writer.WriteEndObject();
    }

    internal static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    /// <summary>A client takes whatever looks like an HTML tag out of the document before it parses it.</summary>
    internal static string? WithoutTags(string? text) =>
        string.IsNullOrWhiteSpace(text)
            ? null
            : text.Replace('<', '(').Replace('>', ')').Replace("&quot;", "'", StringComparison.Ordinal);

    internal static bool IsTable(ServicePort port) => port.Type == PortType.Dataset;
}
