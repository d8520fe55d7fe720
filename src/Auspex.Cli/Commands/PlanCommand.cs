using System.CommandLine;
using Auspex.Cli.Output;
using Auspex.Cli.Workspace;
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
        var old = new Argument<string>("OLD") { Description = "The factory as it is: a folder, an exported template, a definition's file, or a git revision such as HEAD~1 or main:factory." };
        var now = new Argument<string>("NEW") { Description = "The factory as it is to be." };
        var environment = SharedOptions.Environment();
        var exitCode = new Option<bool>("--exit-code") { Description = "End with 1 when the plan is not empty." };
        var json = SharedOptions.Json();
        var command = new Command("plan", "Say what a change to a factory will do.") { old, now, environment, exitCode, json };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(environment);
            var (left, right) = (parsed.GetRequiredValue(old), parsed.GetRequiredValue(now));
            if (Load(left, right, name) is not { } before || Load(right, left, name) is not { } after)
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
    private static FactoryDefinition? Load(string path, string other, string? environment)
    {
        if (Path.Exists(path))
        {
            return LoadFolder(path, path, environment);
        }

        // A revision is one of the other side's folder, or of where we are when both are revisions.
        var (files, problem) = GitRevision.Open(Directory.Exists(other) ? other : Directory.GetCurrentDirectory(), path);
        if (files is null)
        {
            Console.Error.WriteLine($"auspex: {problem}. Name a folder, a template, a definition's file or a git revision.");
            return null;
        }

        using (files)
        {
            return LoadFolder(files.Folder, path, environment);
        }
    }

    private static FactoryDefinition? LoadFolder(string path, string name, string? environment)
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
        Console.Error.WriteLine($"auspex: {name} cannot be read as a whole; there is no plan for half of a factory.");
        return null;
    }
}
