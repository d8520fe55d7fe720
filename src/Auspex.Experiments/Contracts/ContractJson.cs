using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Experiments.Contracts;

/// <summary>A report for programs: all differences.</summary>
internal static class ContractJson
{
    public static JsonObject Of(ContractReport report) => new()
    {
        ["input"] = report.Input,
        ["against"] = report.Contract.Subject,
        ["fits"] = report.Fits,
        ["errors"] = report.Errors,
        ["warnings"] = report.Warnings,
        ["rows"] = report.Rows,
        ["bytes"] = report.Bytes,
        ["whole"] = report.IsWhole,
        ["checked"] = report.Contract.Basis,
        ["differences"] = new JsonArray([.. report.Differences.Select(Of)]),
    };

    private static JsonObject Of(ContractDifference difference)
    {
        var json = new JsonObject
        {
            ["code"] = difference.Code.Value,
            ["severity"] = difference.Severity switch
            {
                DiagnosticSeverity.Error => "error",
                DiagnosticSeverity.Warning => "warning",
                _ => "information",
            },
            ["column"] = difference.Column,
            ["found"] = difference.Found,
            ["expected"] = difference.Expected,
            ["remedy"] = difference.Remedy,
        };
        if (difference.Rows is { } rows)
        {
            json["rows"] = rows;
            json["share"] = difference.Share is { } share ? Math.Round(share, 6) : null;
            json["firstRow"] = difference.FirstRow;
        }

        return json;
    }
}
