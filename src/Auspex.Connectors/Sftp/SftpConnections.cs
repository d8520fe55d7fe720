using System.Collections.Concurrent;
using Auspex.Connectors.Files;
using Auspex.Connectors.Http;

namespace Auspex.Connectors.Sftp;

/// <summary>Connections to SSH servers: one for each server and user, shared by all that work there, closed half a minute after the last. Thread-safe.</summary>
internal sealed class SftpConnections(OutboundGate gate, FileRoots roots, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan SweepPause = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, SftpConnection> _connections = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _sweeps = new(StringComparer.Ordinal);

    /// <summary>The clock.</summary>
    public TimeProvider Clock => clock;

    /// <summary>The connection for settings; it is made when it is first used.</summary>
    public SftpConnection Of(SftpSettings settings) => _connections.GetOrAdd(
        settings.ConnectionIdentity(), static (_, state) => new SftpConnection(state.settings, state.gate, state.roots, state.clock), (settings, gate, roots, clock));

    /// <summary>Whether a folder should be looked through for what uploads left behind; once an hour.</summary>
    public bool IsSweepDue(string server, string folder)
    {
        const int MostFoldersRemembered = 10_000;
        var key = server + "\n" + folder;
        var now = clock.GetUtcNow();
        if (_sweeps.TryGetValue(key, out var last) && now - last < SweepPause)
        {
            return false;
        }

        if (_sweeps.Count >= MostFoldersRemembered)
        {
            _sweeps.Clear();
        }

        _sweeps[key] = now;
        return true;
    }

    public void Dispose()
    {
        foreach (var connection in _connections.Values)
        {
            connection.Dispose();
        }
    }
}
