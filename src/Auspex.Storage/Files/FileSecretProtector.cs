using System.Security.Cryptography;
using Auspex.Errors;
using Auspex.Stores;

namespace Auspex.Storage.Files;

/// <summary>Protects secrets with a key in the data folder: AES-256-GCM, the key readable by this user alone.</summary>
/// <remarks>
/// For processes without ASP.NET Core's Data Protection. What it protects, only the same key file reveals; whoever may
/// read the folder may read the secrets.
/// </remarks>
public sealed class FileSecretProtector : ISecretProtector, IDisposable
{
    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int KeySize = 32;
    private readonly byte[] _key;
    private bool _disposed;

    /// <summary>Reads the key, or makes one when there is none.</summary>
    /// <param name="keysFolder">The folder of the keys.</param>
    /// <exception cref="StorageException">The key cannot be read, or is damaged.</exception>
    public FileSecretProtector(string keysFolder)
    {
        var file = Path.Combine(keysFolder, "journal.key");
        try
        {
            _key = File.Exists(file) ? File.ReadAllBytes(file) : Create(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                ErrorCode.SecretKeyUnusable, $"The key '{file}' cannot be read: {exception.Message} Mend its permissions.", exception);
        }

        if (_key.Length != KeySize)
        {
            throw new StorageException(
                ErrorCode.SecretKeyUnusable, $"The key '{file}' is damaged. Restore it from a copy; secrets cannot be read without it.");
        }
    }

    /// <inheritdoc/>
    public byte[] Protect(ReadOnlySpan<byte> plain)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var cipher = new byte[1 + NonceSize + TagSize + plain.Length];
        cipher[0] = Version;
        var nonce = cipher.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(nonce, plain, cipher.AsSpan(1 + NonceSize + TagSize), cipher.AsSpan(1 + NonceSize, TagSize));
        return cipher;
    }

    /// <inheritdoc/>
    public byte[] Unprotect(ReadOnlySpan<byte> cipher)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (cipher.Length < 1 + NonceSize + TagSize || cipher[0] != Version)
        {
            throw new CryptographicException("The protected bytes are not of this protector.");
        }

        var plain = new byte[cipher.Length - 1 - NonceSize - TagSize];
        using var aes = new AesGcm(_key, TagSize);
        aes.Decrypt(
            cipher.Slice(1, NonceSize), cipher[(1 + NonceSize + TagSize)..], cipher.Slice(1 + NonceSize, TagSize), plain);
        return plain;
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_key);
        _disposed = true;
    }

    private static byte[] Create(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var key = RandomNumberGenerator.GetBytes(KeySize);
        var draft = file + ".tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(draft, options))
        {
            stream.Write(key);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, file);
        DirectoryFlush.Flush(Path.GetDirectoryName(file)!);
        return key;
    }
}
