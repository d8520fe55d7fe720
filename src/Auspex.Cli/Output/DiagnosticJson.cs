using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Cli.Output;

/// <summary>Diagnostics for programs: an object each, or all of them in the format that code hosts read.</summary>
internal static class DiagnosticJson
{
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";

    /// <summary>One diagnostic.</summary>
    public static JsonObject Of(Diagnostic diagnostic) => new()
    {
        ["code"] = diagnostic.Code.Value,
        ["severity"] = diagnostic.Severity.ToString(),
        ["file"] = diagnostic.File,
        ["path"] = diagnostic.JsonPath,
        ["line"] = diagnostic.Line,
        ["column"] = diagnostic.Column,
        ["message"] = diagnostic.Message,
        ["fix"] = diagnostic.Fix,
    };

    /// <summary>All of them as SARIF 2.1.0.</summary>
    public static JsonObject Sarif(IReadOnlyCollection<Diagnostic> diagnostics) => new()
    {
        ["$schema"] = Schema,
        ["version"] = "2.1.0",
        ["runs"] = new JsonArray(new JsonObject
        {
            ["tool"] = new JsonObject
            {
                ["driver"] = new JsonObject
                {
                    ["name"] = "auspex",
                    ["rules"] = new JsonArray([.. diagnostics.Select(diagnostic => diagnostic.Code.Value).Distinct().Order(StringComparer.Ordinal)
                        .Select(code => new JsonObject { ["id"] = code })]),
                },
            },
            ["columnKind"] = "utf16CodeUnits",
            ["results"] = new JsonArray([.. diagnostics.Select(Result)]),
        }),
    };

    private static JsonObject Result(Diagnostic diagnostic)
    {
        var result = new JsonObject
        {
            ["ruleId"] = diagnostic.Code.Value,
            ["level"] = diagnostic.Severity switch
            {
                DiagnosticSeverity.Error => "error",
                DiagnosticSeverity.Warning => "warning",
                _ => "note",
            },
            ["message"] = new JsonObject { ["text"] = diagnostic.Message },
        };
        if (diagnostic.File is { } file)
        {
            var place = new JsonObject
            {
                ["artifactLocation"] = new JsonObject { ["uri"] = string.Join('/', file.Split('/').Select(Uri.EscapeDataString)) },
            };
            if (diagnostic.Line is { } line)
            {
                place["region"] = new JsonObject { ["startLine"] = line, ["startColumn"] = diagnostic.Column ?? 1 };
            }

            result["locations"] = new JsonArray(new JsonObject
            {
                ["physicalLocation"] = place,
                ["logicalLocations"] = new JsonArray(new JsonObject { ["fullyQualifiedName"] = diagnostic.JsonPath }),
            });
        }

        if (diagnostic.Fix is { } fix)
        {
            result["properties"] = new JsonObject { ["fix"] = fix };
        }

        return result;
    }
}
