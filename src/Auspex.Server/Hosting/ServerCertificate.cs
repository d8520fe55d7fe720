using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Auspex.Errors;

namespace Auspex.Server.Hosting;

/// <summary>The certificate for https: the configured one, or one of our own making that is kept in the data folder.</summary>
internal static class ServerCertificate
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const int ValidityInDays = 397;
    private const int RenewalInDays = 30;

    /// <exception cref="ServerStartException">The configured file cannot be read.</exception>
    public static X509Certificate2 Load(ServerOptions options, ServerFolders folders, DateTimeOffset now)
    {
        if (options.CertificatePath is { } path)
        {
            try
            {
                return Path.GetExtension(path).Equals(".pem", StringComparison.OrdinalIgnoreCase)
                    ? LoadPem(path, options.CertificatePassword)
                    : X509CertificateLoader.LoadPkcs12FromFile(path, options.CertificatePassword);
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                throw new ServerStartException(
                    ErrorCode.CertificateInvalid,
                    $"The certificate {path} cannot be read: {e.Message} Expected a PFX file, or a PEM file with certificate and key, and its password.",
                    e);
            }
        }

        var own = Path.Combine(folders.Certificates, "server.pfx");
        if (File.Exists(own))
        {
            var present = X509CertificateLoader.LoadPkcs12FromFile(own, password: null);
            if (present.NotAfter.ToUniversalTime() > now.UtcDateTime.AddDays(RenewalInDays))
            {
                return present;
            }

            present.Dispose();
        }

        using var made = Make(now);
        var bytes = made.Export(X509ContentType.Pfx);
        var temporary = own + ".tmp";
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, own, overwrite: true);

        // For clients that are to trust it; without the key.
        File.WriteAllText(Path.Combine(folders.Certificates, "server.crt"), made.ExportCertificatePem());
        return X509CertificateLoader.LoadPkcs12(bytes, password: null);
    }

    private static X509Certificate2 LoadPem(string path, string? password)
    {
        using var certificate = password is null
            ? X509Certificate2.CreateFromPemFile(path)
            : X509Certificate2.CreateFromEncryptedPemFile(path, password);
        // The TLS stack of one platform wants the key in a store, which this form gives it.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);
    }

    private static X509Certificate2 Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost, O=Auspex", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Environment.MachineName);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(ValidityInDays));
    }
}
