using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sftp;
using Xunit;

namespace Auspex.Tests.Connectors.Sftp;

public sealed class SftpSettingsTests
{
    [Fact]
    public void Parse_WhatToConnectionStringGave_IsTheSame()
    {
        var settings = new SftpSettings
        {
            Host = "host",
            Port = 2222,
            User = "me",
            Password = "a;b=\"c' d",
            PassPhrase = "=;",
            PrivateKey = "-----BEGIN X-----\nabc\n-----END X-----\n",
            HostKey = "ssh-rsa 2048 aa:bb",
            SkipHostKeyValidation = true,
            Folder = "/",
            RenamesTemporaryFile = false,
            OperationTimeout = TimeSpan.FromHours(1),
        };

        var read = SftpSettings.Parse(settings.ToConnectionString());

        Assert.Equal(settings.ToConnectionString(), read.ToConnectionString());
        Assert.Equal(settings.Password, read.Password);
        Assert.Equal(settings.PrivateKey, read.PrivateKey);
        Assert.Equal(settings.OperationTimeout, read.OperationTimeout);
        Assert.False(read.RenamesTemporaryFile);
        Assert.True(read.SkipHostKeyValidation);
    }

    [Theory]
    [InlineData("Sftp=h")]
    [InlineData("Sftp=h;User=u;Port=0")]
    [InlineData("Sftp=h;User=u;Port=secret")]
    [InlineData("Sftp=h;User=u;OperationTimeout=secret")]
    [InlineData("Sftp=;User=secret")]
    [InlineData("Sftp=h;=secret")]
    public void Parse_Malformed_SaysNothingOfItsValues(string text)
    {
        var error = Assert.Throws<BlobStoreException>(() => SftpSettings.Parse(text));

        Assert.Equal(BlobError.Invalid, error.Error);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssh-rsa 2048 97:70:33:82:fd:29:3a:73:39:af:6a:07:ad:f8:80:49", true)]
    [InlineData("MD5:97:70:33:82:FD:29:3A:73:39:AF:6A:07:AD:F8:80:49", true)]
    [InlineData("97-70-33-82-fd-29-3a-73-39-af-6a-07-ad-f8-80-49", true)]
    [InlineData("256 SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", true)]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", true)]
    [InlineData("97:70", false)]
    [InlineData("zz:70:33:82:fd:29:3a:73:39:af:6a:07:ad:f8:80:49", false)]
    [InlineData("hello", false)]
    [InlineData(" ", false)]
    public void HostKey_AsPeopleWriteIt_IsReadOrRefused(string text, bool isOne) => Assert.Equal(isOne, SftpHostKey.Parse(text) is not null);
}
