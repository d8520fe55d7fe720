using Auspex.Errors;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>What the drivers' failures have in common: causes within causes, and services that do not answer.</summary>
internal static class BlobFailures
{
    /// <summary>A failure and all that caused it, the outermost first.</summary>
    public static IEnumerable<Exception> Causes(Exception failure)
    {
        yield return failure;
        if (failure is AggregateException several)
        {
            foreach (var cause in several.Flatten().InnerExceptions.SelectMany(Causes))
            {
                yield return cause;
            }
        }
        else if (failure.InnerException is { } inner)
        {
            foreach (var cause in Causes(inner))
            {
                yield return cause;
            }
        }
    }

    /// <summary>The exception for a service that gave no answer at all.</summary>
    /// <param name="where">The path and the service, as a message shows them.</param>
    /// <param name="failure">What the driver threw.</param>
    public static BlobStoreException NoAnswer(string where, Exception failure) => new(
        ErrorCode.BlobStoreUnavailable,
        BlobError.Unavailable,
        $"No answer for {where}, also after retries. Check that the service runs and that the address is right.",
        failure);
}
