using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Auspex.Cli.Output;
using Auspex.Cli.Workspace;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Import;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex import</c>: brings a tree model of another make into our own form.</summary>
internal static class ImportCommand
{
    // So many names of a kind are printed; a file may have a million.
    private const int MostShown = 12;

    public static Command Create()
    {
        var source = new Argument<FileInfo>("MODEL")
        {
            Description = "A LightGBM text model, an ONNX tree ensemble, or an XGBoost JSON model.",
        }.AcceptExistingOnly();
        var output = new Option<string>("--output") { Required = true, Description = "The model file to write (.ilearner)." };
        var label = new Option<string>("--label")
        {
            Description = "The name of the column that the model predicts (default: label).",
            DefaultValueFactory = _ => "label",
        };
        var features = new Option<string?>("--features")
        {
            Description = "The names of the columns that it needs, a,b,c, in the model's order (default: the file's own names).",
        };
        var json = SharedOptions.Json();
        var command = new Command("import", "Bring a tree model of LightGBM, ONNX or XGBoost in, to score with it here.")
        {
            source, output, label, features, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = parsed.GetRequiredValue(source);
            ImportedModel imported;
            await using (var stream = file.OpenRead())
            {
                imported = ModelImport.Read(stream, new ModelImportOptions
                {
                    FileName = file.Name,
                    Label = parsed.GetRequiredValue(label),
                    Features = parsed.GetValue(features) is { } names ? [.. names.Split(',')] : default,
                });
            }

            cancellationToken.ThrowIfCancellationRequested();
            await using (var target = new ReplacedFile(parsed.GetRequiredValue(output)))
            {
                ModelContainer.WriteModel(imported.Model, target.Stream);
                target.Commit();
            }

            Show(imported, parsed.GetRequiredValue(output), parsed.GetValue(json));
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Show(ImportedModel imported, string path, bool json)
    {
        var model = imported.Model;
        if (json)
        {
            Console.WriteLine(new JsonObject
            {
                ["format"] = imported.Format,
                ["task"] = model.Task.ToString(),
                ["trees"] = imported.Trees,
                ["leaves"] = imported.Leaves,
                ["features"] = new JsonArray([.. model.Features.Fields.Select(field => JsonValue.Create(field.Name))]),
                ["classes"] = new JsonArray([.. model.Description.Classes.Select(label => JsonValue.Create(label))]),
                ["notes"] = new JsonArray([.. imported.Notes.Select(note => JsonValue.Create(note))]),
            }.ToJsonString());
            return;
        }

        Console.WriteLine($"{imported.Format} -> {path}");
        Console.WriteLine($"  predicts  '{model.Label.Name}' ({model.Task})");
        Console.WriteLine($"  trees     {Counted.Of(imported.Trees, "tree")}, {Counted.Of(imported.Leaves, "leaf", "leaves")}");
        Console.WriteLine("  features  " + Listed([.. model.Features.Fields.Select(field =>
            field.Categories is { } domain ? $"{field.Name} ({Counted.Of(domain.Levels.Length, "category", "categories")})" : field.Name)]));
        if (!model.Description.Classes.IsEmpty)
        {
            Console.WriteLine("  classes   " + Listed(model.Description.Classes));
        }

        foreach (var note in imported.Notes)
        {
            Console.WriteLine("  note      " + note);
        }
    }

    private static string Listed(ImmutableArray<string> names) =>
        $"{names.Length}: {string.Join(", ", names.Take(MostShown))}{(names.Length > MostShown ? ", ..." : "")}";
}
