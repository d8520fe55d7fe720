using System.Text;
using Auspex.Definitions;
using Auspex.Engine.Runs;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Cli.Testing.Recordings;

/// <summary>Where a run that is about to start will be recorded.</summary>
/// <param name="target">A file, or a folder that gets a file per run.</param>
/// <param name="factory">The factory.</param>
/// <param name="pipeline">The pipeline.</param>
/// <param name="arguments">The arguments as given, whose secure ones must not be kept.</param>
internal sealed class RunRecording(
    string target, FactoryDefinition factory, PipelineDefinition pipeline, IReadOnlyDictionary<string, string> arguments)
{
    public async Task WriteAsync(IPipelineRuns runs, RunId run, CancellationToken cancellationToken)
    {
        var secrets = pipeline.Parameters
            .Where(parameter => parameter.Type.Equals("SecureString", StringComparison.OrdinalIgnoreCase))
            .Select(parameter => arguments.FirstOrDefault(
                given => given.Key.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase)).Value ?? parameter.DefaultValue.AsText())
            .OfType<string>()
            .ToArray();
        var recording = await new RunRecorder(runs, factory).RecordAsync(run, secrets, cancellationToken);
        var file = FileOf(run.Value);
        await using (var replaced = new ReplacedFile(file))
        {
            await replaced.Stream.WriteAsync(Encoding.UTF8.GetBytes(RecordingFile.Write(recording)), cancellationToken);
            replaced.Commit();
        }

        await Console.Error.WriteLineAsync($"auspex: recorded in {file}.");
        if (!recording.NotKept.IsEmpty)
        {
            await Console.Error.WriteLineAsync($"auspex: the recording does not hold {string.Join(", ", recording.NotKept)}.");
        }
    }

    private string FileOf(string runId)
    {
        var path = Path.GetFullPath(target);
        return Directory.Exists(path) || Path.EndsInDirectorySeparator(target) || !Path.HasExtension(target)
            ? Path.Combine(path, $"{string.Concat(pipeline.Name.Split(Path.GetInvalidFileNameChars()))}-{runId}.json")
            : path;
    }
}
