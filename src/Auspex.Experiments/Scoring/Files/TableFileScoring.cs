using System.Collections.Immutable;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Formats.Compression;
using Auspex.Connectors.Formats.Parquet;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring.Files;

/// <summary>Scores a file into another where one of them is not plain delimited text, batch by batch or block by block.</summary>
/// <param name="model">The model.</param>
/// <param name="others">Models that score beside it.</param>
/// <param name="bind">Binds it to the schema of what is read.</param>
/// <param name="inputPath">The rows; its name says the format.</param>
/// <param name="outputPath">Its name says the format to write.</param>
/// <param name="threads">Batches scored at once.</param>
/// <param name="longestRecord">The longest row of text that is read, in bytes.</param>
internal sealed class TableFileScoring(
    TrainedModel model, TrainedModel[] others, Func<TableSchema, IRowTransform> bind, string inputPath, string outputPath, int threads, int longestRecord)
{
    private readonly FileCompression _packing = TextCompression.ForPath(outputPath).Compression;

    /// <summary>How the records of rows that cannot be read are to be read again: as the input's text, or as comma-separated text.</summary>
    public DelimitedTextOptions RecordText { get; } =
        IsText(inputPath) ? DelimitedTextOptions.ForPath(inputPath) : DelimitedTextOptions.Csv with { Name = inputPath };

    /// <summary>Whether a file is scored by this class, since it is not plain text.</summary>
    public static bool Takes(string inputPath, string outputPath) =>
        !TableFiles.IsPlainText(inputPath) || !TableFiles.IsPlainText(outputPath);

    /// <summary>Scores all rows that can be read.</summary>
    /// <param name="output">Where the scored rows go; stays open.</param>
    /// <param name="openRejects">Called once, with the input's columns; what it gives decides about rows that cannot be read.</param>
    /// <param name="report">Told the rows scored so far, and about how many there are.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="TableFormatException">The input is malformed.</exception>
    public Task<long> RunAsync(
        Stream output,
        Func<ImmutableArray<string>, Func<BadRow, BadRowAction>> openRejects,
        Action<long, long?> report,
        CancellationToken cancellationToken) => IsText(inputPath) && IsText(outputPath)
            ? ScoreTextAsync(output, openRejects, report, cancellationToken)
            : ScoreTableAsync(output, openRejects, report, cancellationToken);

    private static bool IsText(string path) => TableFileFormat.Find(path) is null or { Kind: TableFileKind.DelimitedText };

    private async Task<long> ScoreTextAsync(
        Stream output,
        Func<ImmutableArray<string>, Func<BadRow, BadRowAction>> openRejects,
        Action<long, long?> report,
        CancellationToken cancellationToken)
    {
        var options = RecordText with { Name = inputPath, MissingMarkers = ["?"], MaxRecordBytes = longestRecord };
        var file = File.OpenRead(inputPath);
        var length = file.Length;
        var text = await TextCompression.OpenReadAsync(file, inputPath, cancellationToken);
        await using var reader = await DelimitedBlockReader.OpenAsync(text, options, cancellationToken);
        options = options with { Schema = BatchScorer.ReadingSchema(model, reader.FileColumns, others) };
        var plan = TextScoringPlan.Compile(
            bind(options.Schema), options, reader.FileColumns, DelimitedTextWriterOptions.ForPath(outputPath));
        var packing = _packing == FileCompression.None
            ? output
            : TextCompression.OpenWrite(output, _packing, new TableWriteOptions().Level, leaveOpen: true);
        try
        {
            await packing.WriteAsync(plan.Header(), cancellationToken);
            var end = await new TextScorer(plan, threads, openRejects(reader.FileColumns)).RunAsync(
                reader,
                default,
                async (block, after, token) =>
                {
                    await packing.WriteAsync(block, token);
                    report(after.Scored, EstimateRows(after.Scored, file, length));
                },
                cancellationToken);
            return end.Scored;
        }
        finally
        {
            if (packing != output)
            {
                await packing.DisposeAsync();
            }
        }
    }

    private async Task<long> ScoreTableAsync(
        Stream output,
        Func<ImmutableArray<string>, Func<BadRow, BadRowAction>> openRejects,
        Action<long, long?> report,
        CancellationToken cancellationToken)
    {
        FileStream? file = null;
        Func<BadRow, BadRowAction>? rejects = null;
        ImmutableArray<string> columns = [];
        var options = new TableReadOptions
        {
            Name = inputPath,
            MissingMarkers = ["?"],
            MaxRecordBytes = longestRecord,
            ChooseSchema = Choose,
            ExtraColumns = ExtraColumns.Include,
            OnBadRow = row => (rejects ??= openRejects(columns))(row),
        };
        await using var source = IsText(inputPath)
            ? await TableFile.OpenTextAsync(inputPath, OpenAsync, options, cancellationToken)
            : await TableFile.OpenReadAsync(inputPath, OpenAsync, options, cancellationToken);
        var transform = bind(source.Schema);
        await using var sink = TableFile.OpenWrite(
            outputPath, output, transform.Output, new TableWriteOptions { Name = outputPath });
        var length = new FileInfo(inputPath).Length;
        var score = await new BatchScorer(transform, threads, TimeProvider.System).RunAsync(
            source,
            sink,
            rows => report(rows, source is ParquetTableReader parquet ? parquet.RowCount : EstimateRows(rows, file, length)),
            cancellationToken);
        return score.Rows;

        Task<Stream> OpenAsync(CancellationToken token) => Task.FromResult<Stream>(file = File.OpenRead(inputPath));

        // The model's columns with the types of its training, others as they are, in the file's order.
        TableSchema Choose(TableSchema own)
        {
            columns = [.. own.Fields.Select(field => field.Name)];
            var reading = BatchScorer.ReadingSchema(model, columns, others);
            return new TableSchema([.. own.Fields.Zip(reading.Fields, (asItIs, asTrained) => IsOfModel(asItIs.Name) ? asTrained : asItIs)]);
        }
    }

    private bool IsOfModel(string column) =>
        others.Append(model).Any(known => column == known.Label.Name || known.Features.IndexOf(column) >= 0);

    // How much of the file has been read tells about how many rows are left.
    private static long? EstimateRows(long rows, FileStream? file, long length) =>
        file is { CanRead: true, Position: > 0 and var position } ? Math.Max(rows, (long)((double)rows * length / position)) : null;
}
