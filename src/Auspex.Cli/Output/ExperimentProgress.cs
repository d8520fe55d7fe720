using System.Globalization;
using Auspex.Experiments.Execution;

namespace Auspex.Cli.Output;

/// <summary>Shows the nodes of a running experiment, and how far the longest one is.</summary>
internal sealed class ExperimentProgress(TimeProvider clock, bool quiet)
{
    private const int MostLogLines = 40;

    private readonly ProgressLine _line = new(Console.Error, !Console.IsErrorRedirected, clock);

    /// <summary>Takes a change of a node.</summary>
    public void Report(NodeUpdate update)
    {
        if (!quiet && update is { Status: NodeStatus.Running, Message: { } what })
        {
            _line.Report($"{update.Node} ({update.Module}): {what}", update.Done, update.Total, "steps");
        }
    }

    /// <summary>Removes the progress line, so that what follows starts clean.</summary>
    public void Clear() => _line.Clear();

    /// <summary>Writes what became of every node, a line each.</summary>
    public void Show(ExperimentRunResult run)
    {
        _line.Clear();
        foreach (var node in run.Nodes.Where(_ => !quiet))
        {
            // What the caller gave, or what it takes the place of, has taken no time.
            var time = node switch
            {
                { Status: NodeStatus.NotStarted } => "",
                { IsFromCache: true } => "unchanged",
                _ => string.Create(CultureInfo.InvariantCulture, $"{node.Elapsed.TotalSeconds:0.00} s"),
            };
            Console.WriteLine($"{node.StatusText,-9} {time,9}  {node.Node} ({node.Module})");
            if (node.Status != NodeStatus.Failed)
            {
                WriteLog(Console.Out, node, node.Log.Where(IsOfAScript));
            }
        }

        foreach (var error in run.Errors)
        {
            Console.Error.WriteLine(
                $"auspex: error in node '{error.Node}' ({error.Module}): "
                + string.Create(CultureInfo.InvariantCulture, $"Error {error.Number:0000}: {error.Message}"));
            if (run.Nodes.FirstOrDefault(node => node.Node == error.Node && node.Status == NodeStatus.Failed) is { } failed)
            {
                WriteLog(Console.Error, failed, failed.Log.Where(line => !line.StartsWith("Error ", StringComparison.Ordinal)));
            }
        }
    }

    // The last lines say what went wrong; all of them are in the page of --report.
    private static void WriteLog(TextWriter writer, NodeRun node, IEnumerable<string> log)
    {
        List<string> lines = [.. log];
        if (lines.Count > MostLogLines)
        {
            writer.WriteLine($"  {node.Node} | ... {Counted.Of(lines.Count - MostLogLines, "line")} before, see --report FILE.html");
        }

        foreach (var line in lines.TakeLast(MostLogLines))
        {
            writer.WriteLine($"  {node.Node} | {line}");
        }
    }

    private static bool IsOfAScript(string line) =>
        line.StartsWith("stdout: ", StringComparison.Ordinal) || line.StartsWith("stderr: ", StringComparison.Ordinal);
}
