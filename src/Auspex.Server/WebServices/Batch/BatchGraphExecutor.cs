using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Engine.Dispatch;
using Auspex.Experiments.Modules;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// The only step of a job whose service is not row-wise: reads the inputs, runs the graph, writes the outputs. A row-wise one whose files are
/// not plain text is streamed here too.
/// </summary>
/// <remarks>Doing it again writes the same blobs. What Export Data modules write elsewhere is written again too.</remarks>
internal sealed class BatchGraphExecutor(
    BatchWorkOpener opener,
    BatchInputReader inputs,
    BatchOutputWriter outputs,
    BatchTableScorer rowwise,
    ModuleServices services,
    IOptions<WebServiceOptions> settings) : IActivityExecutor
{
    public Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken) =>
        BatchWorkOpener.GuardAsync(attempt, async () =>
        {
            var work = await opener.OpenAsync(attempt, cancellationToken);
            if (BatchTableScorer.Takes(work))
            {
                return await ScoreAsync(attempt, work, cancellationToken);
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

            var values = await work.Model.Runtime.ExecuteAsync(
                tables,
                work.Body.Parameters,
                services with
                {
                    ReportProgress = (text, done, total) => attempt.ReportProgress(new ActivityProgress(done, total, text)),
                },
                cancellationToken);
            await outputs.WriteAsync(values, work.Body.Outputs, cancellationToken);
            return new JsonObject
            {
                ["rows"] = tables.Values.Sum(table => (long)table.RowCount),
                ["rejected"] = rejected,
                ["rejects"] = rejects,
            };
        });

    private async Task<JsonObject> ScoreAsync(ActivityAttempt attempt, BatchWork work, CancellationToken cancellationToken)
    {
        var input = work.Model.Shape.Inputs[0];
        var path = work.Body.Inputs[input.Name].RelativeLocation!;
        var rejected = new RejectedRows(path, work.Body.BadRows ?? settings.Value.ReadBadRowPolicy());
        ImmutableArray<string> columns = [];
        var rejects = new JsonArray();
        var rows = await rowwise.RunAsync(
            work,
            rejected.Take,
            found => columns = found,
            KeepAsync,
            done => attempt.ReportProgress(new ActivityProgress(done, null, "scoring")),
            cancellationToken);
        return new JsonObject { ["rows"] = rows, ["rejected"] = rejected.Count, ["rejects"] = rejects };

        async Task KeepAsync(long scored)
        {
            rejected.CheckAll(scored + rejected.Count);
            if (!rejected.Pending.IsEmpty)
            {
                var preamble = RejectedRows.Preamble(
                    RejectedRows.RecordName(path), RejectedRows.HeaderOf(columns, DelimitedTextOptions.Csv));
                rejects.Add(await inputs.KeepAsync(work, input, preamble, rejected.Pending, cancellationToken));
            }
        }
    }
}
