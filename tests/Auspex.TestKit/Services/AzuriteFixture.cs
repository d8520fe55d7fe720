namespace Auspex.TestKit.Services;

/// <summary>A real Azurite blob service on a free port, in memory.</summary>
public sealed class AzuriteFixture : TestService
{
    // The emulator's published account, the same on every machine.
    public const string Account = "devstoreaccount1";
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly string _program =
        Path.Combine(RepositoryRoot(), "tests", "node", "node_modules", "azurite", "dist", "src", "blob", "main.js");

    private ServiceProcess? _process;

    public int Port { get; private set; }

    /// <summary>The blob service's address, with a slash at its end.</summary>
    public string Endpoint => $"http://127.0.0.1:{Port}/{Account}/";

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={Endpoint};";

    protected override string? MissingReason => File.Exists(_program) ? null : "Azurite is not installed.";

    protected override async Task StartAsync()
    {
        Port = ServiceProcess.FreePort();
        _process = await ServiceProcess.StartAsync(
            "node",
            [
                _program, "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent",
                "--blobHost", "127.0.0.1", "--blobPort", Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ],
            Port);
    }

    protected override ValueTask StopAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
