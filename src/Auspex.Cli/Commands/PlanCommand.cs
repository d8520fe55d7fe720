using System.CommandLine;
using Auspex.Cli.Output;
using Auspex.Definitions;
using Auspex.Definitions.Planning;
using Auspex.Engine.Triggers;
using Auspex.Errors;
using Auspex.Storage.Definitions;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex plan OLD NEW</c>: says what a change to a factory will do before it is made.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var old = new Argument<string>("OLD") { Description = "The factory as it is: a folder, an exported template or a definition's file." };
        var now = new Argument<string>("NEW") { Description = "The factory as it is to be." };
        var environment = SharedOptions.Environment();
        var exitCode = new Option<bool>("--exit-code") { Description = "End with 1 when the plan is not empty." };
        var json = SharedOptions.Json();
        var command = new Command("plan", "Say what a change to a factory will do.") { old, now, environment, exitCode, json };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(environment);
            if (Load(parsed.GetRequiredValue(old), name) is not { } before || Load(parsed.GetRequiredValue(now), name) is not { } after)
            {
                return ExitCodes.BadDefinition;
            }

            var plan = FactoryComparison.Compare(before, after, new PlanTime(TimeProvider.System.GetUtcNow(), ScheduleTimes.NextStart));
            if (parsed.GetValue(json))
            {
                Console.WriteLine(PlanView.ToJson(plan).ToJsonString());
            }
            else
            {
                PlanView.Write(Console.Out, plan);
            }

            return parsed.GetValue(exitCode) && !plan.IsEmpty ? ExitCodes.Failure : ExitCodes.Success;
        });
        return command;
    }

    // Half of a factory would make a plan that removes the other half.
    private static FactoryDefinition? Load(string path, string? environment)
    {
        var factory = FactoryFolder.Load(path, environment);
        var broken = factory.Diagnostics
            .Where(found => found.Severity == DiagnosticSeverity.Error && found.Code.Value.StartsWith("AUX10", StringComparison.Ordinal))
            .ToArray();
        if (broken.Length == 0)
        {
            return factory;
        }

        DiagnosticLines.Write(Console.Error, broken);
        Console.Error.WriteLine($"auspex: {path} cannot be read as a whole; there is no plan for half of a factory.");
        return null;
    }
}
