using System.CommandLine;
using System.Text.Json.Nodes;
using Auspex.Cli.Client;
using Auspex.Cli.Output;
using Auspex.Cli.Workspace;
using Auspex.Errors;
using Auspex.Experiments.Execution;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex experiment publish</c>: runs an experiment once and makes a web service of it.</summary>
internal static class ExperimentPublishCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE")
        {
            Description = "The experiment's JSON file; or a model by itself (.ilearner, .onnx, LightGBM's .txt), whose columns become the web service's input.",
        }.MustBeFile();
        var inputs = ExperimentCommand.Inputs();
        var parameters = ExperimentCommand.Parameters();
        var name = new Option<string?>("--name") { Description = "The web service's name (default: the experiment's)." };
        var endpoint = new Option<string?>("--endpoint")
        {
            Description = "Also add an endpoint of this name, whose model can be updated (the default endpoint's cannot).",
        };
        var data = SharedOptions.Data();
        var url = SharedOptions.Server();
        var json = SharedOptions.Json();
        var command = new Command("publish", "Publish an experiment, or a model, as a web service.")
        {
            file, inputs, parameters, name, endpoint, data, url, json,
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
            var compiled = ExperimentWorkspace.IsModel(path)
                ? await session.Workspace.CompileModelAsync(path, cancellationToken)
                : await session.CompileAsync(path, cancellationToken);
            if (compiled is not { } experiment)
            {
                return ExitCodes.BadDefinition;
            }

            var run = await session.RunAsync(
                experiment, tables, values, new ExperimentProgress(TimeProvider.System, parsed.GetValue(json)), cancellationToken);
            if (run.Status != NodeStatus.Finished)
            {
                return ExitCodes.Failure;
            }

            var package = await session.Workspace.PackageAsync(run, cancellationToken);
            var hosted = parsed.GetValue(url) is null;
            await using var connection = hosted
                ? await ServerConnection.OpenAsync(session.FactoryFolder, null, session.DataFolder, cancellationToken)
                : null;
            using var remote = hosted
                ? null
                : ServerConnection.FindRunning(session.DataFolder, session.FactoryFolder, null, parsed.GetValue(url))
                    ?? throw new ClientException(ErrorCode.ServerUnreachable, $"No server answers at {parsed.GetValue(url)}.");
            var client = connection?.Client ?? remote!;
            var service = await client.PublishAsync(
                parsed.GetValue(name) ?? run.Experiment.Definition.Name, package, session.Workspace.Artifacts, cancellationToken);
            JsonObject? added = null;
            if (parsed.GetValue(endpoint) is { } endpointName)
            {
                added = await client.AddEndpointAsync(
                    (string)service["workspaceId"]!, (string)service["webServiceId"]!, endpointName, cancellationToken);
            }

            Show(service, added, parsed.GetValue(json));
            if (connection is { IsHosted: true })
            {
                await Console.Error.WriteLineAsync(
                    $"auspex: no server has the data folder {session.DataFolder} open, so one ran for this command alone and ends now. 'auspex up --data \"{session.DataFolder}\"' serves the web service, under its own address.");
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static void Show(JsonObject service, JsonObject? endpoint, bool json)
    {
        if (json)
        {
            service["endpoint"] = endpoint;
            Console.WriteLine(service.ToJsonString());
            return;
        }

        Console.WriteLine($"published {service["name"]}, version {service["version"]}");
        Console.WriteLine($"  request-response  {service["apiLocation"]}/execute?api-version=2.0&details=true");
        Console.WriteLine($"  batch             {service["apiLocation"]}/jobs?api-version=2.0");
        Console.WriteLine($"  key               {service["primaryKey"]}");
        Console.WriteLine($"  help              {service["helpLocation"]}");
        if (endpoint is not null)
        {
            Console.WriteLine($"  endpoint {endpoint["Name"]}: {endpoint["ApiLocation"]}, key {endpoint["PrimaryKey"]}");
        }
    }
}
