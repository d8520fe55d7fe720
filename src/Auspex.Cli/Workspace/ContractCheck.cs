using Auspex.Connectors.Formats;
using Auspex.Errors;
using Auspex.Experiments.Contracts;
using Auspex.Experiments.Models;

namespace Auspex.Cli.Workspace;

/// <summary>Holds the beginning of a file against a model before any row of it is scored.</summary>
internal static class ContractCheck
{
    /// <summary>Prints to standard error what is suspicious about a file that is scored all the same.</summary>
    public static void Warn(ContractReport report)
    {
        // Columns that merely pass through are no news to whoever scores.
        var warnings = report with
        {
            Differences = [.. report.Differences.Where(difference => difference.Severity != DiagnosticSeverity.Information)],
        };
        Console.Error.WriteLine($"auspex: {warnings.ToText()}");
    }

    /// <summary>Only checks, and prints the whole report: <c>auspex score --check</c>.</summary>
    /// <returns>Success when the file fits, with warnings or without; else that an input is wrong.</returns>
    public static async Task<int> ReportAsync(
        FileInfo modelFile, string inputPath, bool json, CancellationToken cancellationToken)
    {
        var report = await RunAsync(ModelFiles.ReadModel(modelFile.FullName), inputPath, cancellationToken);
        await Console.Out.WriteLineAsync(json ? report.ToJson().ToJsonString() : report.ToText());
        return report.Fits ? ExitCodes.Success : ExitCodes.BadDefinition;
    }

    private static Task<ContractReport> RunAsync(TrainedModel model, string inputPath, CancellationToken cancellationToken) =>
        InputCheck.RunFileAsync(
            InputContract.Of(model),
            inputPath,
            _ => Task.FromResult<Stream>(File.OpenRead(inputPath)),
            new TableReadOptions { Name = inputPath, MissingMarkers = ["?"] },
            limits: null,
            cancellationToken);
}
