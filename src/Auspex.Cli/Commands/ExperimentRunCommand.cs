using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Cli.Output;
using Auspex.Cli.Workspace;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;

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
            Description = "NAME=FILE: where to write a web-service output (.csv, .tsv, .ilearner or .itransform).",
        };
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("run", "Run an experiment.") { file, inputs, parameters, outputs, data, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (ExperimentCommand.Pairs(parsed.GetValue(inputs), "--input") is not { } tables
                || ExperimentCommand.Pairs(parsed.GetValue(parameters), "--set") is not { } values
                || ExperimentCommand.Pairs(parsed.GetValue(outputs), "--output") is not { } targets)
            {
                return ExitCodes.BadDefinition;
            }

            var path = parsed.GetRequiredValue(file).FullName;
            using var session = WorkspaceSession.Open(path, parsed.GetValue(data));
            var progress = new ExperimentProgress(TimeProvider.System, quiet: parsed.GetValue(json));
            var run = await session.RunAsync(path, tables, values, progress, cancellationToken);
            if (run is null)
            {
                return ExitCodes.BadDefinition;
            }

            await WriteOutputsAsync(run, targets, cancellationToken);
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

    private static async Task WriteOutputsAsync(
        ExperimentRunResult run,
        IReadOnlyDictionary<string, string> targets,
        CancellationToken cancellationToken)
    {
        foreach (var (name, path) in targets)
        {
            var output = run.Experiment.ServiceOutputs.FirstOrDefault(output => output.Name == name);
            if (output is null)
            {
                var known = string.Join(", ", run.Experiment.ServiceOutputs.Select(one => one.Name));
                await Console.Error.WriteLineAsync(
                    $"auspex: there is no web-service output '{name}'; the experiment has {(known.Length == 0 ? "none" : known)}.");
            }
            else if (run.Find(output.Source) is { } value)
            {
                await ExperimentWorkspace.WriteAsync(value, path, cancellationToken);
                Console.WriteLine($"{name} -> {path}");
            }
        }
    }

    private static void ShowOutputs(ExperimentRunResult run)
    {
        foreach (var output in run.Experiment.ServiceOutputs)
        {
            if (run.Find(output.Source) is TableValue { Table: var table })
            {
                Console.WriteLine();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{output.Name}: {table.RowCount:N0} {(table.RowCount == 1 ? "row" : "rows")}"));
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
