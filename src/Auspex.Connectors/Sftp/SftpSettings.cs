using System.Globalization;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Connectors.Sftp;

/// <summary>How to reach a folder of an SSH server, and how files are put into it. Not a record: nothing may print it.</summary>
public sealed class SftpSettings
{
    /// <summary>The key of the connection string that names an SSH server.</summary>
    public const string ConnectionKey = "Sftp";

    private const int DefaultPort = 22;

    /// <summary>The host's name or address.</summary>
    public required string Host { get; init; }

    /// <summary>The port; 22 when absent.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The user.</summary>
    public required string User { get; init; }

    /// <summary>The password; null for none. A secret.</summary>
    public string? Password { get; init; }

    /// <summary>A private key, as text or in base64; null for none. A secret.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>A file inside the file roots that holds the private key; null for none.</summary>
    public string? PrivateKeyPath { get; init; }

    /// <summary>What the private key is encrypted with; null for nothing. A secret.</summary>
    public string? PassPhrase { get; init; }

    /// <summary>The fingerprint that the server's key must have; null when any is taken.</summary>
    public string? HostKey { get; init; }

    /// <summary>Whether any key of the server is taken. Whoever stands between can then read and change everything.</summary>
    public bool SkipHostKeyValidation { get; init; }

    /// <summary>Where paths begin: <c>/</c> for the server's root; null for the folder that the user is put into.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether files are written beside their place and renamed; default yes. Without it readers see them grow.</summary>
    public bool RenamesTemporaryFile { get; init; } = true;

    /// <summary>The longest that one request may take; null for 10 minutes.</summary>
    public TimeSpan? OperationTimeout { get; init; }

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="BlobStoreException">A part is missing or malformed; the message names the part, not its value.</exception>
    public static SftpSettings Parse(string connectionString)
    {
        var parts = ConnectionText.Read(connectionString, ConnectionKey);
        var port = DefaultPort;
        if (parts.TryGetValue("Port", out var portText)
            && !(int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue))
        {
            throw ConnectionText.Invalid(ConnectionKey, "Port is no number from 1 to 65535");
        }

        var timeout = default(TimeSpan?);
        if (parts.TryGetValue("OperationTimeout", out var timeoutText))
        {
            timeout = TimeSpan.TryParse(timeoutText, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero && span.TotalMilliseconds < int.MaxValue
                ? span
                : throw ConnectionText.Invalid(ConnectionKey, "OperationTimeout is no time span such as 01:00:00");
        }

        return new SftpSettings
        {
            Host = parts.GetValueOrDefault(ConnectionKey, "").Trim() is { Length: > 0 } host
                ? host
                : throw ConnectionText.Invalid(ConnectionKey, "no host is given"),
            Port = port,
            User = parts.GetValueOrDefault("User") ?? throw ConnectionText.Invalid(ConnectionKey, "no User is given"),
            Password = parts.GetValueOrDefault("Password"),
            PrivateKey = parts.GetValueOrDefault("PrivateKey"),
            PrivateKeyPath = parts.GetValueOrDefault("PrivateKeyPath"),
            PassPhrase = parts.GetValueOrDefault("PassPhrase"),
            HostKey = parts.GetValueOrDefault("HostKey"),
            SkipHostKeyValidation = IsTrue(parts.GetValueOrDefault("SkipHostKeyValidation")),
            Folder = parts.GetValueOrDefault("Folder"),
            RenamesTemporaryFile = !"false".Equals(parts.GetValueOrDefault("RenamesTemporaryFile"), StringComparison.OrdinalIgnoreCase),
            OperationTimeout = timeout,
        };
    }

    /// <summary>The connection string that <see cref="Parse"/> reads. A secret.</summary>
    public string ToConnectionString() => ConnectionText.Write(
        (ConnectionKey, Host),
        ("Port", Port.ToString(CultureInfo.InvariantCulture)),
        ("User", User),
        ("Password", Password),
        ("PrivateKey", PrivateKey),
        ("PrivateKeyPath", PrivateKeyPath),
        ("PassPhrase", PassPhrase),
        ("HostKey", HostKey),
        ("SkipHostKeyValidation", SkipHostKeyValidation ? "true" : null),
        ("Folder", Folder),
        ("RenamesTemporaryFile", RenamesTemporaryFile ? null : "false"),
        ("OperationTimeout", OperationTimeout?.ToString("c", CultureInfo.InvariantCulture)));

    /// <summary>What two stores must have in common to share a connection. A secret.</summary>
    internal string ConnectionIdentity() => ConnectionText.Write(
        (ConnectionKey, Host),
        ("Port", Port.ToString(CultureInfo.InvariantCulture)),
        ("User", User),
        ("Password", Password),
        ("PrivateKey", PrivateKey),
        ("PrivateKeyPath", PrivateKeyPath),
        ("PassPhrase", PassPhrase),
        ("HostKey", HostKey),
        ("SkipHostKeyValidation", SkipHostKeyValidation ? "true" : null),
        ("OperationTimeout", OperationTimeout?.ToString("c", CultureInfo.InvariantCulture)));

    private static bool IsTrue(string? text) => "true".Equals(text, StringComparison.OrdinalIgnoreCase);
}
