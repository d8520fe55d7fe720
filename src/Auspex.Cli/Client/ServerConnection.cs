using Auspex.Cli.Commands;
using Auspex.Engine.Runs;
using Auspex.Server;
using Auspex.Storage.Definitions;
using Auspex.Storage.Files;

namespace Auspex.Cli.Client;

/// <summary>A server to work with: the one that owns the data folder, or one hosted in this process for the time of a command.</summary>
internal sealed class ServerConnection : IAsyncDisposable
{
    // Another process starts within a second or two; one that ends may wait for what it is doing.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly AuspexServer? _hosted;

    private ServerConnection(AuspexClient client, AuspexServer? hosted)
    {
        Client = client;
        _hosted = hosted;
    }

    /// <summary>Speaks to the server.</summary>
    public AuspexClient Client { get; }

    /// <summary>Whether the server lives in this process, and ends with the command.</summary>
    public bool IsHosted => _hosted is not null;

    /// <summary>The runs of the server in this process; null when another process has it.</summary>
    public IPipelineRuns? HostedRuns => _hosted?.Runs;

    /// <summary>Connects to the server that owns the data folder, or hosts one on a free loopback port.</summary>
    /// <exception cref="DataFolderInUseException">Another process has the folder and, after some patience, still serves nothing.</exception>
    public static async Task<ServerConnection> OpenAsync(
        string factoryFolder,
        string? environment,
        string? dataFolder,
        CancellationToken cancellationToken)
    {
        var data = SharedOptions.DataFolder(factoryFolder, dataFolder);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return FindRunning(data, factoryFolder, environment) is { } running
                    ? new ServerConnection(running, hosted: null)
                    : await HostAsync(factoryFolder, environment, data, cancellationToken);
            }
            catch (DataFolderInUseException) when (TimeProvider.System.GetElapsedTime(started) < Patience)
            {
                // Its owner is just starting or just ending: soon it says where it listens, or the folder is free.
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
            }
        }
    }

    private static async Task<ServerConnection> HostAsync(
        string factoryFolder, string? environment, string data, CancellationToken cancellationToken)
    {
        var server = await AuspexServer.StartAsync(
            new ServerOptions
            {
                Urls = "http://127.0.0.1:0",
                DataFolder = data,
                FactoryFolder = Path.GetFullPath(factoryFolder),
                EnvironmentName = environment,
                LogLevel = LogLevel.Warning,
                RunsTriggers = false,
            },
            cancellationToken);
        return new ServerConnection(new AuspexClient(server.Url, server.FactoryName, server.SessionOwnerToken), server);
    }

    /// <summary>Connects to a running server: the one at an address, or the one that owns the data folder; null when none does.</summary>
    public static AuspexClient? FindRunning(string dataFolder, string factoryFolder, string? environment, string? url = null)
    {
        var owner = url is null ? DataFolder.FindOwner(dataFolder)?.Url : new Uri(url);
        if (owner is null)
        {
            return null;
        }

        var factory = Path.Exists(factoryFolder) ? FactoryFolder.Load(factoryFolder, environment).Name : "auspex";
        return new AuspexClient(owner, factory, FindToken(dataFolder));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_hosted is not null)
        {
            await _hosted.DisposeAsync();
        }
    }

    // The server leaves a token where only this user can read it; a token of another server comes from the environment.
    private static string FindToken(string dataFolder)
    {
        var file = Path.Combine(dataFolder, "keys", "session.token");
        return Environment.GetEnvironmentVariable("AUSPEX_OWNER_TOKEN")
            ?? (File.Exists(file) ? File.ReadAllText(file).Trim() : "");
    }
}
