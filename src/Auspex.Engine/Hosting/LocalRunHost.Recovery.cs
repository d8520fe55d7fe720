using System.Text.Json.Nodes;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.Errors;

namespace Auspex.Engine.Hosting;

public sealed partial class LocalRunHost
{
    /// <summary>The beginning of a run that repeats another: its arguments, its group, and the results that it takes over.</summary>
    private async Task<(RunCreated Created, IReadOnlyCollection<RunEvent> Kept)> RecoverAsync(
        PipelineRunRequest request,
        RunRecovery recovery,
        PipelinePlan plan,
        bool secureParameters,
        CancellationToken cancellationToken)
    {
        var reference = await FindReferenceAsync(request, recovery, cancellationToken);
        var arguments = recovery.IsOfChild ? request.Parameters : await ArgumentsOfAsync(reference, cancellationToken);

        // One secret among the arguments keeps all of them secret: which one it was, the pipeline of today need not say.
        var created = await CreateAsync(
            request with { Parameters = arguments },
            secureParameters || (!recovery.IsOfChild && reference.SecureParameters is not null));
        var (repeats, kept) = recovery is { FromActivity: null, FromFailure: false }
            ? (new RunRepetition(recovery.Reference), [])
            : await KeepAsync(recovery, plan, created.At, cancellationToken);
        return (
            created with { GroupId = recovery.IsGrouped ? reference.GroupId ?? reference.RunId : null, Repeats = repeats },
            kept);
    }

    private async Task<(RunRepetition Repeats, IReadOnlyCollection<RunEvent> Kept)> KeepAsync(
        RunRecovery recovery, PipelinePlan plan, DateTimeOffset now, CancellationToken cancellationToken)
    {
        RecordedRun recorded;
        try
        {
            recorded = await _loader.LoadRecordedAsync(recovery.Reference, cancellationToken) ?? throw Gone(recovery.Reference);
        }
        catch (JournalDivergenceException exception)
        {
            throw Refused($"What run '{recovery.Reference}' did cannot be read any more: {exception.Message} Repeat all of it, or start a new run.");
        }

        var fromFailure = recovery.FromFailure && (recovery.IsOfChild || RerunPlanner.HasFailure(recorded));
        if (!fromFailure && recovery.FromActivity is null)
        {
            throw Refused($"Nothing failed in run '{recovery.Reference}'. Name the activity to begin at, or repeat all of it.");
        }

        var fromActivity = fromFailure ? null : plan.Find(recovery.FromActivity!)?.Definition.Name
            ?? throw Refused($"Pipeline '{plan.Definition.Name}' has no activity '{recovery.FromActivity}' to begin at. Correct the name.");
        var kept = new RerunPlanner(recorded, plan, fromActivity, now).Keep();
        foreach (var value in kept.SelectMany(ReadLater))
        {
            await _vault.LoadAsync(value, cancellationToken);
        }

        return (new RunRepetition(recovery.Reference, fromActivity, fromFailure), kept);

        static IEnumerable<JournalValue> ReadLater(RunEvent runEvent) => runEvent switch
        {
            ResultKept { Output: { } output } => [output],
            ItemsKept e => [e.Items],
            _ => [],
        };
    }

    private async Task<JsonObject> ArgumentsOfAsync(RunCreated reference, CancellationToken cancellationToken)
    {
        await _vault.LoadAsync(reference.Parameters, cancellationToken);
        var arguments = reference.Parameters.ParseObject() ?? [];
        if (reference.SecureParameters is { } secure)
        {
            await _vault.LoadAsync(secure, cancellationToken);
            foreach (var (name, value) in secure.ParseObject() ?? [])
            {
                arguments[name] = value?.DeepClone();
            }
        }

        return arguments;
    }

    private async Task<RunCreated> FindReferenceAsync(
        PipelineRunRequest request, RunRecovery recovery, CancellationToken cancellationToken)
    {
        var summary = await _journal.FindAsync(recovery.Reference, cancellationToken);
        if (summary is null
            || !summary.Factory.Equals(request.Factory, StringComparison.OrdinalIgnoreCase)
            || !summary.Pipeline.Equals(request.Pipeline.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw Refused($"There is no run '{recovery.Reference}' of pipeline '{request.Pipeline.Name}' to repeat.");
        }

        if (summary.IsOpen)
        {
            throw Refused($"Run '{recovery.Reference}' has not ended. Wait for it or cancel it before it is repeated.");
        }

        await foreach (var first in _loader.ReadAsync(recovery.Reference, 0, cancellationToken))
        {
            return (RunCreated)first;
        }

        throw Gone(recovery.Reference);
    }

    private static RunRejectedException Gone(RunId run) =>
        Refused($"The journal of run '{run}' is gone. Start a new run with the same arguments.");

    private static RunRejectedException Refused(string message) => new(ErrorCode.RecoveryImpossible, message);
}
