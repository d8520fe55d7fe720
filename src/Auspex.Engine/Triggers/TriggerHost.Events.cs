using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Triggers;

namespace Auspex.Engine.Triggers;

public sealed partial class TriggerHost
{
    private const string BlobCreated = "Microsoft.Storage.BlobCreated";
    private const string BlobDeleted = "Microsoft.Storage.BlobDeleted";

    /// <inheritdoc/>
    public async Task<EventReceipt> ReceiveEventsAsync(string factory, JsonNode? body, CancellationToken cancellationToken)
    {
        var events = PostedEvent.ReadAll(body);
        if (events.Select(posted => posted.ValidationCode).FirstOrDefault(code => code is not null) is { } validationCode)
        {
            return new EventReceipt(validationCode, 0);
        }

        _definitions.Refresh();
        var takers = (_definitions.FindFactory(factory) is { } definition ? definition.Triggers.Values : [])
            .Select(trigger => KnownTrigger.Of(_definitions.FindFactory(factory)!, trigger))
            .Where(trigger => trigger.TakesEvents)
            .OrderBy(trigger => trigger.Definition.Name, StringComparer.Ordinal)
            .ToArray();
        var started = 0;
        foreach (var posted in events)
        {
            foreach (var trigger in takers.Where(trigger => Fits(trigger.Detail!, posted)))
            {
                started += await TakeAsync(trigger, posted, cancellationToken);
            }
        }

        return new EventReceipt(null, started);
    }

    private async Task<int> TakeAsync(KnownTrigger trigger, PostedEvent posted, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var now = _clock.GetUtcNow();
            var read = await ReadStateAsync(trigger, cancellationToken);
            var state = _stage == 1 ? FollowFile(trigger, read, now) : read;
            if (state.RuntimeState != TriggerRuntimeState.Started)
            {
                return 0;
            }

            var blob = trigger.Detail is BlobEventsTrigger ? BlobEvents.PathOf(posted.Subject) : null;
            var seen = await SeenAsync(state, blob, posted, cancellationToken);
            if (seen is { IsKnown: true })
            {
                return 0;
            }

            // The id is from the event alone: delivered again, it is the same run, and stays as it is.
            var run = OccurrenceStepper.NewRun(
                trigger, state, posted.Time ?? now, posted.Time ?? DateTimeOffset.UnixEpoch, $"event/{posted.Source}/{posted.Id}", now) with
            {
                Body = blob is not null ? BlobEvents.BodyOf(blob) : new JsonObject { ["event"] = posted.Json.DeepClone() },
            };
            var change = new TriggerChange
            {
                State = state,
                NewRuns = [run],
                BlobsSeen = seen?.Blob is { } known ? [known] : [],
            };
            if (await _store.ApplyAsync(change) is { } added)
            {
                Signal(trigger.Key);
                return added;
            }
        }

        throw new InvalidOperationException($"Trigger '{trigger.Definition.Name}' was moved on by others {MostTries} times in a row.");
    }

    /// <summary>What polling knows of the blob that an event is about: so that a blob both listed and posted counts once.</summary>
    private async Task<(bool IsKnown, KnownBlob? Blob)?> SeenAsync(
        TriggerState state, string? path, PostedEvent posted, CancellationToken cancellationToken)
    {
        if (path is null || !posted.Type.Equals(BlobCreated, StringComparison.OrdinalIgnoreCase)
            || posted.Data?.TextMember("eTag")?.Trim('"') is not { Length: > 0 } etag || !state.KnowsBlobs)
        {
            return null;
        }

        var known = await _store.FindBlobAsync(state.Factory, state.Trigger, path, cancellationToken);
        return (known?.ETag == etag, new KnownBlob(path, etag));
    }

    private static bool Fits(TriggerDetail detail, PostedEvent posted) => detail switch
    {
        BlobEventsTrigger blobs => FitsScope(blobs.Scope, posted.Source) && Fits(blobs, posted),
        CustomEventsTrigger custom => FitsScope(custom.Scope, posted.Source)
            && custom.EventTypes.Contains(posted.Type, StringComparer.OrdinalIgnoreCase)
            && posted.Subject.StartsWith(custom.SubjectBeginsWith, StringComparison.OrdinalIgnoreCase)
            && posted.Subject.EndsWith(custom.SubjectEndsWith, StringComparison.OrdinalIgnoreCase)
            && custom.Filters.All(filter => filter.Accepts(posted.Json)),
        _ => false,
    };

    private static bool Fits(BlobEventsTrigger detail, PostedEvent posted)
    {
        var isCreated = posted.Type.Equals(BlobCreated, StringComparison.OrdinalIgnoreCase);
        var isWanted = isCreated ? detail.OnCreated : detail.OnDeleted && posted.Type.Equals(BlobDeleted, StringComparison.OrdinalIgnoreCase);
        return isWanted
            && BlobEvents.PathOf(posted.Subject) is { } path && BlobEvents.Fits(detail, path)
            && !(isCreated && detail.IgnoreEmptyBlobs && posted.Data?.IntegerMember("contentLength") == 0);
    }

    // Only resource ids can be compared: what an application of this machine posts names itself as it likes.
    private static bool FitsScope(string scope, string source) =>
        scope.Length == 0 || !source.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase)
        || source.TrimEnd('/').Equals(scope.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);
}
