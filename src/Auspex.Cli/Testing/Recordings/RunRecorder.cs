using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Runs;
using Auspex.Errors;

namespace Auspex.Cli.Testing.Recordings;

/// <summary>Makes a recording of a run that has ended, from its journal: what executors were handed and what they answered.</summary>
/// <remarks>Taken from the journal and not on the way, so that a run that a crash interrupted is recorded whole.</remarks>
internal sealed class RunRecorder(IPipelineRuns runs, FactoryDefinition factory)
{
    /// <param name="id">The run.</param>
    /// <param name="secrets">The values of its secure arguments.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<Recording> RecordAsync(RunId id, IReadOnlyCollection<string> secrets, CancellationToken cancellationToken)
    {
        var run = await runs.FindAsync(id, cancellationToken) ?? throw new RecordingException($"There is no run '{id}' to record.");
        var masks = new RecordedSecrets(secrets);
        var notKept = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        var activities = ImmutableArray.CreateBuilder<RecordedActivity>();
        await CollectAsync(run, "", activities, masks, notKept, cancellationToken);
        var parameters = masks.Mask(run.Parameters)!;
        foreach (var (name, _) in parameters.Where(parameter => SecretValues.IsMasked(parameter.Value)).ToArray())
        {
            notKept.Add($"parameter '{name}' (secure)");
        }

        if (masks.FoundAny)
        {
            notKept.Add("values that look like secrets (masked)");
        }

        return new Recording
        {
            Pipeline = run.Pipeline,
            RunId = run.Id.Value,
            Status = StatusText(run.Status),
            StartTime = run.Start,
            EndTime = run.End ?? run.Updated,
            Parameters = parameters,
            Error = Mask(run.Failure, masks),
            ReturnValue = masks.Mask(run.ReturnValue),
            NotKept = [.. notKept],
            Activities = activities.ToImmutable(),
        };
    }

    public static string StatusText(RunStatus status) => status == RunStatus.Canceled ? "Cancelled" : status.ToString();

    public static string StatusText(ActivityStatus status) => status == ActivityStatus.Canceled ? "Cancelled" : status.ToString();

    /// <summary>An activity's input with its references, as tests and recordings show it; null when there is none.</summary>
    public static JsonObject? InputOf(ActivityRun activity)
    {
        if (activity.References is null)
        {
            return activity.Input;
        }

        var input = activity.Input?.DeepClone().AsObject() ?? [];
        foreach (var (name, value) in activity.References)
        {
            input.TryAdd(name, value?.DeepClone());
        }

        return input;
    }

    private async Task CollectAsync(
        PipelineRun run,
        string path,
        ImmutableArray<RecordedActivity>.Builder activities,
        RecordedSecrets masks,
        ImmutableSortedSet<string>.Builder notKept,
        CancellationToken cancellationToken)
    {
        var definitions = factory.Pipelines.TryGetValue(run.Pipeline, out var pipeline)
            ? PipelineReach.Activities(pipeline).ToLookup(activity => activity.Name, StringComparer.OrdinalIgnoreCase)
            : null;
        foreach (var activity in await runs.ListActivityRunsAsync(run.Id, cancellationToken))
        {
            var at = path.Length == 0 ? activity.Path : $"{path}/{activity.Path}";
            var policy = definitions?[activity.Name].FirstOrDefault()?.Policy ?? new ActivityPolicy();
            if (activity.Start is not null && policy.SecureInput)
            {
                notKept.Add($"input of '{activity.Name}' (secureInput)");
            }

            if (activity.Start is not null && policy.SecureOutput)
            {
                notKept.Add($"output of '{activity.Name}' (secureOutput)");
            }

            activities.Add(new RecordedActivity
            {
                Path = at,
                Type = activity.Type,
                Attempt = activity.Attempt,
                Status = StatusText(activity.Status),
                Start = activity.Start,
                End = activity.End,
                Input = masks.Mask(InputOf(activity)),
                Output = masks.Mask(activity.Output),
                Error = Mask(activity.Failure, masks),
                HasSecureInput = policy.SecureInput,
                HasSecureOutput = policy.SecureOutput,
            });

            if (activity.Type.Equals(PipelineReach.ExecutePipeline, StringComparison.OrdinalIgnoreCase)
                && activity.Output?.TextMember("pipelineRunId") is { } child
                && await runs.FindAsync(new RunId(child), cancellationToken) is { } started)
            {
                await CollectAsync(started, at, activities, masks, notKept, cancellationToken);
            }
        }
    }

    private static Failure? Mask(Failure? failure, RecordedSecrets masks) => failure is null ? null : failure with
    {
        Message = masks.Mask(failure.Message),
        Details = failure.Details is { } details ? masks.Mask(details) : null,
    };
}
