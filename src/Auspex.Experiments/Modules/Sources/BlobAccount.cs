using System.Text.RegularExpressions;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Experiments.Modules.Sources;

/// <summary>The storage account that Import Data and Export Data name.</summary>
/// <remarks>
/// Besides an Azure account's name and key these are understood, so that an experiment runs against other stores without a change
/// but of these two values: a whole connection string as name or as key (<c>UseDevelopmentStorage=true</c>,
/// <c>FileRoot=FOLDER</c>, <c>AccountName=...;AccountKey=...</c>); <c>UseDevelopmentStorage</c> as name, with any key; an account's
/// address as name, such as <c>http://127.0.0.1:10000/devstoreaccount1</c>, with its key.
/// </remarks>
internal static partial class BlobAccount
{
    private const string Emulator = "UseDevelopmentStorage";

    /// <exception cref="ModuleException">Error 9: the name is malformed. Error 52: the key is no key.</exception>
    public static BlobReference Reference(string name, string? key)
    {
        if (IsConnectionString(name))
        {
            return Of(name);
        }

        if (key is not null && IsConnectionString(key))
        {
            return Of(key);
        }

        if (name.Equals(Emulator, StringComparison.OrdinalIgnoreCase))
        {
            return Of(Emulator + "=true");
        }

        if (key is null)
        {
            throw new ModuleException(52, $"Storage account '{name}' has no key; give the account's key.");
        }

        if (!Convert.TryFromBase64String(key, new byte[key.Length], out _))
        {
            throw new ModuleException(52, $"The key of storage account '{name}' is no base64; copy the key again.");
        }

        if (Uri.TryCreate(name, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            var account = address.AbsolutePath.Trim('/') is { Length: > 0 } path ? path : address.Host.Split('.')[0];
            return Of($"BlobEndpoint={address.AbsoluteUri.TrimEnd('/')};AccountName={account};AccountKey={key}");
        }

        return AccountName().IsMatch(name)
            ? Of($"DefaultEndpointsProtocol=https;AccountName={name};AccountKey={key};EndpointSuffix=core.windows.net")
            : throw new ModuleException(
                9, $"Storage account name '{name}' is malformed; expected 3 to 24 lower-case letters and digits.");
    }

    private static bool IsConnectionString(string text) => ConnectionStringPart().IsMatch(text);

    private static BlobReference Of(string connectionString) => new(connectionString, null, null, null);

    [GeneratedRegex("^[a-z0-9]{3,24}$", RegexOptions.CultureInvariant)]
    private static partial Regex AccountName();

    [GeneratedRegex(
        "(^|;)\\s*(UseDevelopmentStorage|FileRoot|AccountName|BlobEndpoint|DefaultEndpointsProtocol)\\s*=",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ConnectionStringPart();
}
