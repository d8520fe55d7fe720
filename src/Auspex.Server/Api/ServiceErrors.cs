using System.Globalization;

namespace Auspex.Server.Api;

/// <summary>
/// The error classes and sub-codes of the scoring and management services, with messages close to the documented ones.
/// </summary>
internal static class ServiceErrors
{
    public static ServiceErrorException BadArgument(string detailCode, string detail, string? target = null) =>
        Create(400, "BadArgument", "Invalid argument provided.", detailCode, detail, target);

    public static ServiceErrorException BadUserArgument(string detailCode, string detail, string? target = null) =>
        Create(400, "BadUserArgument", "Invalid user argument provided.", detailCode, detail, target);

    public static ServiceErrorException InvalidOperation(string detailCode, string detail) =>
        Create(400, "InvalidOperation", "The operation is invalid for the present state of the resource.", detailCode, detail);

    public static ServiceErrorException LibraryExecution(string detailCode, string detail) =>
        Create(400, "LibraryExecutionError", "Module execution encountered an internal library error.", detailCode, detail);

    public static ServiceErrorException ModuleExecution(int number, string detail, Exception inner) =>
        Create(
            400,
            "ModuleExecutionError",
            "Module execution encountered an error.",
            number.ToString("0000", CultureInfo.InvariantCulture),
            detail,
            inner: inner);

    public static ServiceErrorException PackageError(string detailCode, string detail) =>
        Create(400, "WebServicePackageError", "The web service package is invalid.", detailCode, detail);

    public static ServiceErrorException ScoreUnauthorized() =>
        Create(
            401,
            "Unauthorized",
            "Unauthorized access.",
            "ScoreRequestUnauthorized",
            "Invalid credentials provided. Send 'Authorization: Bearer KEY' with the primary or secondary key of this endpoint.");

    public static ServiceErrorException ManagementUnauthorized() =>
        Create(
            401,
            "Unauthorized",
            "Unauthorized access.",
            "ManagementRequestUnauthorized",
            "Invalid credentials provided. Send 'Authorization: Bearer TOKEN' with a token of this workspace.");

    public static ServiceErrorException Forbidden(string role) =>
        Create(
            403,
            "Forbidden",
            "The token does not allow this operation.",
            "AuthorizationFailed",
            $"This operation needs the role '{role}'. Use a token that has it.");

    public static ServiceErrorException NotFound(string detailCode, string detail) =>
        Create(404, "NotFound", "The resource was not found.", detailCode, detail);

    public static ServiceErrorException JobNotFound(string jobId) =>
        NotFound("JobNotFound", $"There is no job '{Shorten(jobId)}' at this endpoint. It may have passed its retention time.");

    public static ServiceErrorException Conflict(string detailCode, string detail) =>
        Create(409, "Conflict", "The request conflicts with the present state of the resource.", detailCode, detail);

    public static ServiceErrorException ScoreTimeout(TimeSpan limit) =>
        Create(
            408,
            "RequestTimeout",
            "The request timed out.",
            "ScoreRequestTimeout",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Scoring did not end within {limit.TotalSeconds:0.###} seconds. Send fewer rows, or use batch execution."));

    public static ServiceErrorException RequestCanceled() =>
        Create(408, "RequestTimeout", "The request timed out.", "RequestCanceled", "The client went away before the answer.");

    public static ServiceErrorException TooManyConcurrentRequests(int limit) =>
        Create(
            503,
            "ServiceUnavailable",
            "The service is temporarily unable to take the request. Please try again.",
            "TooManyConcurrentRequests",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The endpoint's limit of {limit} concurrent calls is reached. Retry later, or raise MaxConcurrentCalls."),
            retryAfter: TimeSpan.FromSeconds(1));

    public static ServiceErrorException NoMoreResources(string detail) =>
        Create(
            503,
            "ServiceUnavailable",
            "The service is temporarily unable to take the request. Please try again.",
            "NoMoreResources",
            detail,
            retryAfter: TimeSpan.FromSeconds(10));

    public static ServiceErrorException PayloadTooLarge(long limitInBytes) =>
        Create(
            413,
            "BadArgument",
            "Invalid argument provided.",
            "RequestBodyInvalid",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The request body is larger than {limitInBytes} bytes. Send fewer rows, or use batch execution."));

    public static ServiceErrorException OutOfMemory(Exception inner) =>
        Create(
            413,
            "MemoryQuotaViolation",
            "The model exceeded the memory quota assigned to it.",
            "OutOfMemoryLimit",
            "There was not enough memory for this request. Send fewer rows, or use batch execution.",
            inner: inner);

    public static ServiceErrorException RequestBodyInvalid(string detail) => BadArgument("RequestBodyInvalid", detail);

    /// <summary>What callers sent may be long or contain anything: messages repeat the beginning only.</summary>
    public static string Shorten(string text) => text.Length <= 100 ? text : string.Concat(text.AsSpan(0, 100), "...");

    public static ServiceErrorException Create(
        int status,
        string code,
        string message,
        string detailCode,
        string detail,
        string? target = null,
        TimeSpan? retryAfter = null,
        Exception? inner = null) =>
        new(status, code, message, [new ServiceErrorDetail(detailCode, detail, target)], inner) { RetryAfter = retryAfter };
}
