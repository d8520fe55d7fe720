using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement.Copying.Mapping;
using Auspex.Activities.DataMovement.Reading;
using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>Copies rows: reads each source as a table, maps and converts its columns, and writes them to files, a table or a REST service.</summary>
internal sealed class TabularCopy(CopyWork work)
{
    private readonly AddedColumns _added = AddedColumns.Read(work.Settings.Source);
    private long _reported;

    /// <summary>Copies everything.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var targets = CopyWork.IsFiles(work.Sink) ? new FileTargets(work) : null;
        var place = CopyWork.IsFiles(work.Source) ? work.OpenSourcePlace() : null;
        var files = place is null
            ? null
            : await work.SelectAsync(
                place, FileSelection.Read(work.Settings.Source.Object("storeSettings"), work.Source, recursive: true), cancellationToken);
        var groups = FileGroup.Divide(files, targets);
        await work.ForEachAsync(groups, (group, _, token) => CopyGroupAsync(group, place, targets, token), cancellationToken);
    }

    private async Task CopyGroupAsync(FileGroup group, FilePlace? place, FileTargets? targets, CancellationToken cancellationToken)
    {
        ITableSink? sink = null;
        try
        {
            TableSchema? written = null;
            var isEmpty = false;
            var table = work.Sink.Shape == DataShape.Table ? await TableTarget.FindAsync(work, cancellationToken) : null;
            await foreach (var opened in OpenAsync(group, place, cancellationToken))
            {
                if (opened.Table.Schema.Fields.Length == 0)
                {
                    isEmpty = true;
                    continue;
                }

                // What is bound first decides about the sink; later sources must fit it.
                var bound = BoundMapping.Of(
                    work.Settings.Mapping, opened.AddsColumns ? _added.AddTo(opened.Table.Schema, opened.File) : opened.Table.Schema,
                    table?.Schema ?? written, work.Sink.Shape == DataShape.DelimitedText, opened.Name, opened.IsMapped);
                written ??= bound.Schema;
                sink ??= table is null
                    ? OpenSink(group, targets, bound.Schema, Shape(bound.Schema, opened))
                    : await table.OpenAsync(bound.Schema, cancellationToken);
                await CopyTableAsync(opened, bound, written, sink, table is not null, cancellationToken);
            }

            if (sink is null && isEmpty && targets is not null)
            {
                var nothing = new TableSchema([]);
                sink = new FileTableSink(work, targets, group.Path!, nothing, JsonRowShape.Of([]));
            }

            if (sink is not null)
            {
                await sink.CompleteAsync(cancellationToken);
            }
        }
        finally
        {
            if (sink is not null)
            {
                await sink.DisposeAsync();
            }
        }
    }

    private ITableSink OpenSink(FileGroup group, FileTargets? targets, TableSchema schema, JsonRowShape shape) => targets is null
        ? new RestSink(work, shape)
        : new FileTableSink(work, targets, group.Path!, schema, shape);

    private async Task CopyTableAsync(
        OpenedTable opened, BoundMapping bound, TableSchema written, ITableSink sink, bool isTable, CancellationToken cancellationToken)
    {
        await foreach (var batch in opened.Table.ReadAsync(cancellationToken))
        {
            work.Report.AddRowsRead(batch.RowCount);
            if (!CopyWork.IsFiles(work.Source) && work.Source.Shape == DataShape.Table)
            {
                work.Report.AddRead(TableSize.Of(batch));
            }

            var extended = opened.AddsColumns ? _added.AddTo(batch, opened.File) : batch;
            var first = work.Report.RowsRead - batch.RowCount;
            var converted = bound.Convert(extended, (row, column, type) => Refuse(extended, row, first, column, type));
            var rows = isTable ? converted : Align(converted, written);
            if (rows.RowCount > 0)
            {
                work.Report.AddRowsCopied(rows.RowCount);
                await sink.WriteAsync(rows, cancellationToken);
                if (isTable)
                {
                    work.Report.AddWritten(TableSize.Of(rows));
                }
            }

            await work.Log.FlushAsync(cancellationToken);
            Progress();
        }
    }

    private void Refuse(TableBatch batch, int row, long before, string column, ColumnType type)
    {
        var message = FormattableString.Invariant(
            $"Row {before + row + 1}, column '{column}': found a value that is no {InterimTypes.NameOf(type)}, as the sink's column is.");
        if (!work.Settings.SkipsRows)
        {
            throw new TableFormatException(
                Errors.ErrorCode.RowIncompatible, $"{message} Mend the data or the mapping, or set enableSkipIncompatibleRow.");
        }

        work.Report.RowSkipped();
        work.Log.SkipRow(CopyLog.Record(batch, row), Errors.ErrorCode.RowIncompatible.Value, message);
    }

    private void Progress()
    {
        // The feed is lossy; now and then is enough.
        var rows = work.Report.RowsRead;
        if (rows - Interlocked.Read(ref _reported) >= 10_000)
        {
            Interlocked.Exchange(ref _reported, rows);
            work.Attempt.ReportProgress(new ActivityProgress(rows, null, "copying"));
        }
    }

    /// <summary>Rows with the columns of the sink, in its order; columns that a later file lacks are missing values.</summary>
    private static TableBatch Align(TableBatch rows, TableSchema written)
    {
        if (rows.Schema.Fields.Select(field => field.Name).SequenceEqual(written.Fields.Select(field => field.Name)))
        {
            return rows;
        }

        var columns = written.Fields.Select(field =>
        {
            var position = rows.Schema.IndexOf(field.Name);
            if (position >= 0)
            {
                return rows.Columns[position];
            }

            var missing = ColumnBuilder.For(field, rows.RowCount);
            for (var row = 0; row < rows.RowCount; row++)
            {
                missing.AppendNull();
            }

            return missing.Build();
        });
        return new TableBatch(written, [.. columns], rows.RowCount);
    }

    private JsonRowShape Shape(TableSchema schema, OpenedTable opened)
    {
        var entries = work.Settings.Mapping.Entries;
        var isJson = schema.Fields.Select((_, i) => opened.IsJson is { } flags && i < flags.Count && flags[i]).ToList();
        return JsonRowShape.At(
            [.. schema.Fields.Select((field, i) => i < entries.Count && entries[i].Sink.Path?.Names is { } names ? names : [field.Name])], isJson);
    }

    /// <summary>Opens what a group reads, one table after the other.</summary>
    private async IAsyncEnumerable<OpenedTable> OpenAsync(
        FileGroup group, FilePlace? place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (place is null && work.Source.Shape == DataShape.Table)
        {
            await using var table = await SqlQueries.OpenAsync(work.Services.Tables, work.Attempt, work.Source, work.Settings.Source, cancellationToken);
            yield return new OpenedTable(table, null, work.Source.Name, IsMapped: false, AddsColumns: true, null);
            yield break;
        }

        if (place is null)
        {
            var pages = new RestPages(work.Services, work.Attempt, work.Source, work.Settings.Source);
            await using var table = await DocumentsAsync(pages.ReadAsync(cancellationToken), null, work.Source.Name, cancellationToken);
            yield return Documents(table, null, work.Source.Name);
            work.Report.AddRead(pages.BytesRead);
            yield break;
        }

        var compression = Compression.Of(work.Source);
        foreach (var file in group.Files)
        {
            await foreach (var content in work.OpenAsync(place, file, compression, cancellationToken))
            {
                if (work.Source.Shape == DataShape.Json)
                {
                    var documents = JsonDocumentReader.ReadAsync(content.Stream, work.Source.Text("encodingName"), content.Name, cancellationToken);
                    await using var table = await DocumentsAsync(documents, file, content.Name, cancellationToken);
                    yield return Documents(table, file, content.Name);
                    continue;
                }

                await using var rows = await TableFiles.OpenAsync(
                    work.Source, work.Settings.Source.Object("formatSettings"), content, work.OnBadRow, cancellationToken);
                yield return new OpenedTable(rows, file, file.Blob.Path, IsMapped: false, AddsColumns: true, null);
            }
        }
    }

    private OpenedTable Documents(DocumentTable table, SelectedFile? file, string name) =>
        new(table, file, name, IsMapped: work.Settings.Mapping.Entries.Count > 0, AddsColumns: false, table.IsJson);

    private Task<DocumentTable> DocumentsAsync(
        IAsyncEnumerable<JsonNode?> documents, SelectedFile? file, string name, CancellationToken cancellationToken)
    {
        var mapping = work.Settings.Mapping;
        var elements = DocumentReader.ElementsAsync(documents, mapping.Collection, cancellationToken)
            .Select(element => element with { Element = _added.AddTo(element.Element, file) });
        var columns = mapping.Entries.Count == 0
            ? null
            : mapping.Entries.Select((entry, i) => (
                FormattableString.Invariant($"{entry.Sink.Label ?? entry.Source.Label ?? "Prop"}#{i}"),
                entry.Source.Path ?? JsonPath.Of(entry.Source.Name ?? ""))).ToList();
        return DocumentTable.OpenAsync(elements, columns, name, work.OnBadRow, cancellationToken);
    }

    private sealed record OpenedTable(
        ITableSource Table, SelectedFile? File, string Name, bool IsMapped, bool AddsColumns, IReadOnlyList<bool>? IsJson);
}
