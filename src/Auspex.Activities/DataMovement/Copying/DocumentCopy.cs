using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement.Copying.Mapping;
using Auspex.Activities.DataMovement.Reading;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Formats;
using Auspex.Errors;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>Copies documents to JSON files: as they are, or with members put to other places, hierarchies kept either way.</summary>
internal sealed class DocumentCopy(CopyWork work)
{
    private readonly AddedColumns _added = AddedColumns.Read(work.Settings.Source);

    /// <summary>Copies everything.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var targets = new FileTargets(work);
        var place = CopyWork.IsFiles(work.Source) ? work.OpenSourcePlace() : null;
        var files = place is null
            ? null
            : await work.SelectAsync(
                place, FileSelection.Read(work.Settings.Source.Object("storeSettings"), work.Source, recursive: true), cancellationToken);
        await work.ForEachAsync(
            FileGroup.Divide(files, targets), (group, _, token) => CopyGroupAsync(group, place, targets, token), cancellationToken);
    }

    private async Task CopyGroupAsync(FileGroup group, FilePlace? place, FileTargets targets, CancellationToken cancellationToken)
    {
        await using var output = await targets.OpenAsync(group.Path!, cancellationToken);
        await using (var json = new JsonOutput(work, output.Stream, group.Path!))
        {
            await foreach (var (documents, file) in OpenAsync(group, place, cancellationToken))
            {
                var elements = DocumentReader.ElementsAsync(documents, work.Settings.Mapping.Collection, cancellationToken);
                await foreach (var element in elements)
                {
                    work.Report.AddRowsRead(1);
                    var document = element with { Element = _added.AddTo(element.Element, file) };
                    await json.Writer.WriteAsync(Map(document), cancellationToken);
                    work.Report.AddRowsCopied(1);
                }
            }

            await json.Writer.CompleteAsync(cancellationToken);
        }

        await output.CommitAsync(cancellationToken);
    }

    private JsonNode? Map(DocumentElement element)
    {
        var entries = work.Settings.Mapping.Entries;
        if (entries.Count == 0)
        {
            return element.Element;
        }

        var mapped = new JsonObject();
        foreach (var entry in entries)
        {
            var path = entry.Source.Path ?? JsonPath.Of(entry.Source.Name ?? "");
            Put(mapped, entry.Sink, path.Select(path.IsAbsolute ? element.Root : element.Element)?.DeepClone());
        }

        return mapped;
    }

    private static void Put(JsonObject document, MappingEnd sink, JsonNode? value)
    {
        var names = sink.Path?.Names ?? [sink.Name ?? ""];
        var place = document;
        foreach (var name in names.Take(names.Count - 1))
        {
            if (place[name] is not JsonObject inner)
            {
                inner = [];
                place[name] = inner;
            }

            place = inner;
        }

        place[names.Count > 0
            ? names[^1]
            : throw new TableFormatException(ErrorCode.RowIncompatible, "A mapping of the sink names no member; expected a path such as $['a'].")] = value;
    }

    private async IAsyncEnumerable<(IAsyncEnumerable<JsonNode?> Documents, SelectedFile? File)> OpenAsync(
        FileGroup group, FilePlace? place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (place is null)
        {
            var pages = new RestPages(work.Services, work.Attempt, work.Source, work.Settings.Source);
            yield return (pages.ReadAsync(cancellationToken), null);
            work.Report.AddRead(pages.BytesRead);
            yield break;
        }

        foreach (var file in group.Files)
        {
            await foreach (var content in work.OpenAsync(place, file, Compression.Of(work.Source), cancellationToken))
            {
                yield return (
                    JsonDocumentReader.ReadAsync(content.Stream, work.Source.Text("encodingName"), content.Name, cancellationToken), file);
            }
        }
    }
}
