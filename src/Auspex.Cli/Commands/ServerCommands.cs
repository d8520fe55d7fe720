using System.CommandLine;
using Auspex.Cli.Client;
using Auspex.Errors;

namespace Auspex.Cli.Commands;

/// <summary>What commands have in common that talk to a running server.</summary>
internal static class ServerCommands
{
    /// <summary>Adds the options that say which server, and runs the action with a client of it.</summary>
    public static Command Connect(
        Command command,
        Func<AuspexClient, ParseResult, CancellationToken, Task<int>> action)
    {
        var factory = SharedOptions.Factory();
        var environment = SharedOptions.Environment();
        var data = SharedOptions.Data();
        var url = SharedOptions.Server();
        command.Add(factory);
        command.Add(environment);
        command.Add(data);
        command.Add(url);
        command.Add(SharedOptions.Json());
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = parsed.GetRequiredValue(factory).FullName;
            var dataFolder = SharedOptions.DataFolder(folder, parsed.GetValue(data));
            using var client = ServerConnection.FindRunning(
                dataFolder, folder, parsed.GetValue(environment), parsed.GetValue(url))
                ?? throw new ClientException(
                    ErrorCode.ServerUnreachable,
                    $"No server has the data folder {dataFolder}. Start one with 'auspex up --data {dataFolder}', or give an address with --url.");
            return await action(client, parsed, cancellationToken);
        });
        return command;
    }
}
