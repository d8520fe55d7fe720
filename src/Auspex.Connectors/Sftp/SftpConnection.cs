using System.Net.Sockets;
using System.Text;
using Auspex.Connectors.Files;
using Auspex.Connectors.Http;
using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Auspex.Connectors.Sftp;

/// <summary>A session with an SSH server that several readers and writers share; a broken one is replaced for whoever comes next. Thread-safe.</summary>
internal sealed class SftpConnection : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan DefaultOperationTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeptIdle = TimeSpan.FromSeconds(30);

    private readonly SftpSettings _settings;
    private readonly OutboundGate _gate;
    private readonly FileRoots _roots;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ITimer _idle;
    private readonly Lock _count = new();
    private Session? _session;
    private bool _isDisposed;

    public SftpConnection(SftpSettings settings, OutboundGate gate, FileRoots roots, TimeProvider clock)
    {
        _settings = settings;
        _gate = gate;
        _roots = roots;
        _idle = clock.CreateTimer(_ => CloseIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Borrows the session; it stays open until every lease is disposed.</summary>
    /// <exception cref="BlobStoreException">Settings are malformed, or the server's key is not the expected one.</exception>
    public async Task<SftpLease> LeaseAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_session is not { Client.IsConnected: true })
            {
                var broken = _session;
                _session = null;
                if (broken is { Leases: 0 })
                {
                    broken.Client.Dispose();
                }

                _session = new Session(await ConnectAsync(cancellationToken));
            }

            var session = _session;
            lock (_count)
            {
                session.Leases++;
            }

            return new SftpLease(session.Client, () => Release(session));
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _idle.Dispose();
        _session?.Client.Dispose();
        _session = null;
    }

    private void Release(Session session)
    {
        lock (_count)
        {
            if (--session.Leases > 0)
            {
                return;
            }
        }

        if (!ReferenceEquals(session, _session))
        {
            session.Client.Dispose();
        }
        else if (!_isDisposed)
        {
            _idle.Change(KeptIdle, Timeout.InfiniteTimeSpan);
        }
    }

    private void CloseIdle()
    {
        if (!_turn.Wait(0))
        {
            // Somebody is just borrowing it; giving it back starts the time anew.
            return;
        }

        try
        {
            if (_session is { Leases: 0 } session)
            {
                _session = null;
                session.Client.Dispose();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<SftpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var expected = ReadHostKey();
        var addresses = await _gate.ResolveAsync(_settings.Host, cancellationToken);
        for (var i = 0; ; i++)
        {
            // The address that was checked is the one that is called.
            var connection = new ConnectionInfo(addresses[i].ToString(), _settings.Port, _settings.User, AuthenticationMethods())
            {
                Timeout = ConnectTimeout,
                Encoding = Encoding.UTF8,
            };
            expected?.Ask(connection);
            var client = new SftpClient(connection)
            {
                OperationTimeout = _settings.OperationTimeout ?? DefaultOperationTimeout,
                KeepAliveInterval = KeepAlive,
            };
            string? refused = null;
            client.HostKeyReceived += (_, key) =>
            {
                key.CanTrust = expected?.Accepts(key) ?? true;
                refused = key.CanTrust ? null : $"{key.HostKeyName} {key.KeyLength} SHA256:{key.FingerPrintSHA256} (MD5 {key.FingerPrintMD5})";
            };
            try
            {
                await client.ConnectAsync(cancellationToken);
                return client;
            }
            catch (Exception failure)
            {
                client.Dispose();
                if (refused is not null)
                {
                    throw new BlobStoreException(
                        ErrorCode.HostKeyUntrusted,
                        BlobError.Forbidden,
                        $"SFTP server '{_settings.Host}' shows the key {refused}, which has not the hostKeyFingerprint that is expected. Somebody may stand in "
                        + "between. If the server's key has changed, or another of its keys was meant, set that fingerprint with its algorithm before it.",
                        failure);
                }

                if (failure is not (SocketException or SshOperationTimeoutException) || i + 1 == addresses.Length)
                {
                    throw;
                }
            }
        }
    }

    private SftpHostKey? ReadHostKey()
    {
        if (string.IsNullOrWhiteSpace(_settings.HostKey))
        {
            return _settings.SkipHostKeyValidation
                ? null
                : throw new BlobStoreException(
                    ErrorCode.HostKeyUntrusted,
                    BlobError.Forbidden,
                    $"Nothing says which key SFTP server '{_settings.Host}' has; expected hostKeyFingerprint, such as 'ssh-ed25519 256 SHA256:...' "
                    + "(ssh-keygen -lf shows it), or skipHostKeyValidation, which trusts anybody.");
        }

        if (_settings.SkipHostKeyValidation)
        {
            return null;
        }

        return SftpHostKey.Parse(_settings.HostKey) ?? throw ConnectionText.Invalid(
            SftpSettings.ConnectionKey,
            "the hostKeyFingerprint is neither 16 bytes in hexadecimal divided by colons (MD5) nor SHA256: and base64, each optionally after algorithm and length");
    }

    private AuthenticationMethod[] AuthenticationMethods()
    {
        var methods = new List<AuthenticationMethod>();
        if (ReadKey() is { } key)
        {
            methods.Add(new PrivateKeyAuthenticationMethod(_settings.User, key));
        }

        if (_settings.Password is { } password)
        {
            methods.Add(new PasswordAuthenticationMethod(_settings.User, password));
            var interactive = new KeyboardInteractiveAuthenticationMethod(_settings.User);
            interactive.AuthenticationPrompt += (_, prompts) =>
            {
                foreach (var prompt in prompts.Prompts.Where(prompt => !prompt.IsEchoed))
                {
                    prompt.Response = password;
                }
            };
            methods.Add(interactive);
        }

        return methods.Count > 0
            ? [.. methods]
            : throw ConnectionText.Invalid(SftpSettings.ConnectionKey, "neither a password nor a private key is given");
    }

    private PrivateKeyFile? ReadKey()
    {
        try
        {
            var key = _settings.PrivateKey is { } text
                ? text.Contains("-----BEGIN", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(text) : Convert.FromBase64String(text)
                : _settings.PrivateKeyPath is { } path ? File.ReadAllBytes(_roots.Resolve(path)) : null;
            return key is null ? null
                : _settings.PassPhrase is { } phrase ? new PrivateKeyFile(new MemoryStream(key), phrase)
                : new PrivateKeyFile(new MemoryStream(key));
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            throw ConnectionText.Invalid(SftpSettings.ConnectionKey, "the private key is encrypted, and no passPhrase is given");
        }
        catch (Exception malformed) when (malformed is FormatException or SshException or ArgumentException or InvalidOperationException
            or System.Security.Cryptography.CryptographicException or NotSupportedException)
        {
            // Whatever the reader says of the text, it is a secret or some other file.
            throw ConnectionText.Invalid(
                SftpSettings.ConnectionKey, "the private key cannot be read; expected a key in OpenSSH or PEM form, or that in base64, and its passPhrase");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw ConnectionText.Invalid(SftpSettings.ConnectionKey, "the file at privateKeyPath cannot be read");
        }
    }

    private sealed class Session(SftpClient client)
    {
        public SftpClient Client => client;

        public int Leases { get; set; }
    }
}

/// <summary>The right to use a session; dispose it once, when nothing of it is in use any more.</summary>
internal sealed class SftpLease(SftpClient client, Action release) : IDisposable
{
    private Action? _release = release;

    public SftpClient Client => client;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
