using Renci.SshNet;
using Renci.SshNet.Common;

namespace Auspex.Connectors.Sftp;

/// <summary>A fingerprint of a server's key as people write it: MD5 in hexadecimal or SHA-256 in base64, after the key's algorithm and length or alone.</summary>
internal sealed class SftpHostKey
{
    private const string Sha256Mark = "SHA256:";
    private const string Md5Mark = "MD5:";

    private readonly string _fingerprint;
    private readonly string? _algorithm;
    private readonly bool _isMd5;

    private SftpHostKey(string fingerprint, string? algorithm, bool isMd5) =>
        (_fingerprint, _algorithm, _isMd5) = (fingerprint, algorithm, isMd5);

    /// <summary>Reads a fingerprint such as <c>ssh-rsa 2048 97:70:...:49</c> or <c>SHA256:nThb...</c>; null when it is none.</summary>
    public static SftpHostKey? Parse(string text)
    {
        var words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return null;
        }

        var algorithm = words.Length > 1 ? words[0] : null;
        var last = words[^1];
        if (last.StartsWith(Sha256Mark, StringComparison.OrdinalIgnoreCase))
        {
            return new SftpHostKey(last[Sha256Mark.Length..].TrimEnd('='), algorithm, isMd5: false);
        }

        var hex = (last.StartsWith(Md5Mark, StringComparison.OrdinalIgnoreCase) ? last[Md5Mark.Length..] : last)
            .Replace("-", ":", StringComparison.Ordinal).ToLowerInvariant();
        var bytes = hex.Split(':');
        return bytes.Length == 16 && Array.TrueForAll(bytes, part => part.Length == 2 && part.All(char.IsAsciiHexDigit))
            ? new SftpHostKey(hex, algorithm, isMd5: true)
            : last.Length is 43 or 44 && Convert.TryFromBase64String(last.TrimEnd('=') + "=", new byte[33], out var length) && length == 32
                ? new SftpHostKey(last.TrimEnd('='), algorithm, isMd5: false)
                : null;
    }

    /// <summary>Whether a server's key has the fingerprint.</summary>
    public bool Accepts(HostKeyEventArgs key) => _fingerprint == (_isMd5 ? key.FingerPrintMD5 : key.FingerPrintSHA256.TrimEnd('='));

    /// <summary>Has the server show the key that the fingerprint is of, where it names the algorithm: servers have several.</summary>
    public void Ask(ConnectionInfo connection)
    {
        var wanted = _algorithm?.ToUpperInvariant() switch
        {
            null => null,
            "SSH-RSA" or "RSA" => new[] { "rsa-sha2-512", "rsa-sha2-256", "ssh-rsa" },
            "ED25519" => ["ssh-ed25519"],
            _ => [_algorithm],
        };
        if (wanted is null || !wanted.Any(connection.HostKeyAlgorithms.ContainsKey))
        {
            return;
        }

        foreach (var other in connection.HostKeyAlgorithms.Keys.Where(name => !wanted.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList())
        {
            connection.HostKeyAlgorithms.Remove(other);
        }
    }
}
