using Auspex.Engine.Runs;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine;

public sealed class SmokeTests
{
    [Fact]
    public async Task Run_Sequence_Succeeds()
    {
        await using var harness = new RunHarness();
        harness.Gives("A", new() { ["x"] = 1 });

        var outcome = await harness.RunAsync("""
            {"name":"p","properties":{"variables":{"v":{"type":"String"}},"activities":[
              {"name":"A","type":"Test","typeProperties":{"q":"@utcNow()"}},
              {"name":"B","type":"Test","dependsOn":[{"activity":"A","dependencyConditions":["Succeeded"]}],"typeProperties":{"y":"@activity('A').output.x"}},
              {"name":"W","type":"Wait","typeProperties":{"waitTimeInSeconds":10}},
              {"name":"S","type":"SetVariable","typeProperties":{"variableName":"v","value":"@concat('a','b')"}}
            ]}}
            """);

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Equal(1, (int)outcome["B"].Input!["y"]!);
    }
}
