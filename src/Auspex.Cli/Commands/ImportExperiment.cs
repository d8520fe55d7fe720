using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Cli.Output;
using Auspex.Definitions.Import;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Import;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex import EXPERIMENT</c>: makes experiments of New web-service definitions and of graphs that Studio exported.</summary>
internal static class ImportExperiment
{
    private enum Outcome
    {
        Written,
        Unchanged,
        Refused,
    }

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The experiments in a file, each the JSON that stands for one; empty when it is none of these files.</summary>
    /// <param name="content">The file.</param>
    /// <param name="values">The parameters file of a template; null for none.</param>
    public static ImmutableArray<JsonObject> Find(byte[] content, JsonObject? values)
    {
        if (ReadObject(content) is not { } root)
        {
            return [];
        }

        if (ServiceDefinitionImport.IsDefinition(root) || StudioGraphImport.IsGraph(root))
        {
            return [root];
        }

        // A template that deploys web services has them among its resources.
        return
        [
            .. TemplateImport.FindResources(root, values, "Microsoft.MachineLearning/webServices").Where(ServiceDefinitionImport.IsDefinition),
        ];
    }

    /// <summary>The object in a file; null where it holds something else.</summary>
    public static JsonObject? ReadObject(byte[] content) =>
        LenientJson.Parse(content, null, ImmutableArray.CreateBuilder<Diagnostic>()).Root as JsonObject;

    public static async Task<int> RunAsync(
        FileInfo file, ImmutableArray<JsonObject> found, string output, bool overwrite, bool json, CancellationToken cancellationToken)
    {
        var catalog = ModuleCatalog.CreateDefault();
        var isFile = output.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        if (isFile && found.Length > 1)
        {
            await Console.Error.WriteLineAsync($"auspex: {file}: it holds {found.Length} web services; give a folder as --output.");
            return ExitCodes.BadDefinition;
        }

        var unnamed = Path.GetFileNameWithoutExtension(file.Name);
        var results = new JsonArray();
        var code = ExitCodes.Success;
        foreach (var source in found)
        {
            ImportedExperiment imported;
            try
            {
                imported = ServiceDefinitionImport.IsDefinition(source)
                    ? ServiceDefinitionImport.Read(source, null, catalog, unnamed)
                    : StudioGraphImport.Read(source, null, catalog, unnamed: unnamed);
            }
            catch (ExperimentImportException e)
            {
                await Console.Error.WriteLineAsync($"auspex: {file}: {e.Message}");
                return ExitCodes.BadDefinition;
            }

            var path = isFile ? output : Path.Combine(output, "experiment", FileName(imported.Definition.Name));
            var text = imported.Definition.Source.ToJsonString(Indented) + "\n";
            var outcome = !File.Exists(path) ? Outcome.Written
                : await File.ReadAllTextAsync(path, cancellationToken) == text ? Outcome.Unchanged
                : overwrite ? Outcome.Written : Outcome.Refused;
            if (outcome == Outcome.Written)
            {
                await using var target = new ReplacedFile(path);
                await target.Stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
                target.Commit();
            }
            else if (outcome == Outcome.Refused)
            {
                code = ExitCodes.BadDefinition;
            }

            var problems = imported.Unknown.IsEmpty ? ExperimentCompiler.Compile(imported.Definition, catalog).Diagnostics : [];
            results.Add((JsonNode)ToJson(imported, path, outcome, problems));
            if (!json)
            {
                Show(imported, path, outcome, problems);
            }
        }

        if (json)
        {
            Console.WriteLine(results.ToJsonString());
        }

        return code;
    }

    private static void Show(ImportedExperiment imported, string path, Outcome outcome, ImmutableArray<Diagnostic> problems)
    {
        var definition = imported.Definition;
        Console.WriteLine(outcome switch
        {
            Outcome.Written => $"{definition.Name} -> {path}: {Counted.Of(definition.Nodes.Length, "node")}, {Counted.Of(imported.Unknown.Length, "unknown module")}",
            Outcome.Unchanged => $"{definition.Name} -> {path}: unchanged",
            _ => $"{path} is there already and says something else. Nothing was written; use --overwrite to replace it, or another --output.",
        });
        foreach (var unknown in imported.Unknown)
        {
            Console.WriteLine($"  unknown      {unknown}");
        }

        foreach (var resource in imported.Resources)
        {
            Console.WriteLine($"  asset        {resource} is not in the file; {(resource.Uri is { } uri ? $"it lies at {uri.Split('?')[0]}" : $"save one of that name: auspex experiment upload FILE --name \"{resource.Asset.Name}\"")}.");
        }

        foreach (var note in imported.Notes)
        {
            Console.WriteLine($"  note         {note}");
        }

        DiagnosticLines.Write(Console.Out, problems);
    }

    private static JsonObject ToJson(ImportedExperiment imported, string path, Outcome outcome, ImmutableArray<Diagnostic> problems) => new()
    {
        ["experiment"] = imported.Definition.Name,
        ["path"] = path,
        ["written"] = outcome == Outcome.Written,
        ["unchanged"] = outcome == Outcome.Unchanged,
        ["unknownModules"] = new JsonArray([.. imported.Unknown.Select(unknown => new JsonObject
        {
            ["node"] = unknown.Node,
            ["module"] = unknown.Name,
            ["familyId"] = unknown.FamilyId,
        })]),
        ["assets"] = new JsonArray([.. imported.Resources.Select(resource => new JsonObject
        {
            ["kind"] = resource.Asset.Kind.ToString(),
            ["name"] = resource.Asset.Name,
            ["location"] = resource.Uri?.Split('?')[0],
        })]),
        ["notes"] = new JsonArray([.. imported.Notes.Select(note => JsonValue.Create(note))]),
        ["diagnostics"] = new JsonArray([.. problems.Select(found => JsonValue.Create(DiagnosticText.Format(found)))]),
    };

    private static string FileName(string name) =>
        string.Concat(name.Select(character => char.IsLetterOrDigit(character) || character is ' ' or '-' or '_' or '.' ? character : '_')).Trim('.', ' ') is { Length: > 0 } plain
            ? plain + ".json"
            : "imported.json";
}
