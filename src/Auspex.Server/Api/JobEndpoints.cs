using System.Globalization;
using System.Text.Json;
using Auspex.Connectors.ObjectStorage;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Batch;
using Microsoft.Extensions.Options;

namespace Auspex.Server.Api;

/// <summary>Batch execution: submit, start, status and cancel under <c>.../services/{id}/jobs</c>.</summary>
internal sealed class JobEndpoints(
    WebServiceDirectory directory,
    BatchJobs jobs,
    JobReports reports,
    JobSubmissionReader submissions,
    IOptions<WebServiceOptions> options)
{
    private const int MostBodyBytes = 4 << 20;

    /// <summary>What our own client names a submission by, so that a repeated one is the same job.</summary>
    private const string ClientRequestId = "x-ms-client-request-id";

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var root in (string[])["/workspaces/{workspace}/services/{endpoint}", "/subscriptions/{subscription}/services/{endpoint}"])
        {
            routes.MapPost(root + "/jobs", (RequestDelegate)SubmitAsync);
            routes.MapPost(root + "/jobs/{job}/start", (RequestDelegate)StartAsync);
            routes.MapGet(root + "/jobs/{job}", (RequestDelegate)GetAsync);
            routes.MapDelete(root + "/jobs/{job}", (RequestDelegate)CancelAsync);
        }
    }

    private async Task SubmitAsync(HttpContext context)
    {
        var call = ScoringCall.Open(context, directory);
        var model = await call.State.Model.GetAsync(context.RequestAborted);
        using var json = await Json.ReadAsync(context, MostBodyBytes);
        var body = submissions.Read(json?.RootElement ?? default, model.Shape.Signature);
        var requestId = context.Request.Headers[ClientRequestId].ToString();
        var id = await jobs.SubmitAsync(
            call.State, body, requestId.Length == 0 ? null : requestId, context.RequestAborted);
        if (options.Value.StartJobsWithoutVersion && !context.Request.Query.ContainsKey("api-version"))
        {
            await jobs.StartAsync(call.State.Document.Id, id, context.RequestAborted);
        }

        await Json.WriteAsync(context, writer => writer.WriteStringValue(id));
    }

    private async Task StartAsync(HttpContext context)
    {
        var call = ScoringCall.Open(context, directory);
        await jobs.StartAsync(call.State.Document.Id, JobId(context), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task GetAsync(HttpContext context)
    {
        var call = ScoringCall.Open(context, directory);
        var status = await reports.GetAsync(
            call.State.Document.Id, JobId(context), PublicAddresses.Server(context), context.RequestAborted);
        await Json.WriteAsync(context, writer => Write(writer, status));
    }

    private async Task CancelAsync(HttpContext context)
    {
        var call = ScoringCall.Open(context, directory);
        await jobs.CancelAsync(call.State.Document.Id, JobId(context), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static string JobId(HttpContext context) =>
        ScoringCall.RouteText(context, "job").Trim('"').ToLowerInvariant();

    internal static void Write(Utf8JsonWriter writer, JobStatus status)
    {
        writer.WriteStartObject();
        writer.WriteString("StatusCode", status.State.ToString());
        if (status.State == JobState.Finished)
        {
            writer.WriteStartObject("Results");
            foreach (var (name, blob) in status.Results)
            {
                writer.WritePropertyName(name);
                Write(writer, blob);
            }

            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("Results");
        }

        writer.WriteString("Details", status.Details);
        WriteTime(writer, "CreatedAt", status.CreatedAt);
        WriteTime(writer, "StartTime", status.StartedAt);
        WriteTime(writer, "EndTime", status.EndedAt);
        if (status.Rows is { } rows)
        {
            // An addition of ours: clients of the protocol pass over members that they do not know.
            writer.WriteStartObject("Rows");
            writer.WriteNumber("Scored", rows.Scored);
            writer.WriteNumber("Rejected", rows.Rejected);
            writer.WriteStartArray("Rejects");
            foreach (var path in rows.Rejects)
            {
                writer.WriteStringValue(path);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        if (status.Reports is { Count: > 0 } reports)
        {
            writer.WriteStartArray("Reports");
            foreach (var path in reports)
            {
                writer.WriteStringValue(path);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    // Never the connection string: it holds the account's key.
    private static void Write(Utf8JsonWriter writer, BlobReference blob)
    {
        writer.WriteStartObject();
        writer.WriteNull("ConnectionString");
        writer.WriteString("RelativeLocation", blob.RelativeLocation);
        writer.WriteString("BaseLocation", blob.BaseLocation);
        writer.WriteString("SasBlobToken", blob.SasBlobToken);
        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            writer.WriteString(name, value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
