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
        RejectedRows stillRejected,
        CancellationToken cancellationToken)
    {
        var rejects = await RejectsReader.ReadAsync(
            File.OpenRead(inputPath), inputPath, OutputCompletion.MostRejectedBytes, cancellationToken);
        var options = DelimitedTextOptions.ForPath(rejects.InputName) with { Name = inputPath, MissingMarkers = ["?"] };
        await using var reader = await DelimitedBlockReader.OpenAsync(
            new MemoryStream(rejects.Text.ToArray(), writable: false), options, cancellationToken);
        options = options with { Schema = BatchScorer.ReadingSchema(model, reader.FileColumns) };
        var plan = TextScoringPlan.Compile(
            model.Bind(options.Schema, appendScores: true), options, reader.FileColumns, DelimitedTextWriterOptions.ForPath(outputPath));

        await using var target = new ReplacedFile(outputPath);
        var rows = await OutputCompletion.RunAsync(
            rejects,
            (plan, reader, threads),
            File.OpenRead(outputPath),
            DelimitedTextOptions.ForPath(outputPath),
            target.Stream.WriteAsync,
            stillRejected,
            cancellationToken);
        await using var left = new RejectsFile(inputPath, RejectedRows.Preamble(rejects.InputName, reader.HeaderRecord.Span));
        left.Write(stillRejected);

        // The output first: rejects are never gone before their rows are in it.
        target.Commit();
        left.Commit();
        return rows;
    }
}
