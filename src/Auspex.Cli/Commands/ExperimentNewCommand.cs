using System.Buffers;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Cli.Templates;
using Auspex.Errors;
using Auspex.Experiments.Scoring.Files;
using Auspex.Storage.Definitions;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex experiment new [TEMPLATE] FILE</c>: writes an experiment to begin with, and says how to go on.</summary>
internal static class ExperimentNewCommand
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly SearchValues<char> ToBeQuoted = SearchValues.Create(" []()'&;$=");

    public static Command Create()
    {
        var names = new Argument<string[]>("[TEMPLATE] FILE")
        {
            Description = $"What to begin with ({string.Join(", ", ExperimentTemplate.All.Select(template => template.Name))}; default: blank) and where to write it.",
            Arity = new ArgumentArity(0, 2),
        };
        var list = new Option<bool>("--list") { Description = "Only list the templates." };
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there." };
        var command = new Command("new", "Write an experiment to begin with.") { names, list, force };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(list))
            {
                var width = ExperimentTemplate.All.Max(template => template.Name.Length);
                foreach (var known in ExperimentTemplate.All)
                {
                    Console.WriteLine($"{known.Name.PadRight(width)}  {known.Summary}");
                }

                return ExitCodes.Success;
            }

            string?[] given = [.. parsed.GetValue(names) ?? []];
            var (name, file) = given switch
            {
                [var only] => (ExperimentTemplate.All[0].Name, only),
                [var first, var second] => (first, second),
                _ => (null, null),
            };
            if (name is null || file is null)
            {
                await Console.Error.WriteLineAsync("auspex: name the file to write, such as \"experiment/Car price.json\", and before it a template (--list shows them).");
                return ExitCodes.BadDefinition;
            }

            if (ExperimentTemplate.Find(name) is not { } template)
            {
                var known = ExperimentTemplate.All.Select(some => some.Name).ToList();
                await Console.Error.WriteLineAsync($"auspex: there is no template '{name}'; there are {string.Join(", ", known)}.{NearestName.Hint(name, known)}");
                return ExitCodes.BadDefinition;
            }

            // A template's name alone is more likely a file forgotten than a file so called.
            if (given.Length == 1 && ExperimentTemplate.Find(file) is not null)
            {
                await Console.Error.WriteLineAsync($"auspex: '{file}' is a template; name the file to write behind it, such as \"experiment/{file}.json\".");
                return ExitCodes.BadDefinition;
            }

            if (Directory.Exists(file))
            {
                await Console.Error.WriteLineAsync($"auspex: {file} is a folder; name the file to write, such as \"{Path.Combine(file, name)}.json\".");
                return ExitCodes.BadDefinition;
            }

            var path = Path.HasExtension(file) ? file : file + ".json";
            if (!Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase))
            {
                await Console.Error.WriteLineAsync($"auspex: {path}: experiments are .json files; name it {Path.ChangeExtension(path, ".json")}.");
                return ExitCodes.BadDefinition;
            }

            if (File.Exists(path) && !parsed.GetValue(force))
            {
                await Console.Error.WriteLineAsync($"auspex: {path} is there already; name another file, or replace it with --force.");
                return ExitCodes.BadDefinition;
            }

            var experiment = template.Read(Path.GetFileNameWithoutExtension(path));
            await WriteAsync(path, experiment, cancellationToken);
            Console.WriteLine($"wrote {path}: {experiment["description"]}");
            if (template.NeedsFiles)
            {
                await WriteDataAsync(path, template, cancellationToken);
            }

            ShowWays(path, template, experiment);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task WriteAsync(string path, JsonObject json, CancellationToken cancellationToken)
    {
        await using var file = new ReplacedFile(path);
        await JsonSerializer.SerializeAsync(file.Stream, json, Indented, cancellationToken);
        file.Stream.WriteByte((byte)'\n');
        file.Commit();
    }

    // Beside the folder experiment/, as everywhere; an overlay that is there is its owner's.
    private static async Task WriteDataAsync(string path, ExperimentTemplate template, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var factory = Path.GetFileName(folder).Equals("experiment", StringComparison.OrdinalIgnoreCase) ? Path.GetDirectoryName(folder)! : folder;
        var overlay = Path.Combine(factory, "auspex.json");
        if (!File.Exists(overlay))
        {
            Directory.CreateDirectory(Path.Combine(factory, "data"));
            await WriteAsync(overlay, new JsonObject { ["fileRoots"] = new JsonArray("./data") }, cancellationToken);
            Console.WriteLine($"wrote {Shown(overlay)}: files and databases of experiments lie in ./data");
        }

        // Relative names begin at the first root.
        if (FactoryFolder.Load(factory).Overlay.FileRoots is [var root, ..])
        {
            foreach (var written in await TemplateTables.WriteAsync(template, root, cancellationToken))
            {
                Console.WriteLine($"wrote {Shown(Path.Combine(root, written))}: a few rows to begin with");
            }
        }
        else
        {
            await Console.Error.WriteLineAsync($"auspex: {Shown(overlay)} names no 'fileRoots', so the experiment cannot read its files; add \"fileRoots\": [\"./data\"].");
        }

        static string Shown(string file) => Path.GetRelativePath(Environment.CurrentDirectory, file);
    }

    private static void ShowWays(string path, ExperimentTemplate template, JsonObject experiment)
    {
        var file = Quoted(path);
        var inputs = string.Concat(Names("webServiceInputs").Select(name => $" --input {name}={name}.csv"));
        Console.WriteLine();
        Console.WriteLine("next:");
        Say($"auspex experiment run {file}", template.NeedsFiles ? "runs it with the few rows that came with it" : "runs it with the few rows that it carries");
        Say($"auspex experiment run {file}{inputs}", "with tables of your own");
        if (Names("parameters").FirstOrDefault() is { } parameter)
        {
            Say($"auspex experiment run {file} --set {Quoted($"{parameter}=...")}", $"parameters: {string.Join(", ", Names("parameters"))}");
        }

        if (template.Trainer is { } trainer)
        {
            var predictive = Quoted(Path.Combine(Path.GetDirectoryName(path)!, $"{experiment["name"]} [Predictive Exp.].json"));
            Say($"auspex experiment convert {file}{(trainer.Length > 0 ? $" --trainer {trainer}" : "")}", "trains, and makes the web service's experiment of it");
            Say($"auspex experiment publish {predictive}", "publishes that to a running 'auspex up'");
        }
        else
        {
            Say($"auspex experiment publish {file}", "publishes it to a running 'auspex up'");
        }

        IEnumerable<string> Names(string member) => (experiment[member] as JsonObject ?? []).Select(entry => entry.Key);

        static void Say(string command, string what)
        {
            Console.WriteLine($"  {command}");
            Console.WriteLine($"      {what}");
        }
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAny(ToBeQuoted) ? $"\"{text}\"" : text;
}
