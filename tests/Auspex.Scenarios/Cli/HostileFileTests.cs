using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary>Every command that takes a file, given none, an empty one, a folder, another kind, and a place where nothing can be written.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A command with FILE where the hostile file goes.</summary>
    public static TheoryData<string> Readers =>
    [
        "experiment run FILE.json", "experiment convert FILE.json", "experiment publish FILE.json", "experiment publish FILE.ilearner", "experiment publish FILE.onnx",
        "experiment run good.json --input rows=FILE.csv", "experiment upload FILE.csv", "experiment upload FILE.ilearner", "experiment upload FILE.zip",
        "train --input FILE.csv --label y --model m.out", "train --input FILE.parquet --label y --model m.out",
        "score --model FILE.ilearner --input rows.csv --output o.csv", "score --model good.ilearner --input FILE.csv --output o.csv",
        "score --model good.ilearner --input FILE.arrow --output o.csv", "score --model good.ilearner --input FILE.csv.gz --check",
        "score --model good.ilearner --input rows.csv --output o.csv --challenger FILE.ilearner",
        "import FILE.onnx --output m.out", "import FILE.txt --output m.out", "import FILE.json --output m.out", "import good.txt --output m.out --background FILE.csv",
    ];

    /// <summary>A command that writes to OUT.</summary>
    public static TheoryData<string> Writers =>
    [
        "experiment new OUT.json", "experiment run good.json --output rows=OUT.csv", "experiment run good.json --report OUT.html",
        "experiment convert good.json --retraining --output OUT.json", "train --input rows.csv --label y --model OUT.ilearner",
        "score --model good.ilearner --input rows.csv --output OUT.csv", "score --model good.ilearner --input rows.csv --output o.csv --drift OUT.json",
        "import good.txt --output OUT.ilearner", "import graph.json --output OUT.json",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Read_OfAHostileFile_SaysWhichAndWhy(string command)
    {
        await WriteGoodFilesAsync(command.Contains("good.ilearner", StringComparison.Ordinal) || command.Contains("rows.csv", StringComparison.Ordinal));
        string Named(string file) => command.Replace("FILE", file, StringComparison.Ordinal);
        string PathOf(string file) => _folder.File(Named(file).Split(' ', '=').Single(word => word.StartsWith(file, StringComparison.Ordinal)));
        await File.WriteAllBytesAsync(PathOf("empty"), [], Cancellation);
        var noise = new byte[5000];
        new Random(3).NextBytes(noise);
        await File.WriteAllBytesAsync(PathOf("noise"), noise, Cancellation);
        Directory.CreateDirectory(PathOf("folder"));

        foreach (var (file, exitCodes) in new (string, int[])[] { ("missing", [2]), ("folder", [2]), ("empty", [1, 2]), ("noise", [1, 2]) })
        {
            var before = Entries();
            var process = await RunAsync(Named(file));
            AssertHelps(process, exitCodes, Path.GetFileName(PathOf(file)));
            Assert.Equal(before, Entries());
        }
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task Write_ToAPlaceThatIsNone_SaysWhichAndLeavesNothing(string command)
    {
        await WriteGoodFilesAsync(true);
        await File.WriteAllTextAsync(_folder.File("file"), "", Cancellation);
        Directory.CreateDirectory(_folder.File("taken" + Path.GetExtension(command.Split(' ', '=').Single(word => word.StartsWith("OUT", StringComparison.Ordinal)))));
        List<string> places = ["file/out", "taken"];
        if (OperatingSystem.IsLinux())
        {
            // No user, root included, can make a file there.
            places.Add("/proc/out");
        }

        foreach (var place in places)
        {
            var before = Entries();
            var process = await RunAsync(command.Replace("OUT", place, StringComparison.Ordinal));
            AssertHelps(process, place == "taken" ? [1, 2] : [1], place.Split('/')[0] is { Length: > 0 } first ? first : "/proc");
            Assert.Equal(before, Entries().Where(entry => entry != "o.csv"));
        }
    }

    // Neither a trace nor words of the machine's inside; the name of what was wrong; and more than its name.
    private static void AssertHelps(AuspexProcess process, int[] exitCodes, string named)
    {
        Assert.True(exitCodes.Contains(process.ExitCode), $"exit code {process.ExitCode}\n{process.Transcript}");
        Assert.Contains(named, process.Transcript, StringComparison.Ordinal);
        foreach (var trace in new[] { "   at ", "Exception", "Unhandled", "System.", "object reference" })
        {
            Assert.DoesNotContain(trace, process.Transcript, StringComparison.OrdinalIgnoreCase);
        }
    }

    private async Task WriteGoodFilesAsync(bool withModel)
    {
        await File.WriteAllTextAsync(_folder.File("rows.csv"), "x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{(i > 30 ? "b" : "a")}\n")), Cancellation);
        await File.WriteAllTextAsync(_folder.File("good.json"), """
            { "name": "good", "nodes": {
                "data": { "module": "Enter Data Manually", "parameters": { "Data": "x,y\n1,2\n2,4\n3,6\n" } },
                "learner": { "module": "Linear Regression" },
                "train": { "module": "Train Model", "inputs": { "Untrained model": "learner", "Dataset": "data" }, "parameters": { "Label column": "y" } } },
              "webServiceInputs": { "rows": "data" }, "webServiceOutputs": { "rows": "data" } }
            """, Cancellation);
        await File.WriteAllTextAsync(_folder.File("graph.json"), """{ "Description": "g", "Graph": { "ModuleNodes": [], "EdgesInternal": [] } }""", Cancellation);
        await File.WriteAllTextAsync(_folder.File("good.txt"), Auspex.TestKit.Import.LightGbmSample.Create(new Random(2), "binary sigmoid:1", 1, 3, 5).ToText(), Cancellation);
        if (withModel)
        {
            await RunAsync("train --input rows.csv --label y --model good.ilearner");
        }
    }

    private List<string> Entries() =>
        [.. Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.TopDirectoryOnly).Select(Path.GetFileName).OfType<string>().Where(name => name != ".auspex").Order(StringComparer.Ordinal)];

    private async Task<AuspexProcess> RunAsync(string command)
    {
        await using var process = AuspexProcess.Start(_folder.Path, command.Split(' '));
        await process.WaitForExitAsync(TimeSpan.FromMinutes(2), Cancellation);
        return process;
    }
}
