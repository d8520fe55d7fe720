using Xunit;

namespace Auspex.TestKit.Services;

/// <summary>A real server for tests, started when the first test needs it and ended with the test run.</summary>
public abstract class TestService : IAsyncDisposable
{
    private readonly Lazy<Task> _started;

    protected TestService() => _started = new Lazy<Task>(StartAsync);

    /// <summary>Why the server cannot be started here; null when it can.</summary>
    protected abstract string? MissingReason { get; }

    /// <summary>Whether the tests may be skipped under <c>CI=true</c> too, since the install script cannot bring the server.</summary>
    protected virtual bool IsOptional => false;

    /// <summary>Starts the server if need be. Skips the test where the server is not installed, except under <c>CI=true</c>, where it fails.</summary>
    public async Task EnsureStartedAsync()
    {
        if (MissingReason is { } reason)
        {
            Assert.SkipUnless(
                !IsOptional && Environment.GetEnvironmentVariable("CI") == "true", $"{reason} Run eng/install-test-services.sh to install it.");
            throw new InvalidOperationException($"{reason} CI may not skip; run eng/install-test-services.sh first.");
        }

        await _started.Value;
    }

    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated)
        {
            await StopAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected abstract Task StartAsync();

    protected abstract ValueTask StopAsync();

    /// <summary>The checkout that the tests were built from.</summary>
    protected static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Auspex.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Auspex.slnx above {AppContext.BaseDirectory}.");
    }
}
