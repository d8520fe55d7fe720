using System.Diagnostics;
using System.Globalization;

namespace Auspex.TestKit.Services;

/// <summary>The S3 of moto, a program that imitates Amazon's services, on a free port and in memory.</summary>
/// <remarks>It is a Python package that no Debian package brings: where it is not there, the tests are skipped, under CI too.</remarks>
public sealed class S3Fixture : TestService
{
    // Anything will do: moto looks at no signature.
    public const string AccessKeyId = "tester";
    public const string SecretAccessKey = "a test's key; \"quoted\"";

    private readonly Lazy<bool> _isInstalled = new(IsInstalled);
    private ServiceProcess? _process;

    public int Port { get; private set; }

    /// <summary>The service's address.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    protected override bool IsOptional => true;

    protected override string? MissingReason => _isInstalled.Value ? null : "moto, with its server, is not installed for python3.";

    protected override async Task StartAsync()
    {
        Port = ServiceProcess.FreePort();
        _process = await ServiceProcess.StartAsync(
            "python3", ["-m", "moto.server", "-H", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture)], Port);
    }

    protected override ValueTask StopAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static bool IsInstalled()
    {
        try
        {
            var start = new ProcessStartInfo("python3", ["-c", "import moto.server, flask"]) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
