using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Auspex.Definitions.Import;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex import</c>: brings what another make or another place exported into our own form.</summary>
internal static class ImportCommand
{
    // A model may have hundreds of MB; whether a file is a template shows in its first few.
    private const long LargestTemplate = 64L << 20;

    public static Command Create()
    {
        var source = new Argument<string>("FILE")
        {
            Description = "An ARM template of a factory or workspace (or the folder of an export), a New web-service definition or an experiment graph of Studio, a LightGBM text model, an ONNX model, or an XGBoost JSON model.",
        };
        source.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: var path }] && !File.Exists(path) && !Directory.Exists(path))
            {
                result.AddError($"There is no file or folder '{path}'.");
            }
        });
        var output = new Option<string>("--output")
        {
            Required = true,
            Description = "The model file to write (.ilearner), the folder that becomes the factory, or the experiment's file (.json) or folder.",
        };
        var label = new Option<string>("--label")
        {
            Description = "Models: the name of the column that the model predicts (default: label).",
            DefaultValueFactory = _ => "label",
        };
        var features = new Option<string?>("--features")
        {
            Description = "Models: the names of the columns that it needs, a,b,c, in the model's order (default: the file's own names).",
        };
        var background = new Option<FileInfo>("--background")
        {
            Description = $"Models: rows to measure reasons against ({TableFiles.Extensions}), where the file does not count its training rows, as ONNX.",
        }.MustBeFile();
        var parameters = new Option<FileInfo>("--parameters")
        {
            Description = "Templates: the parameters file (default: the one beside the template).",
        }.MustBeFile();
        var environment = new Option<string?>("--env") { Description = "Templates: write the settings to auspex.NAME.json instead of auspex.json." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Templates and experiments: replace definitions in the folder that say something else." };
        var json = SharedOptions.Json();
        var command = new Command("import", "Bring an exported factory, experiment or web service, or a model of LightGBM, ONNX or XGBoost in.")
        {
            source, output, label, features, background, parameters, environment, overwrite, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(source);
            if (FindExperiments(path, parsed.GetValue(parameters)) is { IsEmpty: false } experiments)
            {
                return ImportExperiment.RunAsync(
                    new FileInfo(path), experiments, parsed.GetRequiredValue(output), parsed.GetValue(overwrite), parsed.GetValue(json), cancellationToken);
            }

            return IsTemplate(path)
                ? ImportTemplate.RunAsync(
                    path, parsed.GetRequiredValue(output), parsed.GetValue(parameters), parsed.GetValue(environment), parsed.GetValue(overwrite), parsed.GetValue(json), cancellationToken)
                : ImportModel.RunAsync(
                    new FileInfo(path),
                    parsed.GetRequiredValue(output),
                    parsed.GetRequiredValue(label),
                    parsed.GetValue(features),
                    parsed.GetValue(background),
                    parsed.GetValue(json),
                    cancellationToken);
        });
        return command;
    }

    private static ImmutableArray<JsonObject> FindExperiments(string path, FileInfo? parameters) =>
        !Directory.Exists(path)
        && Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)
        && new FileInfo(path).Length <= LargestTemplate
            ? ImportExperiment.Find(File.ReadAllBytes(path), parameters is null ? null : ImportExperiment.ReadObject(File.ReadAllBytes(parameters.FullName)))
            : [];

    private static bool IsTemplate(string path)
    {
        if (Directory.Exists(path))
        {
            return true;
        }

        var file = new FileInfo(path);
        return file.Length <= LargestTemplate
            && file.Extension.Equals(".json", StringComparison.OrdinalIgnoreCase)
            && TemplateImport.IsTemplate(File.ReadAllBytes(path));
    }
}
