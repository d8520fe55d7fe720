using System.Diagnostics;
using System.Globalization;
using Auspex.Experiments.Modules;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Auspex.Scenarios.Experiments;

/// <summary>Pythons that wait for scripts.</summary>
public sealed class ScriptStandbyTests
{
    private const string Module = "Execute Python Script";

    // Tells its process, whether an earlier script left something, and where it is.
    private const string Script = """
        import builtins, os, sys, tempfile
        import pandas as pd
        def azureml_main():
            left = hasattr(builtins, "left")
            builtins.left = True
            with open("left.txt", "x"):
                pass
            same = os.path.samefile(tempfile.gettempdir(), os.getcwd()) and os.environ["HOME"] == os.getcwd() and os.path.samefile(sys.argv[0], __file__)
            print("said")
            return pd.DataFrame({"id": [os.getpid()], "left": [left], "same": [same]})
        """;

    [Fact]
    public async Task Run_WithAPythonThatWaits_TakesItOnce()
    {
        using var standby = new ScriptStandby(ScriptRuns.Services.Scripts, TimeProvider.System);
        Assert.Empty(standby.ProcessIds);

        var first = await RunAsync(standby);
        var waiting = Assert.Single(standby.ProcessIds);
        var second = await RunAsync(standby);
        var third = await RunAsync(standby);

        Assert.NotEqual(waiting, first);
        Assert.Equal(waiting, second);
        Assert.NotEqual(second, third);
    }

    [Fact]
    public async Task Run_WhenTheOneThatWaitedIsGone_StartsItsOwn()
    {
        using var standby = new ScriptStandby(ScriptRuns.Services.Scripts, TimeProvider.System);
        await RunAsync(standby);
        var gone = Assert.Single(standby.ProcessIds);
        using (var process = Process.GetProcessById(gone))
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.NotEqual(gone, await RunAsync(standby));
        Assert.NotEqual(gone, Assert.Single(standby.ProcessIds));
    }

    [Fact]
    public async Task Run_TooLong_IsEndedAndAnotherWaits()
    {
        using var standby = new ScriptStandby(ScriptRuns.Services.Scripts, TimeProvider.System);
        await RunAsync(standby);
        var waiting = Assert.Single(standby.ProcessIds);
        var services = ScriptRuns.Services with { Standby = standby, Scripts = ScriptRuns.Services.Scripts with { Timeout = TimeSpan.FromSeconds(4) } };

        // What waits has the bounds that it was started with: the next one has the new ones.
        await ScriptRuns.RunAsync(Module, [], [("Python script", Script)], services);
        var failure = await Assert.ThrowsAsync<ModuleException>(() => ScriptRuns.RunAsync(
            Module, [], [("Python script", "import time\ndef azureml_main():\n    time.sleep(600)\n")], services));

        Assert.Equal(85, failure.Number);
        Assert.Contains("ran longer", failure.Message, StringComparison.Ordinal);
        Assert.NotEqual(waiting, Assert.Single(standby.ProcessIds));
        Assert.NotEqual(0, await RunAsync(standby));
    }

    [Fact]
    public async Task Standby_AfterATimeWithoutScripts_Ends()
    {
        var clock = new FakeTimeProvider();
        using var standby = new ScriptStandby(ScriptRuns.Services.Scripts with { Standby = 2, StandbyTime = TimeSpan.FromMinutes(10) }, clock);
        await RunAsync(standby);
        var waiting = standby.ProcessIds;
        Assert.Equal(2, waiting.Count);
        clock.Advance(TimeSpan.FromMinutes(9));
        await RunAsync(standby);
        clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(2, standby.ProcessIds.Count);

        clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Empty(standby.ProcessIds);
        Assert.All(waiting, id => Assert.False(IsRunning(id)));
    }

    [Fact]
    public async Task Dispose_EndsWhatWaits()
    {
        var standby = new ScriptStandby(ScriptRuns.Services.Scripts, TimeProvider.System);
        await RunAsync(standby);
        var waiting = Assert.Single(standby.ProcessIds);
        Assert.True(IsRunning(waiting));

        standby.Dispose();
        await RunAsync(standby);

        Assert.False(IsRunning(waiting));
        Assert.Empty(standby.ProcessIds);
    }

    private static async Task<int> RunAsync(ScriptStandby standby)
    {
        var context = await ScriptRuns.RunAsync(Module, [], [("Python script", Script)], ScriptRuns.Services with { Standby = standby });
        var output = ScriptRuns.Table(context, "Results dataset");
        Assert.Equal(("False", "True"), (ScriptRuns.Texts(output, "left")[0], ScriptRuns.Texts(output, "same")[0]));
        Assert.Contains(context.Log, line => line == "stdout: said");
        return int.Parse(ScriptRuns.Texts(output, "id")[0]!, CultureInfo.InvariantCulture);
    }

    // A process that was killed may be waited for a moment longer.
    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.WaitForExit(TimeSpan.FromSeconds(5));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
