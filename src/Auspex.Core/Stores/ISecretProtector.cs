namespace Auspex.Stores;

/// <summary>Encrypts what may lie on disk only so: SecureString values, secure inputs and outputs, keys.</summary>
/// <remarks>Thread-safe. What one process protected, a later process on the same data folder reveals.</remarks>
public interface ISecretProtector
{
    /// <summary>Encrypts and authenticates.</summary>
    byte[] Protect(ReadOnlySpan<byte> plain);

    /// <summary>Reveals what <see cref="Protect"/> returned.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">
    /// The bytes were changed, or the key that protected them is gone.
    /// </exception>
    byte[] Unprotect(ReadOnlySpan<byte> cipher);
}
