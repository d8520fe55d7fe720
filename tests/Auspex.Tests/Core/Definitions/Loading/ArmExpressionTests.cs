using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Xunit;

namespace Auspex.Tests.Core.Definitions.Loading;

public sealed class ArmExpressionTests
{
    private static readonly JsonObject Template = JsonNode.Parse(
        """
        {
          "parameters": {
            "name": { "type": "string", "defaultValue": "f" },
            "open": { "type": "string" },
            "given": { "type": "string", "defaultValue": "default" },
            "object": { "type": "object", "defaultValue": { "a": [ 1, "[concat('x', 'y')]" ] } }
          },
          "variables": { "id": "[concat('factories/', parameters('name'))]", "circle": "[variables('circle')]", "plain": 5 }
        }
        """)!.AsObject();

    [Theory]
    [InlineData("[concat(parameters('name'), '/P')]", "\"f/P\"")]
    [InlineData("[concat(variables('id'), '/pipelines/', string(1))]", "\"factories/f/pipelines/1\"")]
    [InlineData("[parameters('given')]", "\"value\"")]
    [InlineData("[parameters('object').a[0]]", "1")]
    [InlineData("[parameters('object').a[1]]", "\"xy\"")]
    [InlineData("[variables('plain')]", "5")]
    [InlineData("[concat('it''s', ' ', toUpper('a'))]", "\"it\\u0027s A\"")]
    [InlineData("[resourceGroup().location]", "\"local\"")]
    [InlineData("[resourceId('Microsoft.Sql/servers', 's')]", "\"/Microsoft.Sql/servers/s\"")]
    [InlineData("[ bool( 'true' ) ]", "true")]
    public void TryEvaluate_OfWhatExportsUse_GivesTheValue(string text, string expected)
    {
        Assert.True(Evaluate(text, out var value, out _));
        Assert.Equal(expected, value!.ToJsonString());
    }

    [Theory]
    [InlineData("[parameters('open')]", "'open'")]
    [InlineData("[concat('a', parameters('open'))]", "'open'")]
    [InlineData("[variables('circle')]", "'circle'")]
    [InlineData("[reference('x')]", "'reference'")]
    [InlineData("[concat('a']", "concat")]
    [InlineData("[concat('a)]", "quote")]
    [InlineData("[]", "ends")]
    [InlineData("[parameters('object').b]", "'b'")]
    [InlineData("[concat('a') concat('b')]", "not understood")]
    public void TryEvaluate_OfWhatHasNoValue_SaysWhy(string text, string reason)
    {
        Assert.False(Evaluate(text, out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    private static bool Evaluate(string text, out JsonNode? value, out string? problem)
    {
        var values = JsonNode.Parse("""{"given": {"value": "value"}}""")!.AsObject();
        return new ArmExpression(text, new ArmScope(Template, values)).TryEvaluate(out value, out problem);
    }
}
