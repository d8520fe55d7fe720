using System.CommandLine;
using Auspex.Cli.Commands;
using Auspex.Cli.Testing.Recordings;
using Auspex.Errors;
using Auspex.Experiments.Contracts;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;

namespace Auspex.Cli;

/// <summary>The program's commands, and what becomes of an error that none of them caught.</summary>
internal static class CommandLineProgram
{
    // After Ctrl+C or SIGTERM, calls are answered, jobs elsewhere are told, and leases are given back.
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(15);

    /// <summary>Parses and runs; returns one of <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(
            "Auspex runs Data Factory and Synapse pipeline JSON unchanged, and serves Machine Learning Studio (classic) experiments.")
        {
            DemoCommand.Create(),
            UpCommand.Create(),
            RunCommand.Create(),
            ValidateCommand.Create(),
            TestCommand.Create(),
            PlanCommand.Create(),
            EvalCommand.Create(),
            ExperimentCommand.Create(),
            TrainCommand.Create(),
            ScoreCommand.Create(),
            ImportCommand.Create(),
            RunsCommand.Create(),
            ModelsCommand.Create(),
        };

        try
        {
            // Expressions begin with an at sign; none of them is a response file.
            var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (args.Length == 0)
            {
                await root.Parse("--help").InvokeAsync();
                return ExitCodes.BadDefinition;
            }

            if (parsed.Errors.Count > 0)
            {
                foreach (var error in parsed.Errors)
                {
                    await Console.Error.WriteLineAsync("auspex: " + error.Message);
                }

                await Console.Error.WriteLineAsync("auspex: 'auspex --help' lists the commands, 'auspex COMMAND --help' a command's options.");
                return ExitCodes.BadDefinition;
            }

            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopTime },
                CancellationToken.None);
        }
        catch (RecordingException exception)
        {
            await Console.Error.WriteLineAsync($"auspex: error {exception.Code}: {exception.Message}");
            return ExitCodes.BadDefinition;
        }
        catch (InputContractException exception)
        {
            await Console.Error.WriteLineAsync($"auspex: error {exception.Code}: {exception.Message}");
            return ExitCodes.BadDefinition;
        }
        catch (WebServiceCallException exception)
        {
            await Console.Error.WriteLineAsync($"auspex: error {exception.Code}: {exception.Message}");
            return ExitCodes.BadDefinition;
        }
        catch (ModuleException exception)
        {
            await Console.Error.WriteLineAsync($"auspex: {exception.Report}");
            return ExitCodes.Failure;
        }
        catch (AuspexException exception)
        {
            await Console.Error.WriteLineAsync($"auspex: error {exception.Code}: {exception.Message}");
            return ExitCodes.Failure;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("auspex: stopped.");
            return ExitCodes.Canceled;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The system's own words name the file and the reason: a full disk, a missing folder, no permission.
            await Console.Error.WriteLineAsync("auspex: error: " + exception.Message);
            return ExitCodes.Failure;
        }
    }
}
