using System.Text.Json;

namespace Auspex.Server.WebServices.Swagger;

/// <summary>The paths of a service's Swagger document; they are the same for every service.</summary>
internal static class SwaggerPaths
{
    public static void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("/swagger.json");
        BeginOperation(writer, "get", "getSwaggerDocument", "Get swagger API document for the web service");
        writer.WriteStartArray("parameters");
        writer.WriteStartObject();
        writer.WriteString("name", "api-version");
        writer.WriteString("in", "query");
        writer.WriteBoolean("required", false);
        writer.WriteString("type", "string");
        writer.WriteString("default", "2.0");
        SwaggerDocument.WriteList(writer, "enum", ["2.0"]);
        writer.WriteEndObject();
        writer.WriteEndArray();
        WriteResponse(writer, "200", "Swagger API document", null);
        writer.WriteEndObject();
        writer.WriteEndObject();

        writer.WriteStartObject("/execute?api-version=2.0&format=swagger");
        BeginOperation(writer, "post", "execute", "Execute the web service and get a response synchronously");
        WriteBody(writer, "ExecutionRequest");
        WriteResponse(writer, "200", "Execution result", "ExecutionResults");
        EndSecured(writer);
        writer.WriteEndObject();

        writer.WriteStartObject("/jobs?api-version=2.0");
        BeginOperation(writer, "post", "submitjob", "Submit a job to the web service for batch execution");
        WriteBody(writer, "BatchExecutionRequest");
        writer.WriteStartObject("responses");
        writer.WriteStartObject("200");
        writer.WriteString("description", "Job id");
        writer.WriteStartObject("schema");
        writer.WriteString("type", "string");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        EndSecured(writer);
        writer.WriteEndObject();

        writer.WriteStartObject("/jobs/{jobId}?api-version=2.0");
        BeginOperation(writer, "get", "getjobstatus", "Get the status of a batch job");
        WriteJobId(writer);
        WriteResponse(writer, "200", "Status of the job", "BatchExecutionStatus");
        EndSecured(writer);
        BeginOperation(writer, "delete", "canceljob", "Cancel a batch job");
        WriteJobId(writer);
        WriteResponse(writer, "204", "The job is cancelled", null);
        EndSecured(writer);
        writer.WriteEndObject();

        writer.WriteStartObject("/jobs/{jobId}/start?api-version=2.0");
        BeginOperation(writer, "post", "startjob", "Start a batch job");
        WriteJobId(writer);
        WriteResponse(writer, "204", "The job is started", null);
        EndSecured(writer);
        writer.WriteEndObject();
    }

    private static void BeginOperation(Utf8JsonWriter writer, string method, string id, string description)
    {
        writer.WriteStartObject(method);
        writer.WriteString("operationId", id);
        writer.WriteString("description", description);
    }

    private static void EndSecured(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("security");
        writer.WriteStartObject();
        writer.WriteStartArray("api_key");
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter writer, string definition)
    {
        writer.WriteStartArray("parameters");
        writer.WriteStartObject();
        writer.WriteString("name", "body");
        writer.WriteString("in", "body");
        writer.WriteBoolean("required", true);
        SwaggerDocument.WriteReference(writer, "schema", definition);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteJobId(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("parameters");
        writer.WriteStartObject();
        writer.WriteString("name", "jobId");
        writer.WriteString("in", "path");
        writer.WriteString("description", "Job id");
        writer.WriteBoolean("required", true);
        writer.WriteString("type", "string");
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteResponse(Utf8JsonWriter writer, string status, string description, string? definition)
    {
        writer.WriteStartObject("responses");
        writer.WriteStartObject(status);
        writer.WriteString("description", description);
        if (definition is not null)
        {
            SwaggerDocument.WriteReference(writer, "schema", definition);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
