using Auspex.Server.Auth;
using Auspex.Server.WebServices;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Auspex.Tests.Server.WebServices;

public sealed class StorageAddressesTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);
    private readonly StorageAddresses _addresses;

    public StorageAddressesTests() => _addresses = new StorageAddresses(new SecretProtector(new EphemeralDataProtectionProvider()), _clock);

    [Fact]
    public void Sign_Address_OpensItsBlobUntilItExpires()
    {
        var signed = _addresses.Sign("/data/files", "a b/c#d.csv", "http://h:1", TimeSpan.FromHours(1));

        Assert.Equal(("http://h:1/storage/", "a%20b/c%23d.csv"), (signed.BaseLocation, signed.RelativeLocation));
        Assert.StartsWith("?", signed.SasBlobToken, StringComparison.Ordinal);
        Assert.DoesNotContain("data", signed.SasBlobToken, StringComparison.Ordinal);
        var opened = _addresses.TryOpen(signed);
        Assert.Equal(("FileRoot=/data/files", "a b/c#d.csv"), (opened?.ConnectionString, opened?.RelativeLocation));

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(_addresses.TryOpen(signed));
    }

    [Fact]
    public void TryOpen_AnotherPathOrServer_IsNotOurs()
    {
        var signed = _addresses.Sign("/data/files", "a/b.csv", "http://h:1", TimeSpan.FromHours(1));

        Assert.Null(_addresses.TryOpen(signed with { RelativeLocation = "a/c.csv" }));
        Assert.Null(_addresses.TryOpen(signed with { BaseLocation = "https://acct.blob.core.windows.net/" }));
        Assert.Null(_addresses.TryOpen(signed with { SasBlobToken = "?sv=1&sig=abc" }));
        Assert.Null(_addresses.TryOpen(signed with { SasBlobToken = null }));
    }
}
