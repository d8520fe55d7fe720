using Auspex.Activities.External;
using Auspex.Activities.LinkedServices;
using Microsoft.Extensions.Options;

namespace Auspex.Server.Hosting;

/// <summary>Checks the settings of activities that let others work.</summary>
internal sealed class ExternalOptionsValidator : IValidateOptions<WebOptions>, IValidateOptions<CustomOptions>, IValidateOptions<IdentityOptions>
{
    public ValidateOptionsResult Validate(string? name, WebOptions options) => Result(
    [
        (options.PollInterval >= TimeSpan.FromMilliseconds(10) && options.PollInterval <= TimeSpan.FromHours(1),
            $"{WebOptions.Section}:PollInterval is {options.PollInterval}; expected 00:00:00.010 to 01:00:00."),
        (options.ToleratedPollFailures is >= 0 and <= 1_000,
            $"{WebOptions.Section}:ToleratedPollFailures is {options.ToleratedPollFailures}; expected 0 to 1,000."),
        (options.MaxResponseBytes is >= 1_024 and <= 64 << 20,
            $"{WebOptions.Section}:MaxResponseBytes is {options.MaxResponseBytes}; expected 1,024 to 67,108,864."),
        (IsWeb(options.CallbackAddress), $"{WebOptions.Section}:CallbackAddress is no address; expected http(s)://HOST[:PORT][/PATH]."),
    ]);

    public ValidateOptionsResult Validate(string? name, CustomOptions options) => Result(
    [
        (options.MaxStreamBytes is >= 1_024 and <= 16L << 30,
            $"{CustomOptions.Section}:MaxStreamBytes is {options.MaxStreamBytes}; expected 1,024 to 17,179,869,184."),
    ]);

    public ValidateOptionsResult Validate(string? name, IdentityOptions options) => Result(
    [
        (IsWeb(options.ManagedIdentityEndpoint), $"{IdentityOptions.Section}:ManagedIdentityEndpoint is no address; expected http(s)://HOST/PATH."),
        (IsWeb(options.LoginAddress), $"{IdentityOptions.Section}:LoginAddress is no address; expected https://HOST."),
    ]);

    private static bool IsWeb(Uri? address) => address is null || (address.IsAbsoluteUri && address.Scheme is "http" or "https");

    private static ValidateOptionsResult Result(IEnumerable<(bool IsFine, string Problem)> checks)
    {
        string[] problems = [.. checks.Where(check => !check.IsFine).Select(check => check.Problem)];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
