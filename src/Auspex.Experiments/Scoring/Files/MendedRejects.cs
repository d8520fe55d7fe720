using Auspex.Connectors.Formats;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring.Files;

/// <summary>Scores the mended rejects of an output and puts them into it, where they belong.</summary>
internal static class MendedRejects
{
    /// <summary>Whether an input is the rejects file of an output that is there.</summary>
    public static bool IsMeant(string inputPath, string outputPath) =>
        RejectsReader.IsRejectsOf(Path.GetFullPath(inputPath), Path.GetFullPath(outputPath)) && File.Exists(outputPath);

    /// <summary>Writes the output anew, and the rejects that are left; without any their file goes.</summary>
    /// <returns>Rows of the output.</returns>
    public static async Task<long> CompleteAsync(
        TrainedModel model,
        string inputPath,
        string outputPath,
        int threads,
        int longestRecord,
        RejectedRows stillRejected,
        CancellationToken cancellationToken)
    {
        await using var target = new ReplacedFile(outputPath);
        var (rows, left) = await ScoreAsync(model, inputPath, outputPath, target.Stream, (threads, longestRecord), stillRejected, cancellationToken);
        await using var rejectsLeft = left;

        // The output first: rejects are never gone before their rows are in it.
        target.Commit();
        left.Commit();
        return rows;
    }

    // Both files are closed when it is done: what replaces them could not be moved there otherwise.
    private static async Task<(long Rows, RejectsFile Left)> ScoreAsync(
        TrainedModel model,
        string inputPath,
        string outputPath,
        Stream target,
        (int Threads, int LongestRecord) limits,
        RejectedRows stillRejected,
        CancellationToken cancellationToken)
    {
        await using var rejects = await RejectsReader.OpenAsync(File.OpenRead(inputPath), inputPath, limits.LongestRecord, cancellationToken);
        var options = DelimitedTextOptions.ForPath(rejects.InputName) with
        {
            Name = inputPath,
            MissingMarkers = ["?"],
            MaxRecordBytes = limits.LongestRecord,
        };
        await using var reader = await DelimitedBlockReader.OpenAsync(rejects.Text, options, cancellationToken);
        options = options with { Schema = BatchScorer.ReadingSchema(model, reader.FileColumns) };
        var plan = TextScoringPlan.Compile(
            model.Bind(options.Schema, appendScores: true), options, reader.FileColumns, DelimitedTextWriterOptions.ForPath(outputPath));
        var left = new RejectsFile(inputPath, RejectedRows.Preamble(rejects.InputName, reader.HeaderRecord.Span));
        try
        {
            var rows = await OutputCompletion.RunAsync(
                rejects,
                (plan, reader, limits.Threads),
                File.OpenRead(outputPath),
                DelimitedTextOptions.ForPath(outputPath),
                async (bytes, token) =>
                {
                    await target.WriteAsync(bytes, token);

                    // As they come: what is pending is in memory.
                    left.Write(stillRejected);
                },
                stillRejected,
                cancellationToken);
            left.Write(stillRejected);
            return (rows, left);
        }
        catch
        {
            await left.DisposeAsync();
            throw;
        }
    }
}
