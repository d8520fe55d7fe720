using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Engine.Triggers;
using Auspex.Errors;
using Auspex.Stores;

namespace Auspex.Server.Factories;

/// <summary>Stands in for the trigger engine where none is registered: all triggers are stopped, and stay so.</summary>
internal sealed class UnavailableTriggers(IDefinitionStore definitions) : ITriggers
{
    public Task<ImmutableArray<TriggerStatus>> ListAsync(string factory, CancellationToken cancellationToken) => Task.FromResult(
        definitions.FindFactory(factory)?.Triggers.Values
            .OrderBy(trigger => trigger.Name, StringComparer.Ordinal)
            .Select(trigger => Stopped(factory, trigger))
            .ToImmutableArray() ?? []);

    public Task<TriggerStatus> GetAsync(string factory, string trigger, CancellationToken cancellationToken) =>
        definitions.FindFactory(factory)?.Triggers.TryGetValue(trigger, out var found) == true
            ? Task.FromResult(Stopped(factory, found))
            : throw NotFound(trigger);

    public Task StartAsync(string factory, string trigger, CancellationToken cancellationToken) => throw Unavailable();

    public Task StopAsync(string factory, string trigger, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> RemoveAsync(string factory, string trigger, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<TriggerRunPage> QueryRunsAsync(TriggerRunQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(new TriggerRunPage([], null));

    public Task<TriggerRun?> FindRunAsync(string factory, string trigger, string runId, CancellationToken cancellationToken) =>
        Task.FromResult<TriggerRun?>(null);

    public Task<TriggerRun> RerunAsync(string factory, string trigger, string runId, CancellationToken cancellationToken) =>
        throw NotFound(runId);

    public Task CancelAsync(string factory, string trigger, string runId, CancellationToken cancellationToken) =>
        throw NotFound(runId);

    public Task<EventReceipt> ReceiveEventsAsync(string factory, JsonNode? body, CancellationToken cancellationToken) =>
        throw Unavailable();

    private static TriggerStatus Stopped(string factory, Definitions.TriggerDefinition trigger) => new()
    {
        Factory = factory,
        Name = trigger.Name,
        Type = trigger.Type,
        RuntimeState = TriggerRuntimeState.Stopped,
        EventSubscription = trigger.Type.Contains("Event", StringComparison.OrdinalIgnoreCase) ? "Disabled" : null,
    };

    private static TriggerException NotFound(string name) => new(
        ErrorCode.ServiceCallRefused, TriggerError.NotFound, $"There is no '{name}'.");

    private static TriggerException Unavailable() => new(
        ErrorCode.ServiceCallRefused, TriggerError.Invalid, "This server runs no triggers.");
}
