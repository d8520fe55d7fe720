using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.S3;
using Xunit;

namespace Auspex.Tests.Connectors.S3;

public sealed class S3PartsTests
{
    [Fact]
    public void StartOf_EveryPart_IsWhereTheOneBeforeItEnds()
    {
        var start = 0L;
        for (var number = 1; number <= S3Parts.Most; number++)
        {
            Assert.Equal(start, S3Parts.StartOf(number));
            start += S3Parts.SizeOf(number);
        }

        Assert.InRange(start, 325_000_000_000, 5L << 40);
    }

    [Fact]
    public void ReadId_WhatWriteIdGave_IsTheSame()
    {
        var id = Guid.NewGuid();
        var read = S3Parts.ReadId("b/x", new UploadPosition(S3Parts.WriteId(id, "a.b-/+é"), 7));

        Assert.Equal((id, "a.b-/+é"), read);
        Assert.Null(S3Parts.ReadId("b/x", new UploadPosition(id, 7)).ServiceId);
        Assert.Throws<BlobStoreException>(() => S3Parts.ReadId("b/x", new UploadPosition(id.ToString("N") + ".zz", 7)));
        Assert.Throws<BlobStoreException>(() => S3Parts.ReadId("b/x", new UploadPosition("../x.00", 7)));
    }

    [Fact]
    public void TailOf_AnyLength_IsReadBackFromItsKey()
    {
        var id = Guid.NewGuid();
        var name = S3Parts.TailOf(id, 12, 0x1234);

        Assert.Equal(0x1234, S3Parts.LengthOfTail("folder/" + name));
        Assert.True(S3Parts.IsSamePart(name, S3Parts.TailOf(id, 12, 5)));
        Assert.False(S3Parts.IsSamePart(name, S3Parts.TailOf(id, 1, 0x1234)));
        Assert.Equal(0, S3Parts.LengthOfTail("folder/x-y"));
    }

    [Theory]
    [InlineData("s3.eu-west-1.amazonaws.com", "eu-west-1")]
    [InlineData("s3-us-west-2.amazonaws.com", "us-west-2")]
    [InlineData("s3.amazonaws.com", "us-east-1")]
    [InlineData("minio.example.com", "us-east-1")]
    [InlineData("127.0.0.1", "us-east-1")]
    public void RegionOf_HostsName_IsThatOfTheHostOrTheDefault(string host, string region) => Assert.Equal(region, S3Client.RegionOf(host));

    [Theory]
    [InlineData("S3=ftp://x;AccessKeyId=secret;SecretAccessKey=secret")]
    [InlineData("S3=;AccessKeyId=secret;SecretAccessKey=secret")]
    [InlineData("S3=amazonaws.com;AccessKeyId=secret")]
    [InlineData("S3=amazonaws.com;SecretAccessKey=secret")]
    public void Parse_Malformed_SaysNothingOfItsValues(string text)
    {
        var error = Assert.Throws<BlobStoreException>(() => S3Settings.Parse(text));

        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
