using Auspex.Server;
using Auspex.Server.Hosting;
using Xunit;

namespace Auspex.Tests.Server.Hosting;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5240", "http://127.0.0.1:5240")]
    [InlineData(" http://localhost:0 ; https://*:8443/ ", "http://127.0.0.1:0 https://0.0.0.0:8443")]
    [InlineData("http://[::1]:80;http://+", "http://[::1]:80 http://0.0.0.0:80")]
    public void Parse_Addresses_OfThisMachine(string urls, string expected) =>
        Assert.Equal(expected, string.Join(' ', ListenAddress.Parse(urls)));

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("5240")]
    [InlineData("http://example.com:80")]
    [InlineData("http://127.0.0.1:80/path")]
    [InlineData("http://127.0.0.1:99999")]
    public void Parse_Others_AreRefused(string urls) =>
        Assert.Equal("AUX7003", Assert.Throws<ServerStartException>(() => ListenAddress.Parse(urls)).Code.Value);
}
