using System.Net;
using Amazon.S3;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.S3;
using Auspex.Errors;
using Xunit;

namespace Auspex.Tests.Connectors.ObjectStorage;

public sealed class BlobFailuresTests
{
    [Fact]
    public void Causes_OfSeveralAtOnce_AreAllOfThem()
    {
        var root = new IOException("root");
        var failure = new InvalidOperationException(
            "outer", new AggregateException(new AggregateException(new TimeoutException("first", root)), new ArgumentException("second")));

        List<string> causes = [.. BlobFailures.Causes(failure).Where(cause => cause is not AggregateException).Select(cause => cause.Message)];
        Assert.Equal("outer", causes[0]);
        Assert.Equal(["first", "outer", "root", "second"], causes.Order(StringComparer.Ordinal));
        Assert.Equal("root", causes[causes.IndexOf("first") + 1]);
    }

    [Fact]
    public void Translate_OfPartsThatFailedTogether_TellsTheServicesAnswer()
    {
        var denied = new AmazonS3Exception("no", Amazon.Runtime.ErrorType.Sender, "AccessDenied", "1", HttpStatusCode.Forbidden);

        var translated = S3Errors.Translate(
            new AggregateException(new AggregateException(new OperationCanceledException()), new IOException("part", denied)), "http://s3", "bucket/a.csv");

        Assert.Equal((ErrorCode.BlobForbidden, BlobError.Forbidden), (translated!.Code, translated.Error));
        Assert.Contains("'bucket/a.csv' at http://s3", translated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Translate_OfPartsWithoutAnyAnswer_SaysSo()
    {
        var translated = S3Errors.Translate(new AggregateException(new HttpRequestException("refused"), new IOException("reset")), "http://s3", "b/c");

        Assert.Equal(ErrorCode.BlobStoreUnavailable, translated!.Code);
        Assert.Contains("No answer", translated.Message, StringComparison.Ordinal);
        Assert.Null(S3Errors.Translate(new InvalidOperationException("ours"), "http://s3", "b/c"));
    }
}
