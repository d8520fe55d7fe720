using System.Security.Cryptography;
using Auspex.Server.Auth;

namespace Auspex.Server.Hosting;

/// <summary>
/// An owner token that lives as long as this server. It lies in the data folder's <c>keys/session.token</c>, which this
/// user alone may read, so that other commands of the same user can talk to the server that owns the folder.
/// </summary>
internal sealed class SessionToken : IDisposable
{
    private readonly string _file;

    private SessionToken(string value, string file) => (Value, _file) = (value, file);

    public string Value { get; }

    public static async Task<SessionToken> CreateAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        services.GetRequiredService<AccessTokens>().AddForSession(value, Role.Owner);
        var file = Path.Combine(services.GetRequiredService<ServerFolders>().Keys, "session.token");
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(file, options);
        await writer.WriteAsync(value.AsMemory(), cancellationToken);
        return new SessionToken(value, file);
    }

    public void Dispose() => File.Delete(_file);
}
