using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.TestKit.Activities;
using Xunit;

namespace Auspex.Tests.Activities.DataMovement.Copying;

/// <summary>Copies of files as they are: selection, places, compression, fault tolerance.</summary>
public sealed class CopyFilesTests : IDisposable
{
    private const string RunId = "bd1f2f0c-6f0a-4f6e-8b3a-0d9d2c1d7e11";

    private readonly DataHarness _data = new();

    public CopyFilesTests() => _data
        .Dataset("In", "Binary", """{"location":{"type":"FileServerLocation","folderPath":"in"}}""")
        .Dataset("Out", "Binary", """{"location":{"type":"FileServerLocation","folderPath":"out"}}""")
        .Write("in/a.csv", "1\n").Write("in/b.txt", "2\n").Write("in/sub/c.csv", "3\n").Write("in/sub/deep/d.csv", "4\n");

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("""{"recursive":true}""", "a.csv b.txt sub/c.csv sub/deep/d.csv")]
    [InlineData("""{}""", "a.csv b.txt sub/c.csv sub/deep/d.csv")]
    [InlineData("""{"recursive":"false"}""", "a.csv b.txt")]
    [InlineData("""{"recursive":true,"wildcardFileName":"*.csv"}""", "a.csv sub/c.csv sub/deep/d.csv")]
    [InlineData("""{"recursive":false,"wildcardFileName":"?.csv"}""", "a.csv")]
    [InlineData("""{"recursive":false,"wildcardFolderPath":"in/s*","wildcardFileName":"*"}""", "sub/c.csv")]
    [InlineData("""{"recursive":true,"wildcardFolderPath":"in/s*","wildcardFileName":"*"}""", "sub/c.csv sub/deep/d.csv")]
    [InlineData("""{"prefix":"in/su"}""", "sub/c.csv sub/deep/d.csv")]
    [InlineData("""{"fileListPath":"list.txt"}""", "b.txt sub/c.csv")]
    [InlineData("""{"modifiedDatetimeStart":"2999-01-01T00:00:00Z"}""", "")]
    public async Task ExecuteAsync_Selection_CopiesWhatFits(string storeSettings, string expected)
    {
        _data.Write("list.txt", "b.txt\r\nsub/c.csv\r\n");

        var output = await CopyAsync(storeSettings, "{}");

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), _data.List("out"));
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, (int)output["filesWritten"]!);
    }

    [Fact]
    public async Task ExecuteAsync_Flatten_MakesNamesThatAreTheSameAgain()
    {
        await CopyAsync("""{"recursive":true}""", """{"copyBehavior":"FlattenHierarchy"}""");
        var first = _data.List("out");
        await CopyAsync("""{"recursive":true}""", """{"copyBehavior":"FlattenHierarchy"}""");

        Assert.Equal([$"Data.{RunId}.0.csv", $"Data.{RunId}.1.txt", $"Data.{RunId}.2.csv", $"Data.{RunId}.3.csv"], first);
        Assert.Equal(first, _data.List("out"));
    }

    [Fact]
    public async Task ExecuteAsync_Merge_PutsFilesOneAfterTheOther()
    {
        _data.Dataset("Out", "Binary", """{"location":{"folderPath":"out","fileName":"all"}}""");

        var output = await CopyAsync("""{"recursive":true}""", """{"copyBehavior":"MergeFiles"}""");

        Assert.Equal("1\n2\n3\n4\n", _data.Read("out/all"));
        Assert.Equal(4, (int)output["filesRead"]!);
        Assert.Equal(1, (int)output["filesWritten"]!);
        Assert.Equal(8, (int)output["dataRead"]!);
        Assert.Equal(8, (int)output["dataWritten"]!);
    }

    [Fact]
    public async Task ExecuteAsync_ManyFilesOneName_SaysSo()
    {
        _data.Dataset("Out", "Binary", """{"location":{"folderPath":"out","fileName":"all"}}""");

        var failure = await Assert.ThrowsAsync<ActivityException>(() => CopyAsync("{}", "{}"));

        Assert.Contains("fileName", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_Gzip_CompressesAndBack()
    {
        _data.Dataset("Packed", "Binary", """{"location":{"folderPath":"packed"},"compression":{"type":"GZip","level":"Optimal"}}""");

        await CopyAsync("{}", "{}", sink: "Packed");
        await CopyAsync("{}", "{}", source: "Packed");

        Assert.Equal(["a.csv.gz", "b.txt.gz", "sub/c.csv.gz", "sub/deep/d.csv.gz"], _data.List("packed"));
        Assert.Equal(["a.csv", "b.txt", "sub/c.csv", "sub/deep/d.csv"], _data.List("out"));
        Assert.Equal("4\n", _data.Read("out/sub/deep/d.csv"));
    }

    [Theory]
    [InlineData("true", "a/x/1.txt")]
    [InlineData("false", "x/1.txt")]
    public async Task ExecuteAsync_Zip_UnpacksIntoAFolderOfItsName(string keepsName, string expected)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var writer = new StreamWriter(archive.CreateEntry("x/1.txt").Open()))
            {
                writer.Write("one");
            }

            archive.CreateEntry("../evil.txt").Open().Dispose();
        }

        _data.Write("zips/a.zip", bytes.ToArray())
            .Dataset("Zips", "Binary", """{"location":{"folderPath":"zips"},"compression":{"type":"ZipDeflate"}}""");

        await _data.RunAsync(
            "Copy",
            """{"source":{"type":"BinarySource","storeSettings":{},"formatSettings":{"compressionProperties":{"type":"ZipDeflateReadSettings","preserveZipFileNameAsFolder":KEEPS}}},"sink":{"type":"BinarySink","storeSettings":{}}}"""
                .Replace("KEEPS", keepsName, StringComparison.Ordinal),
            "Zips",
            "Out");

        Assert.Equal([expected], _data.List("out"));
        Assert.Equal("one", _data.Read("out/" + expected));
    }

    [Fact]
    public async Task ExecuteAsync_BrokenArchive_IsAnAuthorsError()
    {
        _data.Write("zips/a.gz", "no gzip").Dataset("Zips", "Binary", """{"location":{"folderPath":"zips"},"compression":{"type":"gzip"}}""");

        var failure = await Assert.ThrowsAsync<ActivityException>(() => CopyAsync("{}", "{}", source: "Zips"));

        Assert.Equal("2200", failure.ActivityErrorCode);
        Assert.Empty(_data.List("out"));
    }

    [Fact]
    public async Task ExecuteAsync_MissingFiles_FailOrArePassedOver()
    {
        _data.Write("list.txt", "b.txt\nnone.txt\n");
        const string Listed = """{"fileListPath":"list.txt"}""";

        var failure = await Assert.ThrowsAsync<ActivityException>(() => CopyAsync(Listed, "{}"));
        var output = await _data.RunAsync(
            "Copy",
            """{"source":{"type":"BinarySource","storeSettings":{"fileListPath":"list.txt"}},"sink":{"type":"BinarySink"},"skipErrorFile":{"fileMissing":true},"logSettings":{"enableCopyActivityLog":true,"copyActivityLogSettings":{"logLevel":"Warning"},"logLocationSettings":{"linkedServiceName":{"referenceName":"Files"},"path":"logs"}}}""",
            "In",
            "Out");

        Assert.Contains("in/none.txt", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (int)output["filesSkipped"]!);
        var path = (string)output["logFilePath"]!;
        Assert.Equal($"logs/copyactivity-logs/Score/{RunId}/{RunId}.csv", path);
        Assert.Contains("Warning,FileSkip,in/none.txt,", _data.Read(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_MissingFolder_Fails()
    {
        _data.Dataset("In", "Binary", """{"location":{"folderPath":"nowhere"}}""");

        var failure = await Assert.ThrowsAsync<ActivityException>(() => CopyAsync("{}", "{}"));

        Assert.Contains("nowhere", failure.Message, StringComparison.Ordinal);
        Assert.Equal("Failed", (string?)failure.Output!["executionDetails"]![0]!["status"]);
    }

    [Fact]
    public async Task ExecuteAsync_Validation_IsReported()
    {
        var output = await _data.RunAsync(
            "Copy",
            """{"source":{"type":"BinarySource"},"sink":{"type":"BinarySink"},"validateDataConsistency":true}""",
            "In",
            "Out");

        Assert.Equal("Verified", (string?)output["dataConsistencyVerification"]!["VerificationResult"]);
    }

    [Fact]
    public async Task ExecuteAsync_DeleteFilesAfterCompletion_MovesThem()
    {
        await CopyAsync("""{"deleteFilesAfterCompletion":true}""", "{}");

        Assert.Empty(_data.List("in"));
        Assert.Equal(4, _data.List("out").Length);

        // Killed while deleting: what is left of the sources goes, and is not copied over the merged whole again.
        _data.Write("in/a.csv", "left").Checkpoint = _data.SavedCheckpoint;
        await CopyAsync("""{"deleteFilesAfterCompletion":true}""", "{}");
        Assert.Empty(_data.List("in"));
        Assert.Equal("1\n", _data.Read("out/a.csv"));
    }

    [Fact]
    public async Task ExecuteAsync_Http_WritesTheAnswer()
    {
        using var http = new ScriptedHttp(request => new HttpResponseMessage
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.Method + " " + request.Body)),
        });
        using var data = new DataHarness(http: http);
        data.LinkedService("Web", "HttpServer", new JsonObject { ["url"] = "http://web/base", ["authenticationType"] = "Anonymous" })
            .Dataset("In", "Binary", """{"location":{"type":"HttpServerLocation","relativeUrl":"x/data.bin?key=1"}}""", "Web")
            .Dataset("Out", "Binary", """{"location":{"folderPath":"out"}}""");

        await data.RunAsync(
            "Copy",
            """{"source":{"type":"BinarySource","storeSettings":{"type":"HttpReadSettings","requestMethod":"post","requestBody":"hi"}},"sink":{"type":"BinarySink"}}""",
            "In",
            "Out");

        Assert.Equal("http://web/base/x/data.bin?key=1", http.Requests[0].Address);
        Assert.Equal("POST hi", data.Read("out/data.bin"));
    }

    private Task<JsonObject> CopyAsync(string storeSettings, string sinkSettings, string source = "In", string sink = "Out") => _data.RunAsync(
        "Copy",
        $$"""{"source":{"type":"BinarySource","storeSettings":{{storeSettings}} },"sink":{"type":"BinarySink","storeSettings":{{sinkSettings}} } }""",
        source,
        sink);
}
