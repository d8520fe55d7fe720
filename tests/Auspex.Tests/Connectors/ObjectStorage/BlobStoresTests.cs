using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Auspex.Tests.Connectors.ObjectStorage;

public sealed class BlobStoresTests : IDisposable
{
    private const string Key = "c2VjcmV0LWtleS1vZi1hbi1hY2NvdW50";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly BlobStores _stores;

    public BlobStoresTests() => _stores = new BlobStores(new BlobStoresOptions(), _clock);

    public void Dispose() => _stores.Dispose();

    [Theory]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=" + Key + ";", "https://acct.blob.core.windows.net/")]
    [InlineData("AccountName=acct;AccountKey=" + Key + ";EndpointSuffix=core.chinacloudapi.cn", "https://acct.blob.core.chinacloudapi.cn/")]
    [InlineData("accountname = acct ; AccountKey=" + Key + ";BlobEndpoint=http://127.0.0.1:10000/acct/", "http://127.0.0.1:10000/acct/")]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10000/devstoreaccount1/")]
    public void GetReadReference_OfAKey_ExpiresAndCarriesNoKey(string connectionString, string baseLocation)
    {
        var reference = _stores.Open(connectionString).GetReadReference("/c/d e/f.csv", TimeSpan.FromHours(24));

        Assert.Null(reference.ConnectionString);
        Assert.Equal(baseLocation, reference.BaseLocation);
        Assert.Equal("c/d%20e/f.csv", reference.RelativeLocation);
        Assert.StartsWith("?sv=", reference.SasBlobToken, StringComparison.Ordinal);
        Assert.Contains("&sp=r&", reference.SasBlobToken + "&", StringComparison.Ordinal);
        Assert.Contains("st=2030-01-02T02%3A59%3A05Z", reference.SasBlobToken, StringComparison.Ordinal);
        Assert.Contains("se=2030-01-03T03%3A04%3A05Z", reference.SasBlobToken, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, reference.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AccountKey=" + Key)]
    [InlineData("AccountName=acct;AccountKey=not base64!")]
    [InlineData("BlobEndpoint=ftp://host;AccountName=a;AccountKey=" + Key)]
    [InlineData("BlobEndpoint=https://host/?sig=" + Key)]
    [InlineData("=x")]
    public void Open_MalformedConnectionString_SaysWhichPartAndNoSecret(string connectionString)
    {
        var error = Assert.Throws<BlobStoreException>(() => _stores.Open(connectionString));

        Assert.Equal(BlobError.Invalid, error.Error);
        Assert.Equal(ErrorCode.BlobReferenceInvalid, error.Code);
        Assert.DoesNotContain(Key, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("not base64!", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://acct.blob.core.windows.net/c/d%20e.csv?sv=1&sig=x", "https://acct.blob.core.windows.net/", "c/d%20e.csv", "?sv=1&sig=x")]
    [InlineData("http://127.0.0.1:10000/acct/c/x.csv?sig=x", "http://127.0.0.1:10000/acct/", "c/x.csv", "?sig=x")]
    [InlineData("http://localhost:10000/acct/c?sig=x", "http://localhost:10000/acct/", "c", "?sig=x")]
    [InlineData("https://example.com/data/x.csv?id=5", "https://example.com/", "data/x.csv", "?id=5")]
    public void ReferenceTo_Address_FallsIntoPartsThatMakeItAgain(string address, string baseLocation, string path, string token)
    {
        var reference = BlobStores.ReferenceTo(new Uri(address));

        Assert.Equal(new BlobReference(null, path, baseLocation, token), reference);
        Assert.Equal(address, reference.BaseLocation + reference.RelativeLocation + reference.SasBlobToken);
    }

    [Fact]
    public void PathOf_Reference_UnescapesAddressesOnly()
    {
        Assert.Equal("c/d e", BlobStores.PathOf(new BlobReference(null, "c/d%20e", "https://h/", "?sig=x")));
        Assert.Equal("c/d%20e", BlobStores.PathOf(new BlobReference("UseDevelopmentStorage=true", "/c/d%20e", null, null)));
        Assert.Throws<BlobStoreException>(() => BlobStores.PathOf(new BlobReference("UseDevelopmentStorage=true", null, null, null)));
    }

    [Fact]
    public void Open_ReferenceWithNeitherForm_SaysWhatIsExpected()
    {
        var error = Assert.Throws<BlobStoreException>(() => _stores.Open(new BlobReference(null, "c/x", null, null)));

        Assert.Contains("ConnectionString", error.Message, StringComparison.Ordinal);
        Assert.Throws<BlobStoreException>(() => _stores.Open(new BlobReference(null, "c/x", "file:///etc/", "")));
    }
}
