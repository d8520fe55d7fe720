using System.Text.Json.Nodes;
using Auspex.Cli.Output;
using Auspex.Definitions.Import;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Storage.Definitions;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex import TEMPLATE</c>: makes a git folder of an exported ARM template.</summary>
internal static class ImportTemplate
{
    public static async Task<int> RunAsync(
        string path, string output, FileInfo? parameters, string? environment, bool overwrite, bool json, CancellationToken cancellationToken)
    {
        var files = FactoryFolder.ReadTemplateFiles(path, out var template);
        var values = parameters is null
            ? null
            : new DefinitionFile(parameters.Name, await File.ReadAllBytesAsync(parameters.FullName, cancellationToken));
        if (TemplateImport.Read(files, template, values, out var problem) is not { } imported)
        {
            await Console.Error.WriteLineAsync($"auspex: {path}: {problem}");
            return ExitCodes.BadDefinition;
        }

        var result = FactoryImportWriter.Write(output, imported, environment, overwrite);
        if (json)
        {
            Console.WriteLine(ToJson(imported, result).ToJsonString());
        }
        else
        {
            Show(imported, result, path, output);
        }

        return result.IsRefused || imported.Diagnostics.Any(found => found.Severity == DiagnosticSeverity.Error)
            ? ExitCodes.BadDefinition
            : ExitCodes.Success;
    }

    private static void Show(ImportedFactory imported, ImportResult result, string path, string output)
    {
        DiagnosticLines.Write(Console.Out, imported.Diagnostics);
        if (result.IsRefused)
        {
            foreach (var (file, _) in result.Files.Where(file => file.State == ImportedFileState.Differs))
            {
                Console.WriteLine($"  differs   {file}");
            }

            Console.WriteLine("Nothing was written: these files are there already and say something else. Use --overwrite to replace them, or another --output.");
            return;
        }

        Console.WriteLine($"{path} -> {output}");
        foreach (var kind in imported.Files.GroupBy(file => file.Kind).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"  {kind.Key,-20} {kind.Count()}: {string.Join(", ", kind.Select(file => file.Name).Take(6))}{(kind.Count() > 6 ? ", ..." : "")}");
        }

        Console.WriteLine(
            $"  {Counted.Of(Count(result, ImportedFileState.Written), "file")} written, {Count(result, ImportedFileState.Replaced)} replaced, "
            + $"{Count(result, ImportedFileState.Unchanged)} as they were.");
        foreach (var note in imported.Notes.OrderBy(note => note.Kind))
        {
            Console.WriteLine($"  {Word(note.Kind),-12} {note.Text}");
        }

        foreach (var setting in result.KeptSettings)
        {
            Console.WriteLine($"  kept         The overlay's own value of {setting} was kept; the template has another.");
        }
    }

    private static JsonObject ToJson(ImportedFactory imported, ImportResult result) => new()
    {
        ["factory"] = imported.Name,
        ["written"] = !result.IsRefused,
        ["files"] = new JsonArray([.. result.Files.Select(file => new JsonObject { ["path"] = file.Path, ["state"] = file.State.ToString() })]),
        ["notes"] = new JsonArray([.. imported.Notes.Select(note => new JsonObject
        {
            ["kind"] = note.Kind.ToString(),
            ["name"] = note.Name,
            ["text"] = note.Text,
        })]),
        ["keptSettings"] = new JsonArray([.. result.KeptSettings.Select(setting => JsonValue.Create(setting))]),
        ["diagnostics"] = new JsonArray([.. imported.Diagnostics.Select(found => JsonValue.Create(DiagnosticText.Format(found)))]),
    };

    private static int Count(ImportResult result, ImportedFileState state) => result.Files.Count(file => file.State == state);

    private static string Word(ImportNoteKind kind) => kind switch
    {
        ImportNoteKind.NotBrought => "not brought",
        ImportNoteKind.ValueMissing => "missing",
        ImportNoteKind.SecretLeftOut => "secret",
        _ => "written in",
    };
}
