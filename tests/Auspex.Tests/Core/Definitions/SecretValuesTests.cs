using System.Text.Json.Nodes;
using Auspex.Definitions;
using Xunit;

namespace Auspex.Tests.Core.Definitions;

public sealed class SecretValuesTests
{
    private const string Definition = """
        {"name": "x", "properties": {
          "typeProperties": {
            "connectionString": "AccountName=a;AccountKey=one;", "password": "two", "url": "http://h",
            "key": {"type": "SecureString", "value": "three"}, "headers": {"h": {"type": "securestring", "value": "@{four}"}}},
          "parameters": {"p": {"type": "SecureString", "defaultValue": "five"}},
          "activities": [{"name": "A", "auth": {"type": "SecureString", "value": "six"}}, {"name": "B", "auth": {"type": "SecureString", "value": "seven"}}]}}
        """;

    [Fact]
    public void MaskAll_AnyPlace_LeavesNoSecret()
    {
        var source = JsonNode.Parse(Definition)!.AsObject();

        SecretValues.MaskAll(source);

        var text = source.ToJsonString();
        Assert.All(["one", "two", "three", "four", "five", "six", "seven"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.Contains("http://h", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_WhatWasReadAndWrittenBack_IsTheSame()
    {
        var earlier = JsonNode.Parse(Definition)!.AsObject();
        var written = earlier.DeepClone().AsObject();
        SecretValues.MaskAll(written);

        // Written back with its activities in another order: a secret stays with its activity.
        var activities = written["properties"]!["activities"]!.AsArray();
        var first = activities[0];
        activities.RemoveAt(0);
        activities.Add(first);
        SecretValues.Restore(written, earlier);

        Assert.Equal("seven", (string?)written["properties"]!["activities"]![0]!["auth"]!["value"]);
        Assert.Equal("six", (string?)written["properties"]!["activities"]![1]!["auth"]!["value"]);
        Assert.True(JsonNode.DeepEquals(earlier["properties"]!["typeProperties"], written["properties"]!["typeProperties"]));
        Assert.Equal("five", (string?)written["properties"]!["parameters"]!["p"]!["defaultValue"]);
    }
}
