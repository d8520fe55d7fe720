using System.Globalization;

namespace Auspex.TestKit.Services;

/// <summary>A real MariaDB server on a free port with a data folder of its own.</summary>
/// <remarks>The server refuses to run as root unless it is told that this is meant.</remarks>
public sealed class MariaDbFixture : TestService
{
    public const string User = "auspex";
    public const string Password = "a test's password; \"quoted\"";
    public const string Database = "auspex";

    private const string Server = "/usr/sbin/mariadbd";

    private string? _folder;
    private ServiceProcess? _process;

    public int Port { get; private set; }

    /// <summary>In the form that Import Data and Export Data take.</summary>
    public string ServerName => string.Create(CultureInfo.InvariantCulture, $"mysql://127.0.0.1:{Port}");

    protected override string? MissingReason => File.Exists(Server) ? null : "MariaDB is not installed.";

    protected override async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("auspex-mariadb-").FullName;
        var data = Path.Combine(_folder, "data");
        await ServiceProcess.RunAsync(
            "mariadb-install-db", "--no-defaults", $"--datadir={data}", $"--user={Environment.UserName}", "--auth-root-authentication-method=normal",
            "--skip-test-db");
        var script = Path.Combine(_folder, "users.sql");
        var quoted = Password.Replace("'", "''", StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            script,
            $"CREATE DATABASE {Database};\nCREATE USER '{User}'@'%' IDENTIFIED BY '{quoted}';\n"
            + $"GRANT ALL ON {Database}.* TO '{User}'@'%';\nDROP USER IF EXISTS ''@'localhost';\n");

        Port = ServiceProcess.FreePort();
        _process = await ServiceProcess.StartAsync(
            Server,
            [
                "--no-defaults", $"--datadir={data}", $"--user={Environment.UserName}", $"--init-file={script}", "--bind-address=127.0.0.1",
                $"--port={Port.ToString(CultureInfo.InvariantCulture)}", $"--socket={Path.Combine(_folder, "s")}", $"--pid-file={Path.Combine(_folder, "pid")}",
                "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--character-set-server=latin1",
            ],
            Port);
    }

    protected override async ValueTask StopAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
