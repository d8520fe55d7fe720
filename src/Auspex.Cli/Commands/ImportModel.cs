using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Cli.Output;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Import;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex import MODEL</c>: brings a model of another make into our own form.</summary>
internal static class ImportModel
{
    // So many names of a kind are printed; a file may have a million.
    private const int MostShown = 12;

    public static async Task<int> RunAsync(
        FileInfo file, string output, string label, string? features, FileInfo? background, bool json, CancellationToken cancellationToken)
    {
        ImportedModel imported;
        await using (var stream = file.OpenRead())
        {
            imported = ModelImport.Read(stream, new ModelImportOptions
            {
                FileName = file.Name,
                Label = label,
                Features = features is { } names ? [.. names.Split(',')] : default,
            });
        }

        if (background is not null)
        {
            var rows = await TableFiles.ReadAsync(background.FullName, cancellationToken);
            imported = imported with { Model = imported.Model.WithBackground(rows) };
        }

        cancellationToken.ThrowIfCancellationRequested();
        await using (var target = new ReplacedFile(output))
        {
            ModelContainer.WriteModel(imported.Model, target.Stream);
            target.Commit();
        }

        Show(imported, output, json);
        return ExitCodes.Success;
    }

    private static void Show(ImportedModel imported, string path, bool json)
    {
        var model = imported.Model;
        if (json)
        {
            Console.WriteLine(new JsonObject
            {
                ["format"] = imported.Format,
                ["scoredBy"] = imported.ScoredBy,
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
        Console.WriteLine($"  scored by {imported.ScoredBy}");
        if (imported.Trees > 0)
        {
            Console.WriteLine($"  trees     {Counted.Of(imported.Trees, "tree")}, {Counted.Of(imported.Leaves, "leaf", "leaves")}");
        }

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
