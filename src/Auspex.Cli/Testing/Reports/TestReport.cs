using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Cli.Output;

namespace Auspex.Cli.Testing.Reports;

/// <summary>Results for people: a line per test under its file's name, reasons below those that failed, a summary.</summary>
/// <param name="output">Where to.</param>
/// <param name="json">A JSON line per test and one for the summary instead.</param>
internal sealed class TestReport(TextWriter output, bool json)
{
    private string? _file;

    public void Show(TestResult result)
    {
        if (json)
        {
            output.WriteLine(new JsonObject
            {
                ["file"] = result.File,
                ["line"] = result.Line,
                ["test"] = result.Name,
                ["outcome"] = result.HasPassed ? "passed" : result.IsError ? "error" : "failed",
                ["seconds"] = Math.Round(result.Duration.TotalSeconds, 3),
                ["virtualSeconds"] = result.VirtualDuration?.TotalSeconds,
                ["failures"] = new JsonArray([.. result.Failures.Select(failure => JsonValue.Create(failure))]),
            }.ToJsonString());
            return;
        }

        if (_file != result.File)
        {
            output.WriteLine(result.File);
            _file = result.File;
        }

        var outcome = result.HasPassed ? "ok" : result.IsError ? "ERROR" : "FAILED";
        var line = result.Line is { } number && !result.HasPassed ? string.Create(CultureInfo.InvariantCulture, $" (line {number})") : "";
        output.WriteLine($"  {outcome,-6} {result.Name}{line}{Times(result)}");
        foreach (var failure in result.Failures.SelectMany(failure => failure.Split('\n')))
        {
            output.WriteLine("           " + failure);
        }
    }

    public void Summarize(IReadOnlyCollection<TestResult> results, TimeSpan duration)
    {
        var failed = results.Count(result => !result.HasPassed);
        if (json)
        {
            output.WriteLine(new JsonObject
            {
                ["passed"] = results.Count - failed,
                ["failed"] = failed,
                ["seconds"] = Math.Round(duration.TotalSeconds, 3),
            }.ToJsonString());
            return;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Of(results.Count, "test")}: {results.Count - failed} passed, {failed} failed ({duration.TotalSeconds:0.00} s)"));
    }

    private static string Times(TestResult result)
    {
        var real = string.Create(CultureInfo.InvariantCulture, $"{result.Duration.TotalMilliseconds:0} ms");
        return result.VirtualDuration is { Ticks: >= TimeSpan.TicksPerSecond } span
            ? string.Create(CultureInfo.InvariantCulture, $"  [{real} for {span:d\\.hh\\:mm\\:ss}]")
            : $"  [{real}]";
    }
}
