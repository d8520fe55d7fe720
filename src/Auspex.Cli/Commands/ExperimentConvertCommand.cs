using System.CommandLine;
using System.Text.Json;
using Auspex.Cli.Output;
using Auspex.Cli.Workspace;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Scoring.Files;
using Auspex.Experiments.WebServices;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex experiment convert</c>: makes the predictive experiment, or a retraining web service, of a training experiment.</summary>
internal static class ExperimentConvertCommand
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        var file = ExperimentCommand.File();
        var inputs = ExperimentCommand.Inputs();
        var parameters = ExperimentCommand.Parameters();
        var retraining = new Option<bool>("--retraining")
        {
            Description = "Put web-service ends on the training experiment instead, so that a batch call trains it.",
        };
        var trainer = new Option<string?>("--trainer")
        {
            Description = "The node whose model is to be served; needed when there are several.",
        };
        var name = new Option<string?>("--name") { Description = "The new experiment's name (default: the old one's with [Predictive Exp.] or [Retraining])." };
        var output = new Option<string?>("--output")
        {
            Description = "Where to write the new experiment (default: beside the file, under its name).",
        };
        var data = SharedOptions.Data();
        var command = new Command("convert", "Make a predictive experiment of a training experiment.")
        {
            file, inputs, parameters, retraining, trainer, name, output, data,
        };
        var scripts = ScriptSwitches.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (ExperimentCommand.Pairs(parsed.GetValue(inputs), "--input") is not { } tables
                || ExperimentCommand.Pairs(parsed.GetValue(parameters), "--set") is not { } values)
            {
                return ExitCodes.BadDefinition;
            }

            var path = parsed.GetRequiredValue(file).FullName;
            using var session = WorkspaceSession.Open(path, parsed.GetValue(data), scripts.Read(parsed));
            if (await session.CompileAsync(path, cancellationToken) is not { } experiment)
            {
                return ExitCodes.BadDefinition;
            }

            if (parsed.GetValue(output) is { } wanted)
            {
                await ReplacedFile.ProbeAsync(wanted);
            }

            ConversionResult result;
            if (parsed.GetValue(retraining))
            {
                result = RetrainingConversion.Convert(
                    experiment,
                    parsed.GetValue(trainer),
                    parsed.GetValue(name) ?? $"{experiment.Definition.Name} [Retraining]");
            }
            else
            {
                var run = await session.RunAsync(
                    experiment, tables, values, new ExperimentProgress(TimeProvider.System, quiet: false), cancellationToken);
                if (run.Status != NodeStatus.Finished)
                {
                    return ExitCodes.Failure;
                }

                result = PredictiveConversion.Convert(
                    run,
                    session.Workspace.Catalog,
                    new ConversionOptions { Trainer = parsed.GetValue(trainer), Name = parsed.GetValue(name) });
            }

            DiagnosticLines.Write(Console.Error, result.Diagnostics);
            if (result.Experiment is not { } converted)
            {
                return ExitCodes.BadDefinition;
            }

            await session.Workspace.SaveAsync(result.Assets, cancellationToken);
            foreach (var asset in result.Assets)
            {
                Console.WriteLine($"saved {asset.Asset.Name}");
            }

            var target = parsed.GetValue(output) ?? Path.Combine(
                Path.GetDirectoryName(path)!,
                string.Join('_', converted.Name.Split(Path.GetInvalidFileNameChars())) + ".json");
            await using var replaced = new ReplacedFile(target);
            await JsonSerializer.SerializeAsync(replaced.Stream, converted.Source, Indented, cancellationToken);
            replaced.Commit();
            Console.WriteLine($"wrote {target}");
            return ExitCodes.Success;
        });
        return command;
    }
}
