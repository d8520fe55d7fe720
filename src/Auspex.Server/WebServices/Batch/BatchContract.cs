using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;
using Auspex.Experiments.Contracts;
using Auspex.Server.WebServices.Scoring;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Holds the beginning of a job's input against what the web service asks, before anything is computed.</summary>
internal static class BatchContract
{
    // Outputs of activities are journaled; whoever wants all of it runs the check itself.
    private const int MostKept = 20;

    /// <summary>Reads the beginning of an input and checks it, whatever its format.</summary>
    /// <exception cref="InputContractException">Every row would be bad or wrong; the message says why, for the job's details.</exception>
    /// <exception cref="TableFormatException">The file is damaged.</exception>
    /// <exception cref="BlobStoreException">The blob cannot be read.</exception>
    public static async Task<ContractReport> RequireAsync(
        BatchWork work, InputShape input, LocalInput file, CancellationToken cancellationToken)
    {
        var contract = work.Model.Runtime.ContractOf(input.Name, work.Body.Parameters);
        var report = await InputCheck.RunFileAsync(
            contract,
            file.Path,
            token => file.OpenAsync(0, token),
            new TableReadOptions { Name = file.Path },
            limits: null,
            cancellationToken);
        report.ThrowUnlessFits();
        return report;
    }

    /// <summary>Warnings for an activity's output; null when there is none.</summary>
    public static JsonArray? Warnings(ContractReport report)
    {
        var warnings = report.Differences.Where(difference => difference.Severity == DiagnosticSeverity.Warning).ToList();
        return warnings.Count == 0 ? null : new JsonArray(
        [
            .. warnings.Take(MostKept).Select(warning => (JsonNode)new JsonObject
            {
                ["code"] = warning.Code.Value,
                ["column"] = warning.Column,
                ["message"] = $"Found {warning.Found}; expected {warning.Expected}. {warning.Remedy}",
            }),
        ]);
    }
}
