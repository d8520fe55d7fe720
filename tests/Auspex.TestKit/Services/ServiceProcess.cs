using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Auspex.TestKit.Services;

/// <summary>A server that a test started: it is ready once its port answers, and is ended with the test.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServiceProcess(Process process) => _process = process;

    /// <summary>A port of the loopback address that nobody listens on just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a program and waits until the port answers.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not answer in time; the message holds what it wrote.</exception>
    public static async Task<ServiceProcess> StartAsync(string program, IEnumerable<string> arguments, int port, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        var service = new ServiceProcess(new Process { StartInfo = start });
        service._process.OutputDataReceived += service.Keep;
        service._process.ErrorDataReceived += service.Keep;
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();

        var started = TimeProvider.System.GetTimestamp();
        while (!await AnswersAsync(port))
        {
            if (service._process.HasExited || TimeProvider.System.GetElapsedTime(started) > StartTimeout)
            {
                var output = service.Output;
                await service.DisposeAsync();
                throw new InvalidOperationException($"'{program}' did not answer on port {port}. It wrote:\n{output}");
            }

            await Task.Delay(PollInterval, TimeProvider.System);
        }

        return service;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it wrote.</exception>
    public static Task RunAsync(string program, params IEnumerable<string> arguments) => ReadAsync(program, arguments);

    /// <summary>Runs a program to its end and gives what it wrote.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it wrote.</exception>
    public static async Task<string> ReadAsync(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{program}' ended with {process.ExitCode}:\n{await output}{await errors}");
        }

        return await output;
    }

    /// <summary>What the program wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
