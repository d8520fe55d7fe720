using Auspex.Definitions;
using Auspex.Engine.Triggers;
using Auspex.Server.Factories;
using Auspex.Stores;

namespace Auspex.Server.Api.Factories;

/// <summary>Triggers beyond their definitions: start, stop, event subscriptions, runs.</summary>
internal sealed class TriggerEndpoints(
    ITriggers triggers, ServerFactories factories, ResourceDocuments documents, IDocumentStore store)
{
    private const string Subscriptions = "eventSubscriptions";
    private const int MostBodyBytes = 1 << 20;
    private const int PageSize = 200;

    private static readonly string[] RunOperands = ["TriggerName", "TriggerRunTimestamp", "Status"];

    public void Add(Dictionary<string, Func<FactoryCall, Task>> handlers)
    {
        handlers["triggers.start"] = async call => await triggers.StartAsync(call.Factory, Find(call).Name, call.Cancellation);
        handlers["triggers.stop"] = async call => await triggers.StopAsync(call.Factory, Find(call).Name, call.Cancellation);
        handlers["triggers.queryByFactory"] = QueryAsync;
        handlers["triggers.subscribeToEvents"] = call => SubscribeAsync(call, isSubscribed: true);
        handlers["triggers.unsubscribeFromEvents"] = call => SubscribeAsync(call, isSubscribed: false);
        handlers["triggers.getEventSubscriptionStatus"] = SubscriptionAsync;
        handlers["triggerRuns.queryByFactory"] = QueryRunsAsync;
        handlers["triggerRuns.rerun"] = async call =>
            await triggers.RerunAsync(call.Factory, Find(call).Name, call.Route("run"), call.Cancellation);
        handlers["triggerRuns.cancel"] = async call =>
            await triggers.CancelAsync(call.Factory, Find(call).Name, call.Route("run"), call.Cancellation);
    }

    private async Task QueryAsync(FactoryCall call)
    {
        var factory = factories.Demand(call);
        var body = await FactoryBody.TryReadAsync(call, MostBodyBytes) ?? [];
        var after = body.TextMember("continuationToken");
        var parent = body.TextMember("parentTriggerName");
        var page = factory.List(ManagedKind.Trigger.Folder)
            .Where(trigger => parent is null || IsChild(trigger, parent))
            .Where(trigger => string.IsNullOrEmpty(after) || StringComparer.OrdinalIgnoreCase.Compare(trigger.Name, after) > 0)
            .Take(PageSize + 1)
            .ToArray();
        var states = await documents.StatesAsync(ManagedKind.Trigger, factory, call.Cancellation);
        await Json.WriteAsync(call.Context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var trigger in page.Take(PageSize))
            {
                documents.Write(writer, call, ManagedKind.Trigger, factory, trigger, states);
            }

            writer.WriteEndArray();
            if (page.Length > PageSize)
            {
                writer.WriteString("continuationToken", page[PageSize - 1].Name);
            }

            writer.WriteEndObject();
        });
    }

    // Nothing has to be provisioned here, yet scripts subscribe first, wait for it, and only then start.
    private async Task SubscribeAsync(FactoryCall call, bool isSubscribed)
    {
        var trigger = await DemandEventTriggerAsync(call);
        var id = $"{call.Factory}/{trigger.Name}".ToLowerInvariant();
        if (isSubscribed)
        {
            await store.PutAsync(Subscriptions, id, "{}"u8.ToArray(), expectedVersion: null, call.Cancellation);
        }
        else
        {
            await store.DeleteAsync(Subscriptions, id, call.Cancellation);
        }

        await WriteSubscriptionAsync(call, trigger, isSubscribed);
    }

    private async Task SubscriptionAsync(FactoryCall call)
    {
        var trigger = await DemandEventTriggerAsync(call);
        var id = $"{call.Factory}/{trigger.Name}".ToLowerInvariant();
        await WriteSubscriptionAsync(call, trigger, await store.GetAsync(Subscriptions, id, call.Cancellation) is not null);
    }

    private static Task WriteSubscriptionAsync(FactoryCall call, TriggerStatus trigger, bool isSubscribed) =>
        Json.WriteAsync(call.Context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("triggerName", trigger.Name);
            writer.WriteString("status", isSubscribed || trigger.RuntimeState == TriggerRuntimeState.Started ? "Enabled" : "Disabled");
            writer.WriteEndObject();
        });

    private async Task<TriggerStatus> DemandEventTriggerAsync(FactoryCall call)
    {
        var status = await triggers.GetAsync(call.Factory, Find(call).Name, call.Cancellation);
        return status.EventSubscription is not null
            ? status
            : throw FactoryErrors.BadRequest($"The trigger '{status.Name}' is a {status.Type}, which takes no events.", status.Name);
    }

    private async Task QueryRunsAsync(FactoryCall call)
    {
        factories.Demand(call);
        var filter = await RunFilter.ReadAsync(call, RunOperands, ["TriggerRunTimestamp", "TriggerName", "Status"]);
        var page = await triggers.QueryRunsAsync(
            new TriggerRunQuery
            {
                Factory = call.Factory,
                UpdatedAfter = filter.After,
                UpdatedBefore = filter.Before,
                Filters =
                [
                    .. filter.Conditions.Select(
                        condition => new TriggerRunFilter(condition.Operand, condition.IsIn ? "In" : "NotIn", condition.Values)),
                ],
                OrderBy = filter.OrderBy switch
                {
                    "TriggerName" => TriggerRunOrder.TriggerName,
                    "Status" => TriggerRunOrder.Status,
                    _ => TriggerRunOrder.Timestamp,
                },
                Descending = !filter.IsAscending,
                ContinuationToken = filter.ContinuationToken,
            },
            call.Cancellation);
        await Json.WriteAsync(call.Context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var run in page.Runs)
            {
                TriggerRunWriter.Write(writer, run);
            }

            writer.WriteEndArray();
            if (page.ContinuationToken is { } token)
            {
                writer.WriteString("continuationToken", token);
            }

            writer.WriteEndObject();
        });
    }

    private FactoryResource Find(FactoryCall call)
    {
        var factory = factories.Demand(call);
        var name = call.Route("name");
        return factory.Find(ManagedKind.Trigger.Folder, name)
            ?? throw FactoryErrors.NotFound(ManagedKind.Trigger, name, factory.Triggers.Keys);
    }

    private static bool IsChild(FactoryResource trigger, string parent)
    {
        var node = trigger.Body.ObjectMember("typeProperties")?.Member("parentTrigger");
        var name = node is System.Text.Json.Nodes.JsonObject json ? json.TextMember("referenceName") : node.AsText();
        return string.Equals(name, parent, StringComparison.OrdinalIgnoreCase);
    }
}
