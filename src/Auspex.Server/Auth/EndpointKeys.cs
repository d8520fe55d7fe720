using System.Security.Cryptography;
using Auspex.Server.WebServices;

namespace Auspex.Server.Auth;

/// <summary>Makes the two keys of an endpoint and reads them back for the management interface.</summary>
internal sealed class EndpointKeys(SecretProtector protector)
{
    private const string Purpose = "endpoint key";
    private const int KeyLengthInBytes = 64;

    /// <summary>The endpoint with new keys.</summary>
    public EndpointDocument Assign(EndpointDocument endpoint)
    {
        var primary = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLengthInBytes));
        var secondary = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLengthInBytes));
        return endpoint with
        {
            PrimaryKey = protector.Protect(Purpose, primary),
            SecondaryKey = protector.Protect(Purpose, secondary),
            PrimaryKeyHash = SecretHash.Of(primary).ToBase64(),
            SecondaryKeyHash = SecretHash.Of(secondary).ToBase64(),
        };
    }

    /// <summary>Primary and secondary key in clear.</summary>
    public (string Primary, string Secondary) Read(EndpointDocument endpoint) =>
        (protector.Unprotect(Purpose, endpoint.PrimaryKey), protector.Unprotect(Purpose, endpoint.SecondaryKey));
}
