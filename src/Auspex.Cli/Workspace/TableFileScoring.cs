using Auspex.Cli.Output;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Formats.Compression;
using Auspex.Connectors.Formats.Parquet;
using Auspex.Connectors.Tables;
using Auspex.Errors;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;

namespace Auspex.Cli.Workspace;

/// <summary>Scores a file into another where one of them is not plain delimited text, batch by batch.</summary>
internal static class TableFileScoring
{
    /// <summary>Scores all rows that can be read; makes output and rejected rows visible at the end.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputPath">The rows; its name says the format.</param>
    /// <param name="outputPath">Where they go; its name says the format.</param>
    /// <param name="threads">Batches scored at once.</param>
    /// <param name="progress">Told the rows scored so far.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="TableFormatException">The input is malformed, or none of its rows can be read.</exception>
    public static async Task<(BatchScore Score, RejectedRows Rejected)> ScoreAsync(
        TrainedModel model, string inputPath, string outputPath, int threads, ProgressLine progress, CancellationToken cancellationToken)
    {
        IEnumerable<string> columns = [];
        FileStream? file = null;
        var text = TableFileFormat.Find(inputPath) is { Kind: TableFileKind.DelimitedText }
            ? DelimitedTextOptions.ForPath(TextCompression.ForPath(inputPath).Plain)
            : DelimitedTextOptions.Csv;
        await using var rejected = new RejectedRows(
            $"{outputPath}.rejected{(text.Delimiter == "\t" ? ".tsv" : ".csv")}", text, Columns());
        await using var source = await TableFile.OpenReadAsync(
            inputPath,
            _ => Task.FromResult<Stream>(file = File.OpenRead(inputPath)),
            new TableReadOptions
            {
                Name = inputPath,
                MissingMarkers = ["?"],
                ChooseSchema = Choose,
                ExtraColumns = ExtraColumns.Include,
                OnBadRow = rejected.Take,
            },
            cancellationToken);

        var transform = model.Bind(source.Schema, appendScores: true);
        await using var target = new ReplacedFile(outputPath);
        await using var sink = TableFile.OpenWrite(
            outputPath, target.Stream, transform.Output, new TableWriteOptions { Name = outputPath });
        var length = new FileInfo(inputPath).Length;
        var score = await new BatchScorer(transform, threads, TimeProvider.System).RunAsync(
            source, sink, rows => progress.Report("scoring", rows, EstimateRows(source, file, length, rows)), cancellationToken);
        if (rejected.Count > 0 && score.Rows == 0)
        {
            throw new TableFormatException(
                ErrorCode.WrongCellType,
                $"{inputPath}: none of its {Counted.Of(rejected.Count, "row")} can be read. The first: {rejected.FirstProblem}");
        }

        target.Commit();
        rejected.Commit();
        return (score, rejected);

        // The model's columns with the types of its training, others as they are, in the file's order.
        TableSchema Choose(TableSchema own)
        {
            columns = own.Fields.Select(field => field.Name);
            var reading = BatchScorer.ReadingSchema(model, [.. columns]);
            return new TableSchema([.. own.Fields.Zip(reading.Fields, (asItIs, asTrained) => IsOfModel(model, asItIs.Name) ? asTrained : asItIs)]);
        }

        // Known once the file is open, and asked for with the first row that cannot be read.
        IEnumerable<string> Columns()
        {
            foreach (var column in columns)
            {
                yield return column;
            }
        }
    }

    private static bool IsOfModel(TrainedModel model, string column) =>
        column == model.Label.Name || model.Features.IndexOf(column) >= 0;

    // A Parquet file says how many rows it has; of any other, how much of the file has been read tells how many are left.
    private static long? EstimateRows(ITableSource source, FileStream? file, long length, long rows) => source switch
    {
        ParquetTableReader parquet => parquet.RowCount,
        _ when file is { CanRead: true, Position: > 0 and var position } => Math.Max(rows, (long)((double)rows * length / position)),
        _ => null,
    };
}
