using System.Security.Cryptography;
using System.Text;
using Auspex.Errors;
using Microsoft.AspNetCore.DataProtection;

namespace Auspex.Server.Auth;

/// <summary>
/// Encrypts what must be kept but not read: endpoint keys, the bodies of batch jobs, signed addresses. Keys lie in the
/// data folder's <c>keys</c> and are renewed by Data Protection itself; what older keys wrote stays readable.
/// </summary>
/// <remarks>Thread-safe. A purpose keeps a secret of one kind from being passed off as one of another.</remarks>
internal sealed class SecretProtector(IDataProtectionProvider provider)
{
    public string Protect(string purpose, string secret) =>
        Convert.ToBase64String(provider.CreateProtector(purpose).Protect(Encoding.UTF8.GetBytes(secret)));

    /// <exception cref="SecretUnreadableException">The keys that wrote it are gone, or it was tampered with.</exception>
    public string Unprotect(string purpose, string protectedSecret)
    {
        try
        {
            var bytes = Convert.FromBase64String(protectedSecret);
            return Encoding.UTF8.GetString(provider.CreateProtector(purpose).Unprotect(bytes));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw new SecretUnreadableException(purpose, e);
        }
    }

    /// <summary>As <see cref="Protect"/>, in characters that need no escaping in a URL.</summary>
    public string ProtectForUrl(string purpose, string secret) => provider.CreateProtector(purpose).Protect(secret);

    /// <summary>Null when the text is not one that this server signed.</summary>
    public string? TryUnprotectFromUrl(string purpose, string protectedSecret)
    {
        try
        {
            return provider.CreateProtector(purpose).Unprotect(protectedSecret);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }
}

/// <summary>A stored secret that the keys in the data folder cannot read.</summary>
internal sealed class SecretUnreadableException(string purpose, Exception inner) : AuspexException(
    ErrorCode.SecretUnreadable,
    $"A stored secret ({purpose}) cannot be read with the keys in the data folder's 'keys'. Restore the keys that belong to this data folder.",
    inner);
