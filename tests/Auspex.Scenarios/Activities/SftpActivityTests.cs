using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.TestKit.Services;
using Xunit;

namespace Auspex.Scenarios.Activities;

public sealed class SftpActivityTests(SftpFixture sftp) : FileStoreActivityContract
{
    [Fact]
    public async Task Copy_WithoutTemporaryFile_WritesInPlaceWithinTheTimeGiven()
    {
        Data.Write("in/x.bin", "x").Dataset("In", "Binary", """{"location":{"type":"FileServerLocation","folderPath":"in","fileName":"x.bin"} }""")
            .Dataset("There", "Binary", Location("data"), "Store");

        await Data.RunAsync(
            "Copy",
            """
            {"source":{"type":"BinarySource"},
             "sink":{"type":"BinarySink","storeSettings":{"type":"SftpWriteSettings","operationTimeout":"00:01:00","useTempFileRename":false}}}
            """,
            "In",
            "There");

        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(sftp.Home, Name, "data", "x.bin"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Copy_AbsoluteFolder_BeginsAtTheServersRoot()
    {
        var folder = Directory.CreateDirectory(Path.Combine(sftp.Home, Name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "x.bin"), "x", TestContext.Current.CancellationToken);
        Data.Dataset("There", "Binary", $$"""{"location":{"type":"SftpLocation","folderPath":"{{folder}}"} }""", "Store")
            .Dataset("Out", "Binary", """{"location":{"type":"FileServerLocation","folderPath":"out"} }""");

        await Data.RunAsync("Copy", """{"source":{"type":"BinarySource"},"sink":{"type":"BinarySink"}}""", "There", "Out");

        Assert.Equal(["x.bin"], Data.List("out"));
    }

    [Fact]
    public async Task Copy_NoHostKey_IsRefusedBeforeAnythingIsSent()
    {
        var (type, properties) = await StartAsync();
        properties.Remove("hostKeyFingerprint");
        Data.LinkedService("Bare", type, properties).Dataset("There", "Binary", Location("data", "x"), "Bare");

        var failure = await Assert.ThrowsAsync<ActivityException>(
            () => Data.RunAsync("GetMetadata", """{"dataset":{"referenceName":"There"},"fieldList":["exists"]}"""));

        Assert.Contains("hostKeyFingerprint", failure.Message, StringComparison.Ordinal);
    }

    protected override async Task<(string Type, JsonObject Properties)> StartAsync()
    {
        await sftp.EnsureStartedAsync();
        return ("Sftp", new JsonObject
        {
            ["host"] = "127.0.0.1",
            ["port"] = sftp.Port,
            ["authenticationType"] = "SshPublicKey",
            ["userName"] = SftpFixture.User,
            ["privateKeyContent"] = new JsonObject
            {
                ["type"] = "SecureString",
                ["value"] = Convert.ToBase64String(await File.ReadAllBytesAsync(sftp.EncryptedKeyFile)),
            },
            ["passPhrase"] = new JsonObject { ["type"] = "SecureString", ["value"] = SftpFixture.PassPhrase },
            ["skipHostKeyValidation"] = false,
            ["hostKeyFingerprint"] = await sftp.FingerprintAsync("rsa", "md5"),
        });
    }

    protected override string Location(string folder, string? file = null) =>
        $$"""{"location":{"type":"SftpLocation","folderPath":"{{Name}}/{{folder}}"{{(file is null ? "" : $",\"fileName\":\"{file}\"")}}} }""";
}
