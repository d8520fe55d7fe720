using System.Text.Json.Nodes;
using Auspex.TestKit.Services;
using Xunit;

namespace Auspex.Scenarios.Activities;

public sealed class S3ActivityTests(S3Fixture s3) : FileStoreActivityContract
{
    [Fact]
    public async Task Copy_OldDatasetOfAKey_IsReadAsWhatReplacedIt()
    {
        Data.Write("in/x.bin", "x").Dataset("In", "Binary", """{"location":{"type":"FileServerLocation","folderPath":"in","fileName":"x.bin"} }""")
            .Dataset("There", "Binary", Location("data"), "Store")
            .Dataset("Old", "AmazonS3Object", $$"""{"bucketName":"{{Name}}","key":"data/x.bin"}""", "Store")
            .Dataset("Out", "Binary", """{"location":{"type":"FileServerLocation","folderPath":"out"} }""");

        await Data.RunAsync("Copy", """{"source":{"type":"BinarySource"},"sink":{"type":"BinarySink"}}""", "In", "There");
        await Data.RunAsync("Copy", """{"source":{"type":"BinarySource"},"sink":{"type":"BinarySink"}}""", "Old", "Out");

        Assert.Equal(["x.bin"], Data.List("out"));
    }

    protected override async Task<(string Type, JsonObject Properties)> StartAsync()
    {
        await s3.EnsureStartedAsync();
        return ("AmazonS3Compatible", new JsonObject
        {
            ["serviceUrl"] = s3.Endpoint,
            ["accessKeyId"] = S3Fixture.AccessKeyId,
            ["secretAccessKey"] = new JsonObject { ["type"] = "SecureString", ["value"] = S3Fixture.SecretAccessKey },
            ["forcePathStyle"] = true,
        });
    }

    protected override string Location(string folder, string? file = null) =>
        $$"""
        {"location":{"type":"AmazonS3CompatibleLocation","bucketName":"{{Name}}","folderPath":"{{folder}}"{{(file is null ? "" : $",\"fileName\":\"{file}\"")}}} }
        """;
}
