using System.Globalization;
using Auspex.Experiments.Execution;

namespace Auspex.Cli.Output;

/// <summary>Shows the nodes of a running experiment, and how far the longest one is.</summary>
internal sealed class ExperimentProgress(TimeProvider clock, bool quiet)
{
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
            var time = node.IsFromCache
                ? "unchanged"
                : string.Create(CultureInfo.InvariantCulture, $"{node.Elapsed.TotalSeconds:0.00} s");
            Console.WriteLine($"{node.StatusText,-9} {time,9}  {node.Node} ({node.Module})");
        }

        foreach (var error in run.Errors)
        {
            Console.Error.WriteLine(
                $"auspex: error in node '{error.Node}' ({error.Module}): "
                + string.Create(CultureInfo.InvariantCulture, $"Error {error.Number:0000}: {error.Message}"));
        }
    }
}
