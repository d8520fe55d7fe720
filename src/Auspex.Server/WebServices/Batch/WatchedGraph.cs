using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;

namespace Auspex.Server.WebServices.Batch;

/// <summary>The graph of a job: runs it, then those of challengers, and reports drift and disagreement at every module that scores.</summary>
internal sealed class WatchedGraph(
    BatchWork work, IReadOnlyDictionary<string, TableBatch> tables, GraphWatch watch, ModuleServices services)
{
    public BatchWork Work => work;

    /// <summary>Gives the outputs of the model that is served.</summary>
    public Task<IReadOnlyDictionary<string, PortValue>> RunAsync(CancellationToken cancellationToken) =>
        work.Model.Runtime.ExecuteAsync(tables, work.Body.Parameters, services, watch, cancellationToken);

    /// <summary>Runs challengers and writes what was asked for, or says why it is not there. After <see cref="RunAsync"/>.</summary>
    public async Task ReportAsync(OutputReports reports, CancellationToken cancellationToken)
    {
        if (!reports.HavePlace)
        {
            NoteNoPlace(reports);
            return;
        }

        if (watch.CountsDrift)
        {
            await ReportDriftAsync(reports, cancellationToken);
        }

        if (work.Challengers.IsEmpty)
        {
            return;
        }

        var contest = new GraphContest(watch.Name, work.Model.Runtime, watch);
        foreach (var (name, challenger) in work.Challengers)
        {
            if (await contest.TryAddAsync(name, challenger.Runtime, tables, work.Body.Parameters, services, cancellationToken) is { } problem)
            {
                reports.NoteChallengers(problem);
            }
        }

        foreach (var (node, report) in contest.Reports())
        {
            await reports.WriteAsync(report, NameOf(node), cancellationToken);
        }
    }

    private void NoteNoPlace(OutputReports reports)
    {
        // A setting for all jobs does not ask this one.
        if (work.Body.DriftReport == true)
        {
            reports.NoteDrift("No report of drift: the job has no output to write it beside. Name one, from a web service output of the experiment.");
        }

        if (!work.Challengers.IsEmpty)
        {
            reports.NoteChallengers("No report of challengers: the job has no output to write it beside. Name one, from a web service output of the experiment.");
        }
    }

    private async Task ReportDriftAsync(OutputReports reports, CancellationToken cancellationToken)
    {
        // A job that trains its model is not asked by a setting for all jobs, but by itself.
        if (work.Model.Runtime.ScoringNodes.Count == 0 && work.Body.DriftReport == true)
        {
            reports.NoteDrift(DriftTexts.NothingScores);
        }

        foreach (var (node, model) in work.Model.Runtime.ScoringNodes)
        {
            if (watch.DriftOf(node) is { } drift)
            {
                await reports.WriteAsync(drift, NameOf(node), cancellationToken);
            }
            else
            {
                reports.NoteDrift(DriftTexts.Unknown(model));
            }
        }
    }

    // With one module that scores, the reports are named as those of a row-wise job.
    private string? NameOf(string node) => work.Model.Runtime.ScoringNodes.Count == 1 ? null : node;
}
