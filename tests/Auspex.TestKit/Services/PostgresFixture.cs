using System.Globalization;

namespace Auspex.TestKit.Services;

/// <summary>A real PostgreSQL on a free port with a database cluster of its own.</summary>
/// <remarks>The server refuses to run as root, so root starts it as user <c>postgres</c>.</remarks>
public sealed class PostgresFixture : TestService
{
    public const string User = "auspex";
    public const string Password = "a test's password; 'quoted'";
    public const string Database = "postgres";

    private readonly string? _programs = FindPrograms();
    private string? _folder;
    private ServiceProcess? _process;

    public int Port { get; private set; }

    /// <summary>In the form that Import Data and Export Data take.</summary>
    public string Server => string.Create(CultureInfo.InvariantCulture, $"postgres://127.0.0.1:{Port}");

    /// <summary>For Npgsql.</summary>
    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={Port};Database={Database};Username={User};Password=\"{Password}\"");

    protected override string? MissingReason => _programs is null ? "PostgreSQL is not installed." : null;

    private static bool IsRoot => Environment.UserName == "root";

    protected override async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("auspex-postgres-").FullName;
        var data = Path.Combine(_folder, "data");
        var passwordFile = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        if (IsRoot)
        {
            await ServiceProcess.RunAsync("chown", "-R", "postgres", _folder);
        }

        var initdb = AsServerUser("initdb", "-D", data, "-U", User, "--pwfile", passwordFile, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "-N");
        await ServiceProcess.RunAsync(initdb.Program, initdb.Arguments);

        Port = ServiceProcess.FreePort();
        var server = AsServerUser(
            "postgres", "-D", data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-h", "127.0.0.1", "-k", "", "-F",
            "-c", "full_page_writes=off", "-c", "synchronous_commit=off");
        _process = await ServiceProcess.StartAsync(server.Program, server.Arguments, Port);
    }

    protected override async ValueTask StopAsync()
    {
        if (_process is not null)
        {
            // Gives back shared memory, which killing would leave behind.
            var stop = AsServerUser("pg_ctl", "stop", "-m", "immediate", "-D", Path.Combine(_folder!, "data"));
            await ServiceProcess.RunAsync(stop.Program, stop.Arguments);
            await _process.DisposeAsync();
        }

        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private (string Program, string[] Arguments) AsServerUser(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs!, program);
        return IsRoot
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : (path, arguments);
    }

    private static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        var folders = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }
}
