using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.MachineLearning;

/// <summary>
/// Runs <c>AzureMLBatchExecution</c>: submits a batch job to the web service of the linked service, starts it and waits
/// for its end.
/// </summary>
/// <remarks>
/// The job's id is checkpointed between submit and start, so that a restarted attempt goes on waiting for the same job.
/// A crash before that leaves a job that was never started. On timeout and cancel the job is deleted.
/// </remarks>
internal sealed class BatchExecutionExecutor(
    HttpClient http,
    LinkedServiceResolver linkedServices,
    EndpointAddresses addresses,
    MachineLearningOptions options,
    TimeProvider clock) : IActivityExecutor
{
    private readonly BatchRequest _request = new(new WebServiceFile(linkedServices));

    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var service = await MachineLearningService.ResolveAsync(attempt, linkedServices, cancellationToken);
        var endpoint = service.Required("mlEndpoint");
        var address = addresses.Redirect(attempt.Factory, endpoint);
        var client = BatchServiceClient.TryCreate(http, address, service.Required("apiKey"))
            ?? throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "2104",
                $"mlEndpoint of linked service '{service.Name}' is '{Shown(address)}'; expected the batch requests address of the "
                + "web service: http(s)://HOST/workspaces/WORKSPACE/services/ENDPOINT/jobs.",
                FailureType.UserError);

        var jobId = attempt.Checkpoint?["jobId"]?.GetValue<string>();
        if (jobId is null)
        {
            jobId = await SubmitAsync(client, attempt, endpoint, cancellationToken);
            try
            {
                await attempt.SaveCheckpointAsync(new JsonObject { ["jobId"] = jobId }, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                await DeleteAsync(client, jobId, attempt);
                throw;
            }
        }

        try
        {
            var status = await StartAndWaitAsync(client, attempt, endpoint, jobId, cancellationToken);
            var output = new JsonObject
            {
                ["jobId"] = jobId,
                ["StatusCode"] = status.TextMember("StatusCode"),
                ["Results"] = WithoutSecrets(status.Member("Results") as JsonObject),
                ["Details"] = status.Member("Details")?.DeepClone(),
            };
            if (status.Member("Rows") is { } rows)
            {
                // Our own service counts the rows it scored and those it left out.
                output["Rows"] = rows.DeepClone();
            }

            if (status.Member("Reports") is { } reports)
            {
                // And says where those of drift and of challengers are.
                output["Reports"] = reports.DeepClone();
            }

            return output;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await DeleteAsync(client, jobId, attempt);
            throw;
        }
    }

    private async Task<string> SubmitAsync(
        BatchServiceClient client,
        ActivityAttempt attempt,
        string endpoint,
        CancellationToken cancellationToken)
    {
        var body = await _request.BuildAsync(attempt, cancellationToken);
        var answer = await CallAsync(() => client.SubmitAsync(body, attempt.IdempotencyKey, cancellationToken), endpoint);
        if (!answer.IsSuccess)
        {
            throw Refused(attempt, endpoint, answer);
        }

        var text = ServiceAnswer.TryParse(answer.Body) is JsonValue value && value.TryGetValue<string>(out var id)
            ? id
            : answer.Body.Trim().Trim('"');
        if (text.Length == 0 || text.StartsWith('{') || text.StartsWith('['))
        {
            throw new ActivityException(
                ErrorCode.BatchExecutionFailed,
                "2600",
                $"Batch Execution failed. The Machine Learning service at endpoint {Shown(endpoint)} answered the submission with "
                + "something other than a job id: Error reading string.",
                FailureType.UserError,
                answer.Body);
        }

        return text;
    }

    private async Task<JsonObject> StartAndWaitAsync(
        BatchServiceClient client,
        ActivityAttempt attempt,
        string endpoint,
        string jobId,
        CancellationToken cancellationToken)
    {
        var pause = options.FirstPoll;
        var failures = 0;
        var started = false;
        while (true)
        {
            ServiceAnswer? answer = null;
            try
            {
                answer = await client.StatusAsync(jobId, cancellationToken);
                failures = answer.Status >= 500 || answer.Status == 429 ? failures + 1 : 0;
            }
            catch (HttpRequestException exception)
            {
                // The job goes on without us; a service that restarts is found again.
                if (++failures > options.ToleratedPollFailures)
                {
                    throw Unreachable(endpoint, exception);
                }
            }

            if (answer is not null && !answer.IsSuccess && (failures == 0 || failures > options.ToleratedPollFailures))
            {
                throw Refused(attempt, endpoint, answer);
            }

            if (answer is { IsSuccess: true })
            {
                var status = ServiceAnswer.TryParse(answer.Body) as JsonObject
                    ?? throw Refused(attempt, endpoint, answer);
                switch (StatusName(status))
                {
                    case "NotStarted" when !started:
                        await StartAsync(client, attempt, endpoint, jobId, cancellationToken);
                        started = true;
                        continue;
                    case "Finished":
                        return status;
                    case "Failed":
                        throw JobFailed(endpoint, jobId, status.TextMember("Details") ?? "the service gave no details");
                    case "Cancelled" or "Canceled":
                        throw JobFailed(endpoint, jobId, "the job was cancelled");
                }

                Report(attempt, status);
            }

            await Task.Delay(pause, clock, cancellationToken);
            pause = TimeSpan.FromTicks(Math.Min((long)(pause.Ticks * 1.5), options.LongestPoll.Ticks));
        }
    }

    private static async Task StartAsync(
        BatchServiceClient client,
        ActivityAttempt attempt,
        string endpoint,
        string jobId,
        CancellationToken cancellationToken)
    {
        var answer = await CallAsync(() => client.StartAsync(jobId, cancellationToken), endpoint);

        // A start that was on its way when an earlier host died may have arrived in the meantime.
        if (!answer.IsSuccess && !answer.IsStartedAlready)
        {
            throw Refused(attempt, endpoint, answer);
        }
    }

    private static void Report(ActivityAttempt attempt, JsonObject status)
    {
        // Our own server tells how far it is; others do not, and the word alone is shown.
        var progress = status.Member("Progress") as JsonObject;
        attempt.ReportProgress(new ActivityProgress(
            progress?.Member("Rows")?.GetValue<long>() ?? 0,
            progress?.Member("TotalRows")?.GetValue<long>(),
            StatusName(status)));
    }

    private async Task DeleteAsync(BatchServiceClient client, string jobId, ActivityAttempt attempt)
    {
        if (attempt.StopReason() == AttemptStopReason.HostStopping)
        {
            return;
        }

        // The attempt's own token has fired; the job must be told all the same, within bounds.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), clock);
        try
        {
            await client.DeleteAsync(jobId, limit.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // Nothing more can be done: the service is gone, and with it the job.
        }
    }

    private static async Task<ServiceAnswer> CallAsync(Func<Task<ServiceAnswer>> call, string endpoint)
    {
        try
        {
            return await call();
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(endpoint, exception);
        }
    }

    // Early services wrote the status as a number.
    private static string StatusName(JsonObject status) => status.TextMember("StatusCode") switch
    {
        "0" => "NotStarted",
        "1" => "Running",
        "2" => "Failed",
        "3" => "Cancelled",
        "4" => "Finished",
        var name => name ?? "",
    };

    private static JsonObject? WithoutSecrets(JsonObject? results)
    {
        if (results is null)
        {
            return null;
        }

        var copy = (JsonObject)results.DeepClone();
        foreach (var (_, entry) in copy)
        {
            if (entry is JsonObject reference)
            {
                reference.Remove("ConnectionString");
                reference.Remove("SasBlobToken");
            }
        }

        return copy;
    }

    private static ActivityException Refused(ActivityAttempt attempt, string endpoint, ServiceAnswer answer) => new(
        ErrorCode.BatchExecutionFailed,
        "2600",
        $"Batch Execution failed. The response from the Machine Learning service at endpoint {Shown(endpoint)} was '{answer.ErrorText}'",
        FailureType.UserError,
        answer.Body);

    private static ActivityException JobFailed(string endpoint, string jobId, string details) => new(
        ErrorCode.BatchExecutionFailed,
        "2600",
        $"Batch Execution Service request has failed. Endpoint {endpoint}. Job ID: {jobId}. Details: {details}",
        FailureType.UserError,
        details);

    private static ActivityException Unreachable(string endpoint, HttpRequestException exception) => new(
        ErrorCode.EndpointUnreachable,
        "2128",
        $"No response from the endpoint {Shown(endpoint)}: {exception.Message} Check the address, the port and that the service runs; "
        + "\"endpoints\" in auspex.json sends an address elsewhere.",
        FailureType.SystemError,
        inner: exception);

    private static string Shown(string address)
    {
        var query = address.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? address : address[..query];
    }
}
