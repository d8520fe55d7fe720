using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Scenarios.Experiments;

/// <summary>Execute Python Script with the Python and the pandas of this machine.</summary>
public sealed class PythonScriptTests
{
    private const string Module = "Execute Python Script";

    [Fact]
    public async Task Run_TheStub_GivesEveryTypeBack()
    {
        var context = await ScriptRuns.RunAsync(Module, [("Dataset1", new TableValue(ScriptRuns.AllTypes))], []);

        var output = ScriptRuns.Table(context, "Results dataset");
        Assert.Equal(ScriptRuns.AllTypes.Schema.Fields.Select(field => field.Name), output.Schema.Fields.Select(field => field.Name));
        foreach (var field in ScriptRuns.AllTypes.Schema.Fields)
        {
            Assert.Equal(ScriptRuns.Texts(ScriptRuns.AllTypes, field.Name), ScriptRuns.Texts(output, field.Name));
        }

        // Whole numbers with gaps are doubles to pandas; all else keeps its type.
        Assert.Equal(
            ScriptRuns.AllTypes.Schema.Fields.Select(field => field.Name == "holes" ? ColumnType.Double : field.Type),
            output.Schema.Fields.Select(field => field.Type));
        Assert.Equal(["b", "a"], output.Schema.Fields[7].Categories!.Levels);
    }

    [Fact]
    public async Task Run_TypesInPandas_AreThoseOfTheContract()
    {
        const string Script = """
            import pandas as pd
            def azureml_main(dataframe1 = None, dataframe2 = None):
                return pd.DataFrame({"name": dataframe1.columns, "type": [str(t) for t in dataframe1.dtypes]}),
            """;

        var output = ScriptRuns.Table(
            await ScriptRuns.RunAsync(Module, [("Dataset1", new TableValue(ScriptRuns.AllTypes))], [("Python script", Script)]), "Results dataset");

        Assert.Equal(
            ["int32", "int64", "float64", "float64", "bool", "object", "object", "category", "datetime64[ns]", "timedelta64[ns]"],
            ScriptRuns.Texts(output, "type"));
    }

    [Fact]
    public async Task Run_TwoInputs_AreBothThere()
    {
        const string Script = "def azureml_main(a, b):\n    a['sum'] = a['x'] + b['x']\n    return [a]\n";
        var left = new TableValue(Numbers(1, 2));
        var right = new TableValue(Numbers(10, 20));

        var output = ScriptRuns.Table(
            await ScriptRuns.RunAsync(Module, [("Dataset1", left), ("Dataset2", right)], [("Python script", Script)]), "Results dataset");

        Assert.Equal(["11", "22"], ScriptRuns.Texts(output, "sum"));
    }

    [Fact]
    public async Task Run_NoInput_MayMakeATable()
    {
        const string Script = """
            import pandas as pd, datetime
            def azureml_main():
                return pd.DataFrame({"a": [1, None], "d": [datetime.datetime(1, 1, 1), datetime.date(9999, 12, 31)],
                                     "s": ["x", 3], "n": pd.array([1, None], dtype="Int64"), 7: [True, None]})
            """;

        var output = ScriptRuns.Table(await ScriptRuns.RunAsync(Module, [], [("Python script", Script)]), "Results dataset");

        Assert.Equal(["1", null], ScriptRuns.Texts(output, "a"));
        Assert.Equal(["0001-01-01T00:00:00", "9999-12-31T00:00:00"], ScriptRuns.Texts(output, "d"));
        Assert.Equal(["x", "3"], ScriptRuns.Texts(output, "s"));
        Assert.Equal((ColumnType.Int64, ColumnType.Boolean), (output.Schema.Fields[3].Type, output.Schema.Fields[4].Type));
        Assert.Equal("7", output.Schema.Fields[4].Name);
    }

    [Fact]
    public async Task Run_EmptyAndColumnlessTables_ComeBack()
    {
        var empty = ScriptRuns.AllTypes.Slice(0, 0);

        var output = ScriptRuns.Table(await ScriptRuns.RunAsync(Module, [("Dataset1", new TableValue(empty))], []), "Results dataset");
        var none = ScriptRuns.Table(
            await ScriptRuns.RunAsync(Module, [("Dataset1", new TableValue(new TableBatch(new TableSchema([]), [], 3)))], []), "Results dataset");

        Assert.Equal((0, 10), (output.RowCount, output.Columns.Length));
        Assert.Equal((3, 0), (none.RowCount, none.Columns.Length));
    }

    [Fact]
    public async Task Run_PrintsAndBundle_ShowInLogAndDevice()
    {
        const string Script = """
            import sys, helpers
            def azureml_main(dataframe1 = None, dataframe2 = None):
                print("hello")
                print("trouble", file=sys.stderr)
                with open("plot.png", "wb") as f:
                    f.write(b"\x89PNG")
                dataframe1["y"] = helpers.twice(dataframe1["x"])
                return dataframe1,
            """;

        var context = await ScriptRuns.RunAsync(
            Module,
            [("Dataset1", new TableValue(Numbers(4))), ("Script Bundle", ScriptRuns.Zip(("helpers.py", "def twice(x):\n    return 2 * x\n"), ("data/a.txt", "1")))],
            [("Python script", Script)]);

        Assert.Equal(["8"], ScriptRuns.Texts(ScriptRuns.Table(context, "Results dataset"), "y"));
        Assert.Contains("stdout: hello", context.Log);
        Assert.Contains("stderr: trouble", context.Log);
        var device = ScriptRuns.Table(context, "Python device");
        Assert.Equal(["text", "text", "image/png"], ScriptRuns.Texts(device, "Kind"));
        Assert.Equal(["hello\n", "trouble\n", Convert.ToBase64String([0x89, (byte)'P', (byte)'N', (byte)'G'])], ScriptRuns.Texts(device, "Content"));
    }

    [Theory]
    [InlineData("def azureml_main(a):\n    b = 1\n    return a.nothing\n", "in line 3: AttributeError")]
    [InlineData("x = 1\ndef azureml_main(a)\n    return a,\n", "in line 2: SyntaxError")]
    [InlineData("x = 1\n", "defines no function azureml_main")]
    [InlineData("def azureml_main(a):\n    return 3\n", "returned int; expected a sequence with one data frame")]
    [InlineData("def azureml_main(a):\n    import sys\n    sys.exit(4)\n", "exit code 4")]
    [InlineData("import pandas as pd\ndef azureml_main(a):\n    return pd.DataFrame({'c': [{}]}),\n", "column 'c' holds a value of type dict")]
    [InlineData("import pandas as pd\ndef azureml_main(a):\n    return pd.concat([a, a], axis=1),\n", "two columns named 'x'")]
    [InlineData("import os\ndef azureml_main(a):\n    os._exit(5)\n", "exit code 5")]
    public async Task Run_ScriptThatFails_IsError85WithItsLine(string script, string expected)
    {
        var failure = await Assert.ThrowsAsync<ModuleException>(
            () => ScriptRuns.RunAsync(Module, [("Dataset1", new TableValue(Numbers(1)))], [("Python script", script)]));

        Assert.Equal(85, failure.Number);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TooMuchMemory_IsError138()
    {
        const string Script = "def azureml_main():\n    b = bytearray(3 << 30)\n    return b\n";

        var failure = await Assert.ThrowsAsync<ModuleException>(() => ScriptRuns.RunAsync(
            Module, [], [("Python script", Script)],
            ScriptRuns.Services with { Scripts = ScriptRuns.Services.Scripts with { MemoryInBytes = 2L << 30 } }));

        Assert.Equal(138, failure.Number);
    }

    [Fact]
    public async Task Run_TooLong_IsEndedWithError85()
    {
        const string Script = "def azureml_main():\n    while True:\n        pass\n";

        var failure = await Assert.ThrowsAsync<ModuleException>(() => ScriptRuns.RunAsync(
            Module, [], [("Python script", Script)],
            ScriptRuns.Services with { Scripts = ScriptRuns.Services.Scripts with { Timeout = TimeSpan.FromSeconds(4) } }));

        Assert.Equal(85, failure.Number);
        Assert.Contains("ran longer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Environment_HoldsNoneOfOurs()
    {
        const string Script = """
            import os, pandas as pd
            def azureml_main():
                return pd.DataFrame({"name": sorted(os.environ)}),
            """;
        Environment.SetEnvironmentVariable("AUSPEX_TEST_SECRET", "x");

        var names = ScriptRuns.Texts(
            ScriptRuns.Table(await ScriptRuns.RunAsync(Module, [], [("Python script", Script)]), "Results dataset"), "name");

        Assert.DoesNotContain("AUSPEX_TEST_SECRET", names);
    }

    [Fact]
    public async Task Run_ByDefault_HasNoNetwork()
    {
        const string Script = """
            import socket, pandas as pd
            def azureml_main():
                s = socket.socket()
                s.settimeout(3)
                s.connect(("127.0.0.1", PORT))
                return pd.DataFrame({"a": [1]}),
            """;
        var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        try
        {
            var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
            (string, string)[] parameters = [("Python script", Script.Replace("PORT", port, StringComparison.Ordinal))];
            var open = ScriptRuns.Services with { Scripts = ScriptRuns.Services.Scripts with { AllowsNetwork = true } };

            await ScriptRuns.RunAsync(Module, [], parameters, open);
            var probe = await ScriptRuns.RunAsync(Module, [], [("Python script", "import pandas\ndef azureml_main():\n    return pandas.DataFrame(),")]);
            Assert.SkipWhen(probe.Log.Any(line => line.Contains("not cut off", StringComparison.Ordinal)), "This system makes no network namespaces.");
            var failure = await Assert.ThrowsAsync<ModuleException>(() => ScriptRuns.RunAsync(Module, [], parameters));
            Assert.Equal(85, failure.Number);
        }
        finally
        {
            listener.Stop();
        }
    }

    [Fact]
    public async Task Run_BundleThatIsNoZip_IsError102()
    {
        var failure = await Assert.ThrowsAsync<ModuleException>(() => ScriptRuns.RunAsync(
            Module, [("Script Bundle", new ArchiveValue(new byte[] { 1, 2, 3 }))], []));
        var escaping = await Assert.ThrowsAsync<ModuleException>(() => ScriptRuns.RunAsync(
            Module, [("Script Bundle", ScriptRuns.Zip(("../../outside.py", "x")))], []));

        Assert.Equal((102, 102), (failure.Number, escaping.Number));
    }

    [Fact]
    public async Task Run_NoPython_SaysWhatToInstall()
    {
        var failure = await Assert.ThrowsAsync<ModuleException>(() => ScriptRuns.RunAsync(
            Module, [], [], ScriptRuns.Services with { Scripts = new ScriptOptions { Python = "/nonexistent/python3" } }));

        Assert.Equal(85, failure.Number);
        Assert.Contains("python3-pandas", failure.Message, StringComparison.Ordinal);
    }

    private static TableBatch Numbers(params double[] values) => TableBatches.FromRows(
        new TableSchema([new() { Name = "x", Type = ColumnType.Double }]), [.. values.Select(value => new object?[] { value })]);
}
