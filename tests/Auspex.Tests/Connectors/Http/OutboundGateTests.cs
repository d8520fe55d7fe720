using System.Net;
using Auspex.Connectors.Http;
using Auspex.Connectors.ObjectStorage;
using Xunit;

namespace Auspex.Tests.Connectors.Http;

public sealed class OutboundGateTests
{
    [Theory]
    [InlineData("169.254.169.254", true)]
    [InlineData("169.254.0.1", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("64:ff9b::a9fe:a9fe", true)]
    [InlineData("::169.254.169.254", true)]
    [InlineData("::ffff:0:169.254.169.254", true)]
    [InlineData("2002:a9fe:a9fe::1", true)]
    [InlineData("2002:0a00:0001::1", false)]
    [InlineData("fe80::1", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("168.63.129.16", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("8.8.8.8", false)]
    public void IsLinkLocalOrMetadata_Address_IsRecognizedInAnyForm(string address, bool expected) =>
        Assert.Equal(expected, OutboundGate.IsLinkLocalOrMetadata(IPAddress.Parse(address)));

    [Fact]
    public async Task ResolveAsync_HostsOffTheList_AreRefused()
    {
        var gate = new OutboundGate(new OutboundOptions { AllowedHosts = ["127.0.0.1", "*.example.com"] });

        Assert.Equal([IPAddress.Loopback], await gate.ResolveAsync("127.0.0.1", TestContext.Current.CancellationToken));
        foreach (var host in new[] { "127.0.0.2", "example.com.evil.test", "badexample.com" })
        {
            await Assert.ThrowsAsync<OutboundRefusedException>(() => gate.ResolveAsync(host, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task CreateHandler_MetadataAddress_IsRefusedBeforeAnythingIsSent()
    {
        using var client = new HttpClient(new OutboundGate(new OutboundOptions()).CreateHandler());

        await Assert.ThrowsAsync<OutboundRefusedException>(
            () => client.GetAsync(new Uri("http://169.254.169.254/latest"), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<OutboundRefusedException>(
            () => client.GetAsync(new Uri("http://[::ffff:169.254.169.254]/"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("metadata.google.internal")]
    [InlineData("METADATA.google.internal.")]
    [InlineData("instance-data")]
    public async Task CreateHandler_NameOfMetadata_IsRefusedBehindAProxyToo(string host)
    {
        using var client = new HttpClient(new OutboundGate(new OutboundOptions { UseProxy = true }).CreateHandler());

        await Assert.ThrowsAsync<OutboundRefusedException>(
            () => client.GetAsync(new Uri($"http://{host}/"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("fe80::1")]
    public async Task CreateHandler_NameThatLeadsToMetadata_IsRefusedWhenItConnects(string address)
    {
        var gate = new OutboundGate(new OutboundOptions())
        {
            LookUp = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse(address)]),
        };
        using var client = new HttpClient(gate.CreateHandler());

        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetAsync(new Uri("http://harmless.test/"), TestContext.Current.CancellationToken));

        Assert.IsType<OutboundRefusedException>(failure.InnerException);
    }

    [Fact]
    public async Task CreateHandler_NameThatIsBoundAnew_IsRefusedAtTheConnection()
    {
        var lookUps = 0;
        var gate = new OutboundGate(new OutboundOptions())
        {
            LookUp = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(++lookUps == 1 ? "127.0.0.1" : "169.254.169.254")]),
        };
        await gate.ResolveAsync("rebound.test", TestContext.Current.CancellationToken);
        using var client = new HttpClient(gate.CreateHandler());

        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetAsync(new Uri("http://rebound.test/"), TestContext.Current.CancellationToken));

        Assert.IsType<OutboundRefusedException>(failure.InnerException);
        Assert.Equal(2, lookUps);
    }

    [Theory]
    [InlineData("http://169.254.169.254/", "")]
    [InlineData("http://169.254.169.254/", "?sv=1&sig=eA%3D%3D")]
    public async Task BlobStores_MetadataAddress_IsForbidden(string address, string token)
    {
        using var stores = new BlobStores(new BlobStoresOptions(), TimeProvider.System);
        var store = stores.Open(new BlobReference(null, "latest/meta-data", address, token));

        var error = await Assert.ThrowsAsync<BlobStoreException>(
            () => store.OpenReadAsync("latest/meta-data", 0, TestContext.Current.CancellationToken));

        Assert.Equal(BlobError.Forbidden, error.Error);
    }
}
