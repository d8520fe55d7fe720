using System.CommandLine;
using System.Globalization;
using Auspex.Experiments.Modules;
using Auspex.Server.Hosting;

namespace Auspex.Cli.Commands;

/// <summary>
/// How script modules run in this process: the server's settings, from the environment (<c>Auspex__Scripts__Timeout</c> and so on), and the
/// same as options, which go before them.
/// </summary>
internal sealed class ScriptSwitches
{
    private readonly Option<string?> _timeout = new("--script-timeout") { Description = "How long a script may run, as HH:MM:SS (Auspex:Scripts:Timeout; default 01:00:00)." };
    private readonly Option<string?> _memory = new("--script-memory") { Description = "Address space of a script in bytes (Auspex:Scripts:MemoryInBytes; default 4294967296)." };
    private readonly Option<bool> _network = new("--script-network") { Description = "Let scripts reach the network (Auspex:Scripts:AllowNetwork)." };
    private readonly Option<string?> _python = new("--python") { Description = "The Python program, with pandas (Auspex:Scripts:Python)." };
    private readonly Option<string?> _rscript = new("--rscript") { Description = "The Rscript program (Auspex:Scripts:Rscript)." };

    private ScriptSwitches()
    {
        Check(
            _timeout,
            text => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero,
            "a time above zero as HH:MM:SS");
        Check(
            _memory,
            text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes > 0,
            "a number of bytes above zero");
    }

    /// <summary>Adds the options to a command.</summary>
    public static ScriptSwitches AddTo(Command command)
    {
        var switches = new ScriptSwitches();
        foreach (var option in (Option[])[switches._timeout, switches._memory, switches._network, switches._python, switches._rscript])
        {
            command.Options.Add(option);
        }

        return switches;
    }

    /// <summary>What was given, over the environment.</summary>
    public ScriptOptions Read(ParseResult parsed) => ScriptSettings.Read(name => name switch
    {
        "Timeout" => parsed.GetValue(_timeout),
        "MemoryInBytes" => parsed.GetValue(_memory),
        "AllowNetwork" => parsed.GetValue(_network) ? "true" : null,
        "Python" => parsed.GetValue(_python),
        "Rscript" => parsed.GetValue(_rscript),
        _ => null,
    } ?? FromEnvironment(name));

    /// <summary>What the environment says.</summary>
    public static ScriptOptions ReadEnvironment() => ScriptSettings.Read(FromEnvironment);

    private static string? FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable($"{ScriptSettings.Section.Replace(":", "__", StringComparison.Ordinal)}__{name}");

    private static void Check(Option<string?> option, Func<string, bool> isRight, string expected) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }] && !isRight(text))
        {
            result.AddError($"{option.Name} {text}: expected {expected}.");
        }
    });
}
