using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Reads <c>policy</c>; what is out of range is validation's to report, since it runs all the same.</summary>
internal static class PolicyLoader
{
    public static ActivityPolicy Load(JsonObject activity, DefinitionReport report)
    {
        if (activity.Member("policy") is not { } node)
        {
            return new ActivityPolicy();
        }

        if (node is not JsonObject policy)
        {
            report.WrongType(activity, "policy", "an object");
            return new ActivityPolicy();
        }

        var interval = Interval(policy, report);
        return new ActivityPolicy
        {
            Timeout = policy.Member("timeout"),
            Retry = policy.Member("retry"),
            RetryInterval = interval ?? new ActivityPolicy().RetryInterval,
            SecureInput = Flag(policy, "secureInput", report),
            SecureOutput = Flag(policy, "secureOutput", report),
        };
    }

    private static TimeSpan? Interval(JsonObject policy, DefinitionReport report)
    {
        const string Member = "retryIntervalInSeconds";
        if (policy.Member(Member) is null)
        {
            return null;
        }

        if (policy.IntegerMember(Member) is { } seconds and >= 0 and <= int.MaxValue)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        report.WrongType(policy, Member, "a whole number of seconds, 30 to 86400; 30 was taken");
        return null;
    }

    // Secrecy that cannot be read is taken as wanted: showing a secret cannot be undone.
    private static bool Flag(JsonObject policy, string member, DefinitionReport report)
    {
        if (policy.Member(member) is null)
        {
            return false;
        }

        if (policy.BooleanMember(member) is { } value)
        {
            return value;
        }

        report.Add(
            ErrorCode.WrongType,
            DiagnosticSeverity.Error,
            policy,
            member,
            $"Found {policy.Member(member).Describe()} for '{member}', expected true or false; true was taken to "
            + "be safe.");
        return true;
    }
}
