using System.Text.Json.Nodes;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.ControlFlow;

public sealed class WorkActivityReferenceTests
{
    [Fact]
    public async Task BeginAsync_InputsAndOutputs_ReachTheAttemptEvaluated()
    {
        await using var harness = new RunHarness();
        harness.Gives("A", []);

        await harness.RunAsync(
            """
            {"name": "p", "properties": {"parameters": {"day": {"type": "String"}}, "activities": [{"name": "A", "type": "Copy", "typeProperties": {},
                "inputs": [{"referenceName": "In", "type": "DatasetReference", "parameters": {"folder": "@concat('d-', pipeline().parameters.day)"}}],
                "outputs": [{"referenceName": "Out", "type": "DatasetReference"}]}]}}
            """,
            new JsonObject { ["day"] = "7" });

        var attempt = Assert.Single(harness.Executor.Attempts);
        Assert.Equal("In", Assert.Single(attempt.Inputs).ReferenceName);
        Assert.Equal("d-7", (string?)attempt.Inputs[0].Parameters!["folder"]);
        Assert.Equal("Out", Assert.Single(attempt.Outputs).ReferenceName);
        Assert.Equal("7", (string?)attempt.PipelineScope!().Parameters!["day"]);
    }
}
