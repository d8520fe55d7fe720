using Auspex.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(Auspex.Scenarios.Cli.DemoFixture))]

namespace Auspex.Scenarios.Cli;

/// <summary>A folder in which the demo ran once: a factory with published services, for tests that copy it and go on.</summary>
public sealed class DemoFixture : IAsyncDisposable
{
    /// <summary>People in every table of the demo.</summary>
    public const int Rows = 3000;

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<string>> _demo;

    public DemoFixture() => _demo = new Lazy<Task<string>>(RunAsync);

    /// <summary>The demo's folder; the demo runs at the first call.</summary>
    public string Folder => _folder.File("demo");

    /// <summary>What the demo printed.</summary>
    public Task<string> RunOnceAsync() => _demo.Value;

    /// <summary>A copy of the folder, for a test that changes it.</summary>
    public async Task<string> CopyAsync(string target)
    {
        await RunOnceAsync();
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> RunAsync()
    {
        var (exitCode, process) = await AuspexProcess.RunAsync(
            _folder.Path,
            CancellationToken.None,
            "demo", "--dir", Folder, "--rows", Rows.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await using (process)
        {
            return exitCode == 0 ? process.Transcript : throw new InvalidOperationException(
                $"The demo ended with exit code {exitCode}:\n{process.Transcript}");
        }
    }
}
