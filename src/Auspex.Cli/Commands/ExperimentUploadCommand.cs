using System.CommandLine;
using Auspex.Cli.Workspace;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Cli.Commands;

/// <summary>
/// <c>auspex experiment upload</c>: saves a file under a name that experiments can use: a table, a zip archive for scripts, a trained model or a
/// transform.
/// </summary>
internal static class ExperimentUploadCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE")
        {
            Description = $"A table ({TableFiles.Extensions}), a .zip, an .ilearner or an .itransform.",
        }.MustBeFile();
        var name = new Option<string?>("--name") { Description = "The name that experiments use (default: the file's)." };
        var factory = SharedOptions.Factory();
        var data = SharedOptions.Data();
        var command = new Command("upload", "Save a table, a zip archive, a model or a transform for experiments.") { file, name, factory, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file).FullName;
            var folder = parsed.GetRequiredValue(factory).FullName;
            using var session = WorkspaceSession.OpenFolder(
                folder, SharedOptions.DataFolder(folder, parsed.GetValue(data)), ScriptSwitches.ReadEnvironment());
            var asset = await session.Workspace.UploadAsync(path, parsed.GetValue(name) ?? Path.GetFileName(path), cancellationToken);
            Console.WriteLine($"saved {asset.Kind} {asset.Name}");
            return ExitCodes.Success;
        });
        return command;
    }
}
