using System.Text.Json.Nodes;
using Auspex.Definitions.Triggers;
using Auspex.Engine.Triggers;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Triggers;

public sealed class CustomEventTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_OfBothSchemas_StartWhatTheyFit()
    {
        await using var harness = Harness();
        await harness.BeginAsync();
        await harness.StartAsync("C");
        var body = JsonNode.Parse("""
            [{"id": "1", "eventType": "order.made", "subject": "shop/1", "eventTime": "2026-01-02T03:00:00Z", "data": {"number": 7, "kind": "Big"}},
             {"id": "2", "eventType": "order.made", "subject": "elsewhere", "data": {"number": 7, "kind": "big"}},
             {"id": "3", "eventType": "order.lost", "subject": "shop/1", "data": {"number": 7, "kind": "big"}},
             {"id": "4", "eventType": "order.made", "subject": "shop/1", "data": {"number": 3, "kind": "big"}},
             {"specversion": "1.0", "id": "5", "type": "Order.Made", "source": "till", "subject": "SHOP/2", "data": {"number": 8, "kind": "big", "extra": 1}}]
            """);

        Assert.Equal(2, (await harness.Host.ReceiveEventsAsync("factory", body, Token)).Started);
        Assert.Equal(0, (await harness.Host.ReceiveEventsAsync("factory", body, Token)).Started);
        await harness.Runs.QuietAsync();

        Assert.Equal(
            ["""{"n":7,"what":"shop/1 order.made"}""", """{"n":8,"what":"SHOP/2 Order.Made"}"""],
            (await harness.PipelineRunsAsync()).Select(run => run.Parameters.ToJsonString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Validation_IsAnsweredWithItsCode()
    {
        await using var harness = Harness();
        await harness.BeginAsync();
        var receipt = await harness.Host.ReceiveEventsAsync(
            "factory",
            JsonNode.Parse("""[{"id": "1", "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "subject": "", "data": {"validationCode": "512d38b6"}}]"""),
            Token);

        Assert.Equal(new EventReceipt("512d38b6", 0), receipt);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("[[]]")]
    [InlineData("""{"id": "1"}""")]
    [InlineData("""[{"id": "1", "eventType": "a", "data": {}}, {"eventType": "a"}]""")]
    public async Task WhatIsNoEvent_IsRefusedAsAWhole(string body)
    {
        await using var harness = Harness();
        await harness.BeginAsync();
        await harness.StartAsync("C");

        var error = await Assert.ThrowsAsync<TriggerException>(() => harness.Host.ReceiveEventsAsync("factory", JsonNode.Parse(body), Token));

        Assert.Equal(TriggerError.Invalid, error.Error);
        Assert.Empty(await harness.RunsOfAsync());
    }

    [Theory]
    [InlineData("NumberIn", "[1, 7]", true)]
    [InlineData("NumberNotIn", "[1, 7]", false)]
    [InlineData("NumberLessThan", "7", false)]
    [InlineData("NumberLessThanOrEquals", "7", true)]
    [InlineData("NumberGreaterThan", "6.5", true)]
    [InlineData("NumberGreaterThanOrEquals", "8", false)]
    [InlineData("NumberInRange", "[[1, 2], [5, 7]]", true)]
    [InlineData("NumberNotInRange", "[[1, 2], [5, 7]]", false)]
    [InlineData("StringIn", "[\"7\"]", false)]
    [InlineData("IsNotNull", "[]", true)]
    [InlineData("IsNullOrUndefined", "[]", false)]
    public void Filter_OfANumber_DecidesAsEventGridDoes(string name, string values, bool expected) =>
        Assert.Equal(expected, Filter("data.n", name, values).Accepts(JsonNode.Parse("""{"data": {"n": 7}}""")!.AsObject()));

    [Theory]
    [InlineData("StringIn", "[\"ABC.d\"]", true)]
    [InlineData("StringNotIn", "[\"ABC.d\"]", false)]
    [InlineData("StringBeginsWith", "[\"x\", \"ab\"]", true)]
    [InlineData("StringNotBeginsWith", "[\"x\", \"ab\"]", false)]
    [InlineData("StringEndsWith", "[\".D\"]", true)]
    [InlineData("StringNotEndsWith", "[\".x\"]", true)]
    [InlineData("StringContains", "[\"C.\"]", true)]
    [InlineData("StringNotContains", "[\"C.\"]", false)]
    [InlineData("BoolEquals", "true", false)]
    public void Filter_OfText_DecidesAsEventGridDoes(string name, string values, bool expected) =>
        Assert.Equal(expected, Filter("DATA.a.b", name, values).Accepts(JsonNode.Parse("""{"data": {"a.b": "abc.D"}}""")!.AsObject()));

    [Theory]
    [InlineData("StringNotIn", "[\"x\"]", true)]
    [InlineData("StringIn", "[\"x\"]", false)]
    [InlineData("NumberNotInRange", "[[1, 2]]", true)]
    [InlineData("IsNullOrUndefined", "[]", true)]
    [InlineData("IsNotNull", "[]", false)]
    public void Filter_OfWhatIsAbsent_PassesOnlyWhatMustNotBe(string name, string values, bool expected) =>
        Assert.Equal(expected, Filter("data.x.y", name, values).Accepts(JsonNode.Parse("""{"data": {"x": 7}}""")!.AsObject()));

    private static EventFilter Filter(string key, string name, string values) =>
        new(key, name, JsonNode.Parse(values) is JsonArray several ? [.. several.OfType<JsonNode>()] : [JsonNode.Parse(values)!]);

    private static TriggerHarness Harness() => new TriggerHarness().AddPipeline("P", "n", "what").AddTrigger(
        "C",
        "CustomEventsTrigger",
        """
        {"scope": "/subscriptions/s/topics/t", "events": ["order.made"], "subjectBeginsWith": "shop/",
         "advancedFilters": [{"operatorType": "NumberGreaterThan", "key": "data.number", "value": 5}, {"operatorType": "StringIn", "key": "data.kind", "values": ["big", "huge"]}]}
        """,
        parameters: """{"n": "@triggerBody().event.data.number", "what": "@{triggerBody().event.subject} @{trigger().outputs.body.event.eventType}"}""");
}
