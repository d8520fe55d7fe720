using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Timeouts and retries: their format, and the ranges that Data Factory allows.</summary>
internal static partial class PolicyRules
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(7);

    public static void Check(ActivityDefinition activity, DefinitionReport report)
    {
        if (activity.Source.ObjectMember("policy") is not { } policy)
        {
            return;
        }

        if (policy.Member("timeout") is { } timeout && CheckTimeout(policy, "timeout", timeout, report) is { } duration
            && (duration < ShortestTimeout || duration > LongestTimeout))
        {
            Range(policy, "timeout", $"'{timeout.AsText()}' for 'timeout'; Data Factory allows 10 minutes (00:10:00) to 7 days (7.00:00:00)", report);
        }

        if (policy.Member("retry") is { } retry && retry.AsExpression() is null && !ArmText.IsExpression(retry))
        {
            if (retry.AsInteger() is null or < 0)
            {
                report.WrongType(policy, "retry", "a whole number of retries, 0 or more");
            }
        }

        if (policy.IntegerMember("retryIntervalInSeconds") is { } interval and (< 30 or > 86_400))
        {
            Range(
                policy,
                "retryIntervalInSeconds",
                string.Create(CultureInfo.InvariantCulture, $"{interval} for 'retryIntervalInSeconds'; Data Factory allows 30 to 86400"),
                report);
        }
    }

    /// <summary>Reports a duration that is no <c>[d.]hh:mm:ss</c>; returns it when it is one.</summary>
    public static TimeSpan? CheckTimeout(JsonObject parent, string member, JsonNode value, DefinitionReport report)
    {
        if (value.AsExpression() is not null || ArmText.IsExpression(value))
        {
            return null;
        }

        if (value.AsText() is { } text && Duration().Match(text) is { Success: true } match)
        {
            int Part(string name) => match.Groups[name].Success
                ? int.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture)
                : 0;
            return new TimeSpan(Part("d"), Part("h"), Part("m"), Part("s"));
        }

        report.Add(
            ErrorCode.InvalidDuration,
            DiagnosticSeverity.Error,
            parent,
            member,
            $"Found {(value.AsText() is { } found ? $"'{found}'" : value.Describe())} for '{member}', expected days, hours, minutes and seconds as "
            + "d.hh:mm:ss or hh:mm:ss, such as \"0.12:00:00\".");
        return null;
    }

    private static void Range(JsonObject policy, string member, string found, DefinitionReport report) =>
        report.Add(
            ErrorCode.OutsideServiceRange,
            DiagnosticSeverity.Warning,
            policy,
            member,
            $"Found {found}. It is used as written.");

    [GeneratedRegex(@"^((?<d>\d{1,6})\.)?(?<h>\d{1,2}):(?<m>60|[0-5]\d):(?<s>60|[0-5]\d)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
