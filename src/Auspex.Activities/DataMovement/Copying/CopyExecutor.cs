using System.Text.Json.Nodes;
using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Sql;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>Runs <c>Copy</c>: files to files, rows to files, a table or a REST service, documents to files.</summary>
/// <remarks>
/// A file appears whole or not at all, and an attempt that runs again writes the same files. A table gets all rows or none, with
/// the script before them, in one transaction. That the attempt is done is checkpointed after it; a crash between the database's
/// commit and that checkpoint, milliseconds, lets rows be inserted twice unless <c>preCopyScript</c> clears the table or they are merged.
/// A REST service has no transactions: an attempt that runs again sends everything again.
/// </remarks>
internal sealed class CopyExecutor(DataServices services) : IActivityExecutor
{
    private const string OutputMember = "output";
    private const string DeleteMember = "delete";

    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var settings = CopySettings.Read(attempt, services.Options);
        var source = await ResolveAsync(attempt, attempt.Inputs, "inputs", cancellationToken);
        var sink = await ResolveAsync(attempt, attempt.Outputs, "outputs", cancellationToken);
        if (attempt.Checkpoint is { } done)
        {
            return await FinishAsync(attempt, settings, source, done, cancellationToken);
        }

        Check(attempt, source, sink);
        var report = new CopyReport(services.Clock)
        {
            CountsFiles = (CopyWork.IsFiles(source), CopyWork.IsFiles(sink)),
            CountsRows = source.Shape != DataShape.Binary,
        };
        await using var log = await OpenLogAsync(attempt, settings, cancellationToken);
        var work = new CopyWork(services, attempt, settings, source, sink, report, log);
        try
        {
            await CopyAsync(work, cancellationToken);
            await log.CompleteAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested
            && ActivityFailures.Translate(failure, "2200", "2201", SideOf(failure)) is { } translated)
        {
            await log.CompleteAsync(cancellationToken);
            AddLogs(report, log);
            throw ActivityFailures.Translate(
                failure, "2200", "2201", SideOf(failure), report.ToOutput(source, sink, (translated.ActivityErrorCode, translated.Message)))!;
        }

        AddLogs(report, log);
        if (settings.ValidatesConsistency && source.Shape != DataShape.Binary)
        {
            report.Verification = "Verified";
        }

        var output = report.ToOutput(source, sink, null);
        if (CopyWork.IsFiles(sink) && work.ToDelete.Count == 0)
        {
            return output;
        }

        // What may not happen twice has happened: from here on an attempt that runs again only ends it.
        var checkpoint = new JsonObject
        {
            [OutputMember] = output,
            [DeleteMember] = new JsonArray([.. work.ToDelete.Select(path => (JsonNode)path)]),
        };
        await attempt.SaveCheckpointAsync(checkpoint, CancellationToken.None);
        return await FinishAsync(attempt, settings, source, checkpoint, cancellationToken);
    }

    private static Task CopyAsync(CopyWork work, CancellationToken cancellationToken) => (work.Source.Shape, work.Sink.Shape) switch
    {
        (DataShape.Binary, _) => new BinaryCopy(work).RunAsync(cancellationToken),
        (DataShape.Json or DataShape.Rest, DataShape.Json) when !work.Settings.Sink.Object("formatSettings").Has("maxRowsPerFile") =>
            new DocumentCopy(work).RunAsync(cancellationToken),
        _ => new TabularCopy(work).RunAsync(cancellationToken),
    };

    private async Task<JsonObject> FinishAsync(
        ActivityAttempt attempt, CopySettings settings, ResolvedDataset source, JsonObject checkpoint, CancellationToken cancellationToken)
    {
        var paths = checkpoint.ArrayMember(DeleteMember) ?? [];
        if (paths.Count > 0)
        {
            var place = services.Places.Open(attempt, source, settings.Source.Object("storeSettings"));
            foreach (var path in paths)
            {
                await place.Store.DeleteAsync(path!.GetValue<string>(), cancellationToken);
            }
        }

        return (JsonObject)checkpoint[OutputMember]!.DeepClone();
    }

    private async Task<ResolvedDataset> ResolveAsync(
        ActivityAttempt attempt, IReadOnlyList<ResourceReference> references, string member, CancellationToken cancellationToken)
    {
        if (references.Count == 1)
        {
            return await services.Datasets.ResolveAsync(attempt, references[0], cancellationToken);
        }

        // Synapse and hand-written files may keep the dataset inside the source or sink.
        var side = PropertyReader.Of(attempt).Object(member == "inputs" ? "source" : "sink");
        var inner = ReferenceLoader.Load(side.Json.Member("dataset"));
        return references.Count == 0 && inner is not null
            ? await services.Datasets.ResolveAsync(attempt, inner, cancellationToken)
            : throw ActivityFailures.Wrong(attempt.Activity.Name, "$." + member, $"{references.Count} datasets", "exactly one");
    }

    private static void Check(ActivityAttempt attempt, ResolvedDataset source, ResolvedDataset sink)
    {
        if ((source.Shape == DataShape.Binary) != (sink.Shape == DataShape.Binary))
        {
            throw ActivityFailures.Unsupported(
                $"Copy activity '{attempt.Activity.Name}' copies from '{source.Name}' ({source.Type}) to '{sink.Name}' ({sink.Type}); Binary goes to Binary only.");
        }
    }

    private async Task<CopyLog> OpenLogAsync(ActivityAttempt attempt, CopySettings settings, CancellationToken cancellationToken) => new(
        await PlaceAsync(attempt, settings.Log, cancellationToken),
        await PlaceAsync(attempt, settings.RedirectedRows, cancellationToken),
        attempt.Activity.Name,
        attempt.ActivityRunId,
        settings.LogsEverything,
        services.Clock);

    private async Task<FilePlace?> PlaceAsync(ActivityAttempt attempt, LogPlace? log, CancellationToken cancellationToken) => log is null
        ? null
        : services.Places.OpenFolder(attempt, await services.Datasets.ResolveStoreAsync(attempt, log.Store, cancellationToken), log.Path);

    private static void AddLogs(CopyReport report, CopyLog log)
    {
        report.LogFilePath = log.LogFilePath;
        report.RedirectRowPath = log.RedirectRowPath;
    }

    // Databases are mostly written to; everything else says its place itself.
    private static string SideOf(Exception failure) => failure is SqlTableException ? "Sink" : "Source";
}
