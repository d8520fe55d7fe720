using System.Security.Cryptography;
using Auspex.Server.WebServices;

namespace Auspex.Server.Auth;

/// <summary>Makes the two keys of an endpoint and reads them back for the management interface.</summary>
internal sealed class EndpointKeys(SecretProtector protector)
{
    private const string Purpose = "endpoint key";
    private const int KeyLengthInBytes = 64;

    /// <summary>The endpoint with new keys.</summary>
    public EndpointDocument Assign(EndpointDocument endpoint) => With(endpoint, NewKey(), NewKey());

    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLengthInBytes));

    /// <summary>The endpoint with given keys; null leaves one as it is.</summary>
    public EndpointDocument With(EndpointDocument endpoint, string? primary, string? secondary)
    {
        if (primary is not null)
        {
            endpoint = endpoint with
            {
                PrimaryKey = protector.Protect(Purpose, primary),
                PrimaryKeyHash = SecretHash.Of(primary).ToBase64(),
            };
        }

        return secondary is null
            ? endpoint
            : endpoint with
            {
                SecondaryKey = protector.Protect(Purpose, secondary),
                SecondaryKeyHash = SecretHash.Of(secondary).ToBase64(),
            };
    }

    /// <summary>Primary and secondary key in clear.</summary>
    public (string Primary, string Secondary) Read(EndpointDocument endpoint) =>
        (protector.Unprotect(Purpose, endpoint.PrimaryKey), protector.Unprotect(Purpose, endpoint.SecondaryKey));
}
