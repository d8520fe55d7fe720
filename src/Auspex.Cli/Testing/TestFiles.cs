using System.Collections.Immutable;
using Auspex.Cli.Testing.Mocks;
using Auspex.Cli.Testing.Reading;
using Auspex.Cli.Testing.Recordings;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Cli.Testing;

/// <summary>Finds the test files and recordings of a factory.</summary>
internal static class TestFiles
{
    public const string Folder = "test";

    /// <summary>The folder of a factory's tests: <c>test</c> beside its resources' folders.</summary>
    public static string FolderOf(FactoryDefinition factory)
    {
        var root = factory.Folder ?? ".";
        var first = factory.Pipelines.Values
            .Select(pipeline => pipeline.Origin?.File)
            .OfType<string>()
            .Order(StringComparer.Ordinal)
            .FirstOrDefault(file => file.Contains('/', StringComparison.Ordinal));
        var beside = Path.Combine(root, Folder);
        if (Directory.Exists(beside) || first is null)
        {
            return beside;
        }

        // The factory may lie somewhere below the folder that was named.
        var resources = Path.GetDirectoryName(Path.Combine(root, first))!;
        return Path.Combine(Path.GetDirectoryName(resources) ?? root, Folder);
    }

    /// <summary>Reads every test file of a folder and the folders in it, in order of their names; recordings are passed over.</summary>
    public static ImmutableArray<TestFile> Read(FactoryDefinition factory, string folder)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var root = factory.Folder ?? folder;
        var definitions = factory.ListAll().Select(resource => resource.Origin?.File).ToHashSet(StringComparer.Ordinal);
        var reader = new TestFileReader(factory);
        var files = ImmutableArray.CreateBuilder<TestFile>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (definitions.Contains(name))
            {
                // A folder above a factory may call something else its tests.
                continue;
            }

            var content = File.ReadAllBytes(file);
            var ignored = ImmutableArray.CreateBuilder<Diagnostic>();
            if (LenientJson.Parse(content, file, ignored).Root is System.Text.Json.Nodes.JsonObject json && RecordingFile.IsRecording(json))
            {
                continue;
            }

            files.Add(reader.Read(name, content, Path.GetDirectoryName(file)!));
        }

        return files.ToImmutable();
    }

    /// <summary>A test for each recording: of one file, or of every recording in a folder.</summary>
    /// <exception cref="RecordingException">There is none, or one cannot be read.</exception>
    public static ImmutableArray<TestCase> Replays(FactoryDefinition factory, string path)
    {
        var files = Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray()
            : [path];
        if (files.Length == 0)
        {
            throw new RecordingException($"The folder {path} holds no recording. Record a run with 'auspex run PIPELINE --record {path}'.");
        }

        return [.. files.Select(file => Replay(factory, RecordingFile.Read(file), file))];
    }

    private static TestCase Replay(FactoryDefinition factory, Recording recording, string file) => new()
    {
        Name = $"replay of '{recording.Pipeline}'",
        File = file.Replace('\\', '/'),
        Pipeline = factory.Pipelines.TryGetValue(recording.Pipeline, out var pipeline)
            ? pipeline
            : throw new RecordingException(
                $"The recording {file} is of pipeline '{recording.Pipeline}', which factory '{factory.Name}' does not have.{NearestName.Hint(recording.Pipeline, factory.Pipelines.Keys)}"),
        Parameters = recording.Parameters,
        StartTime = recording.ClockStart,
        Mocks = MockSet.Empty,
        Recording = recording,
        IsReplay = true,
        Expect = new RunExpectations { Status = null },
    };
}
