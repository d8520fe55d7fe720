using System.CommandLine;
using System.Text.Json.Nodes;
using Auspex.Cli.Output;
using Auspex.Errors;
using Auspex.Server;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex up</c>: the server, until it is told to stop.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var urls = new Option<string>("--urls")
        {
            Description = "Addresses to listen on, separated by semicolons (https: with a certificate of our own making).",
            DefaultValueFactory = _ => ServerOptions.DefaultUrls,
        };
        var data = new Option<string>("--data")
        {
            Description = "The data folder.",
            DefaultValueFactory = _ => ".auspex",
        };
        var factory = new Option<DirectoryInfo?>("--factory")
        {
            Description = "The factory's folder, or a single definition's file (default: none).",
        };
        var environment = SharedOptions.Environment();
        var json = SharedOptions.Json();
        var logFormat = new Option<LogFormat>("--log-format") { Description = "How logs are written to standard error: text or json." };
        var command = new Command("up", "Serve web services and run pipelines until stopped.")
        {
            urls, data, factory, environment, json, logFormat,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(factory) is { } folder && !Path.Exists(folder.FullName))
            {
                await Console.Error.WriteLineAsync(
                    $"auspex: --factory {folder}: there is no such folder or file; expected a factory's folder or a definition's file.");
                return ExitCodes.BadDefinition;
            }

            await using var server = await AuspexServer.StartAsync(
                new ServerOptions
                {
                    Urls = parsed.GetRequiredValue(urls),
                    DataFolder = Path.GetFullPath(parsed.GetRequiredValue(data)),
                    FactoryFolder = parsed.GetValue(factory)?.FullName,
                    EnvironmentName = parsed.GetValue(environment),
                    OwnerToken = Environment.GetEnvironmentVariable("AUSPEX_OWNER_TOKEN"),
                    LogFormat = parsed.GetValue(logFormat),
                    CertificatePath = Environment.GetEnvironmentVariable("AUSPEX_CERTIFICATE"),
                    CertificatePassword = Environment.GetEnvironmentVariable("AUSPEX_CERTIFICATE_PASSWORD"),
                },
                cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(new JsonObject
                {
                    ["url"] = server.Url.ToString(),
                    ["httpsUrl"] = server.HttpsUrl?.ToString(),
                    ["workspaceId"] = server.WorkspaceId,
                    ["factoryId"] = server.FactoryId,
                    ["ownerToken"] = server.NewOwnerToken,
                }.ToJsonString());
            }
            else
            {
                Console.WriteLine($"Auspex listens on {string.Join(", ", server.Urls)}");
                Console.WriteLine($"  workspace {server.WorkspaceId}");
                Console.WriteLine($"  factory   {server.FactoryId}");
                if (server.Factory?.Diagnostics.Count(found => found.Severity == DiagnosticSeverity.Error) is > 0 and var errors)
                {
                    Console.WriteLine($"            {Counted.Of(errors, "error")} in its files; 'auspex validate' lists them");
                }

                if (server.NewOwnerToken is { } token)
                {
                    Console.WriteLine($"  owner token, shown this once: {token}");
                }
            }

            await server.WaitForShutdownAsync(cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }
}
