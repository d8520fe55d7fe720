using Amazon.Runtime;
using Amazon.S3;

namespace Auspex.Connectors.S3;

/// <summary>Makes clients of S3 that call out only as they are told: with the keys given, through the gate, and asking no machine for more.</summary>
internal static class S3Client
{
    private const string DefaultRegion = "us-east-1";

    public static AmazonS3Client Create(S3Settings settings, HttpClient client)
    {
        var config = new AmazonS3Config
        {
            HttpClientFactory = new Gated(client),
            ForcePathStyle = settings.ForcePathStyle,
            DefaultConfigurationMode = DefaultConfigurationMode.Standard,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 3,
            Timeout = TimeSpan.FromSeconds(100),

            // Services other than Amazon's do not know the checksums that its client adds of late.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (settings.ServiceUrl is { } url)
        {
            config.ServiceURL = url.AbsoluteUri;
            config.AuthenticationRegion = RegionOf(url.IdnHost);
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(DefaultRegion);
        }

        AWSCredentials credentials = settings.SessionToken is { } token
            ? new SessionAWSCredentials(settings.AccessKeyId, settings.SecretAccessKey, token)
            : new BasicAWSCredentials(settings.AccessKeyId, settings.SecretAccessKey);
        return new AmazonS3Client(credentials, config);
    }

    /// <summary>The region that a host's name bears, such as <c>s3.eu-west-1.amazonaws.com</c>; the default one where it bears none.</summary>
    internal static string RegionOf(string host)
    {
        var labels = host.Split('.');
        var service = Array.FindIndex(labels, label => label.Equals("s3", StringComparison.OrdinalIgnoreCase)
            || label.StartsWith("s3-", StringComparison.OrdinalIgnoreCase));
        if (service < 0)
        {
            return DefaultRegion;
        }

        var candidate = labels[service].Length > 3 ? labels[service][3..] : labels.ElementAtOrDefault(service + 1) ?? "";
        return candidate.Count(character => character == '-') >= 2 && char.IsAsciiDigit(candidate[^1]) ? candidate.ToLowerInvariant() : DefaultRegion;
    }

    /// <summary>Gives the client of S3 ours, whose connections are checked.</summary>
    private sealed class Gated(HttpClient client) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
