using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Expressions;
using Xunit;

namespace Auspex.Tests.Core.Expressions;

/// <summary>Evaluates one string in a context that has something of everything, and compares as JSON.</summary>
internal static class Evaluating
{
    public const string Context = """
        {
          "parameters": { "n": 7, "name": "flights", "my-name": "hyphen", "items": [ 3, 4, 5 ], "data": "@add(1,2)", "ratio": 8.0, "nothing": null, "flag": true },
          "globalParameters": { "region": "north" },
          "pipeline": { "RunId": "11111111-2222-3333-4444-555555555555", "DataFactory": "auspex", "Pipeline": "p", "TriggerType": "Manual" },
          "variables": { "Count": 2, "Done": false, "list": [] },
          "activities": {
            "Look up": { "output": { "firstRow": { "Col": "c1", "Sales.Region": "r" }, "count": 1, "value": [ { "id": 1 }, { "id": 2 } ] }, "status": "Succeeded" },
            "Broken": { "error": { "errorCode": "2200", "message": "no file" }, "status": "Failed" },
            "Left out": { "status": "Skipped" }
          },
          "item": { "Name": "a.csv", "size": null },
          "dataset": { "folder": "in" },
          "linkedService": { "host": "h" },
          "trigger": { "scheduledTime": "2024-03-01T09:00:00Z", "outputs": { "windowStartTime": "2024-03-01T08:00:00Z", "body": { "fileName": "f.csv" } } },
          "utcNow": "2024-03-01T09:30:15.5Z"
        }
        """;

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string ToJson(JsonNode? value) => value?.ToJsonString(Plain) ?? "null";

    public static ExpressionContext ReadContext(string json = Context) => ContextJson.Read(JsonNode.Parse(json)!.AsObject());

    public static string Json(string expression, string context = Context) =>
        ToJson(ExpressionEvaluator.Evaluate(JsonValue.Create(expression), ReadContext(context)));

    /// <summary>Checks the JSON text of the result, so that 5 and 5.0, "5" and 5 differ.</summary>
    public static void Gives(string expression, string json) => Assert.Equal(json, Json(expression));

    public static ExpressionException Fails(string expression, string stablePart = "")
    {
        var exception = Assert.Throws<ExpressionException>(() => Json(expression));
        Assert.Contains(stablePart, exception.Message, StringComparison.Ordinal);
        return exception;
    }
}
