using System.CommandLine;
using System.Text.Json.Nodes;
using Auspex.Cli.Output;
using Auspex.Cli.Workspace;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Reports;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex experiment run</c>: runs every module whose result is not known yet, and shows what came out.</summary>
internal static class ExperimentRunCommand
{
    public static Command Create()
    {
        var file = ExperimentCommand.File();
        var inputs = ExperimentCommand.Inputs();
        var parameters = ExperimentCommand.Parameters();
        var outputs = new Option<string[]>("--output")
        {
            Description = $"NAME=FILE: where to write a web-service output: a table ({TableFiles.Extensions}), an .ilearner or an .itransform.",
        };
        var report = new Option<FileInfo?>("--report")
        {
            Description = "Where to write a page with evaluations, columns and logs: one HTML file.",
        };
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("run", "Run an experiment.") { file, inputs, parameters, outputs, report, data, json };
        var scripts = ScriptSwitches.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (ExperimentCommand.Pairs(parsed.GetValue(inputs), "--input") is not { } tables
                || ExperimentCommand.Pairs(parsed.GetValue(parameters), "--set") is not { } values
                || ExperimentCommand.Pairs(parsed.GetValue(outputs), "--output") is not { } targets)
            {
                return ExitCodes.BadDefinition;
            }

            var path = parsed.GetRequiredValue(file).FullName;
            using var session = WorkspaceSession.Open(path, parsed.GetValue(data), scripts.Read(parsed));
            if (await session.CompileAsync(path, cancellationToken) is not { } experiment
                || !KnowsAll(experiment, targets.Keys))
            {
                return ExitCodes.BadDefinition;
            }

            foreach (var target in targets.Values.Concat(parsed.GetValue(report) is { } wanted ? [wanted.FullName] : []))
            {
                await ReplacedFile.ProbeAsync(target);
            }

            var progress = new ExperimentProgress(TimeProvider.System, quiet: parsed.GetValue(json));
            var run = await session.RunAsync(experiment, tables, values, progress, cancellationToken);
            await WriteOutputsAsync(run, targets, quiet: parsed.GetValue(json), cancellationToken);
            if (parsed.GetValue(report) is { } page)
            {
                await WriteReportAsync(run, page.FullName, quiet: parsed.GetValue(json), cancellationToken);
            }

            if (parsed.GetValue(json))
            {
                Console.WriteLine(ToJson(run).ToJsonString());
            }
            else
            {
                ShowOutputs(run);
            }

            return run.Status == NodeStatus.Finished ? ExitCodes.Success
                : run.Status == NodeStatus.Canceled ? ExitCodes.Canceled
                : ExitCodes.Failure;
        });
        return command;
    }

    // Found out before the run: training for an hour and then not knowing where to is no service.
    private static bool KnowsAll(CompiledExperiment experiment, IEnumerable<string> outputs)
    {
        var known = experiment.ServiceOutputs.Select(output => output.Name).ToList();
        var unknown = outputs.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal));
        if (unknown is not null)
        {
            Console.Error.WriteLine(
                $"auspex: there is no web-service output '{unknown}'; the experiment has "
                + (known.Count == 0 ? "none." : $"{string.Join(", ", known)}. Names are case-sensitive."));
        }

        return unknown is null;
    }

    private static async Task WriteOutputsAsync(
        ExperimentRunResult run,
        IReadOnlyDictionary<string, string> targets,
        bool quiet,
        CancellationToken cancellationToken)
    {
        foreach (var (name, path) in targets)
        {
            if (run.Find(run.Experiment.ServiceOutputs.First(output => output.Name == name).Source) is { } value)
            {
                await ExperimentWorkspace.WriteAsync(value, path, cancellationToken);
                if (!quiet)
                {
                    Console.WriteLine($"{name} -> {path}");
                }
            }
        }
    }

    private static async Task WriteReportAsync(ExperimentRunResult run, string path, bool quiet, CancellationToken cancellationToken)
    {
        await using var file = new ReplacedFile(path);
        await file.Stream.WriteAsync(RunReport.ToHtml(run), cancellationToken);
        file.Commit();
        if (!quiet)
        {
            Console.WriteLine($"report -> {path}");
        }
    }

    private static void ShowOutputs(ExperimentRunResult run)
    {
        foreach (var output in run.Experiment.ServiceOutputs)
        {
            if (run.Find(output.Source) is TableValue { Table: var table })
            {
                Console.WriteLine();
                Console.WriteLine($"{output.Name}: {Counted.Of(table.RowCount, "row")}");
                TableView.Write(Console.Out, table, rows: 10);
            }
        }
    }

    private static JsonObject ToJson(ExperimentRunResult run)
    {
        var nodes = new JsonArray();
        foreach (var node in run.Nodes)
        {
            nodes.Add(new JsonObject
            {
                ["node"] = node.Node,
                ["module"] = node.Module,
                ["status"] = node.Status.ToString(),
                ["given"] = node.IsGiven,
                ["fromCache"] = node.IsFromCache,
                ["seconds"] = Math.Round(node.Elapsed.TotalSeconds, 3),
                ["error"] = node.Error?.Message,
            });
        }

        var outputs = new JsonObject();
        foreach (var output in run.Experiment.ServiceOutputs)
        {
            if (run.Find(output.Source) is TableValue { Table: var table })
            {
                outputs[output.Name] = new JsonObject { ["rows"] = table.RowCount, ["firstRow"] = TableView.FirstRow(table) };
            }
        }

        return new JsonObject { ["status"] = run.Status.ToString(), ["nodes"] = nodes, ["outputs"] = outputs };
    }
}
