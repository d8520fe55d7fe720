using System.Text.Json.Nodes;
using Auspex.Connectors.Tables;
using Auspex.Engine.Dispatch;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server.WebServices.Models;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// The only step of a job whose service is not row-wise: reads the inputs, runs the graph, writes the outputs. Runs of earlier
/// versions may hold a row-wise one too, whose files are not plain text; it is scored as any row-wise job.
/// </summary>
/// <remarks>Doing it again writes the same blobs. What Export Data modules write elsewhere is written again too.</remarks>
internal sealed class BatchGraphExecutor(
    BatchWorkOpener opener,
    BatchInputReader inputs,
    BatchOutputWriter outputs,
    BatchScoreExecutor rowwise,
    ModelOrigins origins,
    ModuleServices services,
    BlobFetcher blobs,
    IOptions<WebServiceOptions> options) : IActivityExecutor
{
    public Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken) =>
        BatchWorkOpener.GuardAsync(attempt, async () =>
        {
            var work = await opener.OpenAsync(attempt, cancellationToken);
            if (RowwiseJob.Takes(work.Body, work.Model))
            {
                return await rowwise.ScoreAsync(attempt, work, cancellationToken);
            }

            var tables = new Dictionary<string, TableBatch>(StringComparer.Ordinal);
            var rejected = 0L;
            var rejects = new JsonArray();
            foreach (var input in work.Model.Shape.Inputs)
            {
                var (table, bad, kept) = await inputs.ReadAsync(work, input, cancellationToken);
                tables[input.Name] = table;
                rejected += bad;
                if (kept is not null)
                {
                    rejects.Add(kept);
                }

                attempt.ReportProgress(new ActivityProgress(table.RowCount, table.RowCount, $"read {input.Name}"));
            }

            var watch = new GraphWatch
            {
                Source = string.Join(", ", work.Body.Inputs.Values.Select(input => Path.GetFileName(input.RelativeLocation))),
                Name = "served",
                CountsDrift = work.Body.DriftReport ?? options.Value.ReportDrift,
                Keeps = work.Challengers.IsEmpty ? GraphContest.Nothing : GraphContest.Keeps(work.Model.Runtime),
            };
            var graph = new WatchedGraph(work, tables, watch, services with
            {
                ReportProgress = (text, done, total) => attempt.ReportProgress(new ActivityProgress(done, total, text)),
            });

            // What the graph gave is let go once it is written, so that challengers find the memory that it had.
            await using var staged = await StageAsync(attempt, graph, cancellationToken);
            var reports = OpenReports(work);
            await graph.ReportAsync(reports, cancellationToken);
            await staged.CommitAsync(cancellationToken);
            return new JsonObject
            {
                ["rows"] = tables.Values.Sum(table => (long)table.RowCount),
                ["rejected"] = rejected,
                ["rejects"] = rejects,
                ["warnings"] = reports.AddNotesTo(null),
                ["reports"] = reports.Paths,
            };
        });

    // A graph may keep what it makes in a database alone.
    private OutputReports OpenReports(BatchWork work)
    {
        if (work.Body.Outputs.Values.FirstOrDefault() is not { } output)
        {
            return new OutputReports(null, "");
        }

        var (store, path) = blobs.OpenStore(output);
        return new OutputReports(store, path);
    }

    private async Task<StagedOutputs> StageAsync(ActivityAttempt attempt, WatchedGraph graph, CancellationToken cancellationToken)
    {
        var values = await graph.RunAsync(cancellationToken);

        // Before the files are there, so that nobody can use one whose origin is not known yet.
        foreach (var (name, origin) in graph.Work.Model.Runtime.OriginsOf(attempt.RunId.Value, values))
        {
            await origins.RememberAsync(((ModelValue)values[name]).Model, origin, cancellationToken);
        }

        return await outputs.StageAsync(values, graph.Work.Body.Outputs, cancellationToken);
    }
}
