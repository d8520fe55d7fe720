using System.Globalization;

namespace Auspex.TestKit.Services;

/// <summary>A real OpenSSH server on a free port with keys and a configuration of its own, for whoever runs the tests.</summary>
/// <remarks>
/// Passwords are asked of a file by way of pam_wrapper, since the machine's own are nobody's business.
/// </remarks>
public sealed class SftpFixture : TestService
{
    public const string Password = "only-in-tests";
    public const string PassPhrase = "of the key";

    private const string Server = "/usr/sbin/sshd";

    private readonly string? _wrapper = Find("libpam_wrapper.so");
    private readonly string? _matrix = Find("pam_wrapper/pam_matrix.so");
    private string? _folder;
    private ServiceProcess? _process;

    public int Port { get; private set; }

    public static string User => Environment.UserName;

    /// <summary>The folder that users are put into.</summary>
    public string Home => Path.Combine(_folder!, "home");

    /// <summary>A private key that the server takes, in OpenSSH's form.</summary>
    public string PrivateKeyFile => Path.Combine(_folder!, "user");

    /// <summary>Another, encrypted with <see cref="PassPhrase"/>, in PEM form.</summary>
    public string EncryptedKeyFile => Path.Combine(_folder!, "user_encrypted");

    /// <summary>The fingerprints of the server's keys as ssh-keygen shows them.</summary>
    public async Task<string> FingerprintAsync(string algorithm, string hash = "sha256")
    {
        var shown = await ServiceProcess.ReadAsync("ssh-keygen", "-l", "-E", hash, "-f", Path.Combine(_folder!, "host_" + algorithm));
        var words = shown.Split(' ');
        return $"ssh-{algorithm} {words[0]} {words[1].Replace("MD5:", "", StringComparison.Ordinal)}";
    }

    protected override string? MissingReason =>
        File.Exists(Server) && _wrapper is not null && _matrix is not null ? null : "An OpenSSH server or pam_wrapper is not installed.";

    protected override async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("auspex-sftp-").FullName;
        Directory.CreateDirectory(Home);
        await MakeKeyAsync("host_ed25519", "-t", "ed25519", "-N", "");
        await MakeKeyAsync("host_rsa", "-t", "rsa", "-b", "2048", "-N", "");
        await MakeKeyAsync("user", "-t", "ed25519", "-N", "");
        await MakeKeyAsync("user_encrypted", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", PassPhrase);
        var authorized = Path.Combine(_folder, "authorized");
        await File.WriteAllTextAsync(
            authorized, await File.ReadAllTextAsync(PrivateKeyFile + ".pub") + await File.ReadAllTextAsync(EncryptedKeyFile + ".pub"));

        var pam = Directory.CreateDirectory(Path.Combine(_folder, "pam")).FullName;
        var passwords = Path.Combine(_folder, "passwords");
        await File.WriteAllTextAsync(passwords, $"{User}:{Password}:sshd\n");
        var rules = string.Concat(
            new[] { "auth", "account", "session" }.Select(kind => $"{kind} required {_matrix} passdb={passwords}\n"));
        await File.WriteAllTextAsync(Path.Combine(pam, "sshd"), rules);
        await File.WriteAllTextAsync(Path.Combine(pam, "other"), rules);

        Port = ServiceProcess.FreePort();
        var configuration = Path.Combine(_folder, "sshd_config");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            Port {Port}
            ListenAddress 127.0.0.1
            HostKey {_folder}/host_ed25519
            HostKey {_folder}/host_rsa
            AuthorizedKeysFile {authorized}
            PidFile none
            StrictModes no
            UsePAM yes
            PasswordAuthentication yes
            KbdInteractiveAuthentication no
            PermitRootLogin yes
            MaxStartups 100
            Subsystem sftp internal-sftp
            ForceCommand internal-sftp -d {Home}
            """));
        if (User == "root")
        {
            // Where root's server keeps what it shows to strangers; Debian makes it when it starts its own.
            Directory.CreateDirectory("/run/sshd");
        }

        _process = await ServiceProcess.StartAsync(
            "env",
            [$"LD_PRELOAD={_wrapper}", "PAM_WRAPPER=1", $"PAM_WRAPPER_SERVICE_DIR={pam}", Server, "-D", "-e", "-r", "-f", configuration],
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

    private Task MakeKeyAsync(string name, params string[] arguments) =>
        ServiceProcess.RunAsync("ssh-keygen", ["-q", .. arguments, "-f", Path.Combine(_folder!, name)]);

    private static string? Find(string library)
    {
        const string Libraries = "/usr/lib";
        return Directory.Exists(Libraries)
            ? Directory.GetDirectories(Libraries, "*-linux-gnu").Append(Libraries)
                .Select(folder => Path.Combine(folder, library)).FirstOrDefault(File.Exists)
            : null;
    }
}
