using System.Diagnostics;
using System.Globalization;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Experiments;

/// <summary>Our learner against the program it follows, where that is installed.</summary>
public sealed class VowpalWabbitPeerTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--loss_function logistic")]
    [InlineData("--loss_function hinge")]
    [InlineData("--loss_function quantile")]
    [InlineData("-q ab")]
    [InlineData("--sgd -l 0.1")]
    [InlineData("--adaptive -l 0.5")]
    [InlineData("--ngram 2 -b 20")]
    [InlineData("--l1 0.00001 --l2 0.00001")]
    [InlineData("--power_t 0.3 --noconstant")]
    public async Task Score_RowsOfBoth_Agree(string arguments)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "vw")).FirstOrDefault(File.Exists);
        Assert.SkipUnless(program is not null, "No vw is in the path; install Vowpal Wabbit to compare with it.");
        var cancellationToken = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var random = new Random(17);
        string[] lines = [.. Enumerable.Range(0, 2000).Select(_ => string.Create(
            CultureInfo.InvariantCulture,
            $"{(random.Next(2) == 0 ? 1 : -1)} {random.Next(1, 3)} |a word{random.Next(30)} x:{random.NextDouble():0.###} |b other{random.Next(10)} y:{random.Next(5)}"))];
        Directory.CreateDirectory(folder.File("box"));
        await File.WriteAllLinesAsync(folder.File("box/in.vw"), lines, cancellationToken);

        await RunAsync(program!, $"-d {folder.File("box/in.vw")} -f {folder.File("model")} --quiet {arguments}");
        await RunAsync(program!, $"-d {folder.File("box/in.vw")} -i {folder.File("model")} -t -p {folder.File("out")} --quiet");
        double[] theirs = [.. (await File.ReadAllLinesAsync(folder.File("out"), cancellationToken))
            .Select(line => double.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture))];

        using var stores = new BlobStores(new BlobStoresOptions { FileRoots = [folder.Path] }, TimeProvider.System);
        var trained = await ScriptRuns.RunAsync(
            "Train Vowpal Wabbit Version 8 Model",
            [],
            [
                ("Azure storage account name", $"FileRoot={folder.Path}"), ("Azure container name", "box"), ("VW arguments", arguments),
                ("Name of the input VW file", "in.vw"),
            ],
            ScriptRuns.Services with { OpenBlobStore = stores.Open, FileRoots = [folder.Path] });
        var table = TableBatches.FromRows(
            new TableSchema([new() { Name = "line", Type = ColumnType.String }]), [.. lines.Select(line => new object?[] { line })]);
        var scored = await ScriptRuns.RunAsync(
            "Score Vowpal Wabbit Version 8 Model", [("Trained model", trained.Outputs["Trained model"]), ("Dataset", new TableValue(table))], []);
        double[] ours = [.. ScriptRuns.Texts(ScriptRuns.Table(scored, "Results dataset"), "Results")
            .Select(text => double.Parse(text!, CultureInfo.InvariantCulture))];

        Assert.Equal(theirs.Length, ours.Length);
        Assert.InRange(ours.Zip(theirs, (one, other) => Math.Abs(one - other)).Average(), 0, 0.005);
    }

    private static async Task RunAsync(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, error);
    }
}
