using System.Text.Json.Nodes;
using Auspex.Engine.Journal;

namespace Auspex.Engine.Runs;

/// <summary>Makes the summary that stands beside a journal, and the run that people see from it.</summary>
internal static class RunSummaries
{
    public static async ValueTask<RunSummary> OfAsync(RunState state, ValueVault vault, DateTimeOffset now) => new()
    {
        Id = state.Id,
        Factory = state.Created.Factory,
        Pipeline = state.Created.Pipeline,
        Status = state.Status,
        Parameters = await MaskedParametersAsync(state.Created, vault),
        Start = state.Created.At,
        Updated = now,
        End = state.EndedAt,
        Failure = state.Failure,
        ReturnValue = state.HasEnded && state.ReturnValue() is { } value
            ? await vault.StoreAsync(value, state.ReturnValueIsSecret)
            : null,
        TriggerType = state.Created.TriggerType,
        TriggerName = state.Created.TriggerName,
        TriggerId = state.Created.TriggerId,
        Parent = state.Created is { ParentPipeline: { } pipeline, ParentRunId: { } run }
            ? new ParentRun(pipeline, run)
            : null,
        GroupId = state.Created.GroupId,
    };

    public static async ValueTask<PipelineRun> ToRunAsync(
        RunSummary summary, ValueVault vault, IRunJournal journal, CancellationToken cancellationToken)
    {
        await vault.LoadAsync(summary.Parameters, cancellationToken);
        if (summary.ReturnValue is not null)
        {
            await vault.LoadAsync(summary.ReturnValue, cancellationToken);
        }

        return new PipelineRun
        {
            Id = summary.Id,
            Factory = summary.Factory,
            Pipeline = summary.Pipeline,
            Status = summary.Status,
            Parameters = summary.Parameters.ParseObject() ?? [],
            Start = summary.Start,
            Updated = summary.Updated,
            End = summary.End,
            Failure = summary.Failure,
            ReturnValue = summary.ReturnValue?.ParseObject(),
            TriggerType = summary.TriggerType,
            TriggerName = summary.TriggerName,
            TriggerId = summary.TriggerId,
            Parent = summary.Parent,
            GroupId = summary.GroupId ?? summary.Id,
            IsLatest = await journal.FindLatestAsync(summary.GroupId ?? summary.Id, cancellationToken) == summary.Id,
        };
    }

    private static async ValueTask<JournalValue> MaskedParametersAsync(RunCreated created, ValueVault vault)
    {
        if (created.SecureParameters is null && !created.Parameters.IsProtected)
        {
            return created.Parameters;
        }

        var masked = created.Parameters.ParseObject()!;
        SecureStrings.MaskAll(masked);
        foreach (var (name, _) in created.SecureParameters?.ParseObject() ?? [])
        {
            masked[name] = JsonValue.Create(SecureStrings.Mask);
        }

        return await vault.StoreMaskedAsync(masked);
    }
}
