using System.Security.Cryptography;
using System.Text;

namespace Auspex.Server.Auth;

/// <summary>The SHA-256 of a secret of high entropy: what is kept of keys and tokens to recognise them by.</summary>
internal sealed class SecretHash
{
    private readonly byte[] _hash;

    private SecretHash(byte[] hash) => _hash = hash;

    public static SecretHash Of(string secret) => new(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Whether this is the hash of one of two; hashes once, and takes the same time for either.</summary>
    public static bool IsEither(SecretHash one, SecretHash other, string secret)
    {
        const int Longest = 256;
        if (secret.Length > Longest)
        {
            return false;
        }

        Span<byte> text = stackalloc byte[Longest * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(secret, text)], hash);
        return CryptographicOperations.FixedTimeEquals(one._hash, hash) | CryptographicOperations.FixedTimeEquals(other._hash, hash);
    }

    public static SecretHash FromBase64(string hash) => new(Convert.FromBase64String(hash));

    public string ToBase64() => Convert.ToBase64String(_hash);

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public bool Equals(SecretHash other) => CryptographicOperations.FixedTimeEquals(_hash, other._hash);
}
