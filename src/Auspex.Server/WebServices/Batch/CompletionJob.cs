using Auspex.Connectors.Formats;
using Auspex.Errors;
using Auspex.Experiments.Scoring;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// A job whose input is the rejects file of its output: scores the mended records and writes the output anew with them in
/// their places. An attempt that was broken off before all was staged begins anew; both files become visible as a
/// <see cref="RowwiseJob"/>'s do.
/// </summary>
internal static class CompletionJob
{
    /// <summary>Whether the input is the rejects of the output, in the same storage.</summary>
    public static bool IsMeant(JobBody body) =>
        (body.Inputs.Values.First(), body.Outputs.Values.First()) is var (input, output)
        && input.ConnectionString == output.ConnectionString
        && input.BaseLocation == output.BaseLocation
        && RejectsReader.IsRejectsOf(input.RelativeLocation!, output.RelativeLocation!);

    /// <summary>Stages the new output and the rejects that are left.</summary>
    public static async Task<ScoringCheckpoint> StageAsync(
        BatchWork work, RowwiseFiles files, StagedFiles staged, int threads, BadRowPolicy policy, CancellationToken cancellationToken)
    {
        if (!TableFormats.IsDelimited(files.OutputPath))
        {
            throw new TableFormatException(
                ErrorCode.RejectsFile,
                $"{files.InputPath}: found the rejects of an output that is no plain text; expected .csv or .tsv, since rows are put into no other in their places. Score the mended records into a file of their own: with the row of number 0 taken out, or the whole input mended.");
        }

        var input = work.Model.Shape.Inputs[0];
        await using var rejects = await RejectsReader.OpenAsync(
            await files.InputStore.OpenReadAsync(files.InputPath, 0, cancellationToken), files.InputPath, policy.LongestRecord, cancellationToken);
        var options = DelimitedTextOptions.ForPath(rejects.InputName) with { Name = files.InputPath, MaxRecordBytes = policy.LongestRecord };
        await using var reader = await DelimitedBlockReader.OpenAsync(rejects.Text, options, cancellationToken);
        options = options with { Schema = BatchTable.SchemaFor(input, reader.FileColumns, files.InputPath) };
        var plan = TextScoringPlan.Compile(
            work.Model.Runtime.BindRowwise(options.Schema, work.Body.Parameters)!,
            options,
            reader.FileColumns,
            DelimitedTextWriterOptions.ForPath(files.OutputPath));
        var left = new RejectedRows(files.InputPath, policy);
        await staged.BeginAsync(cancellationToken);
        var rows = await OutputCompletion.RunAsync(
            rejects,
            (plan, reader, threads),
            await files.OutputStore.OpenReadAsync(files.OutputPath, 0, cancellationToken),
            DelimitedTextOptions.ForPath(files.OutputPath),
            WriteAsync,
            left,
            cancellationToken);
        await WriteLeftAsync(cancellationToken);
        return new ScoringCheckpoint(
            "",
            0,
            rows + left.Count,
            left.Count,
            left.FirstProblem,
            await staged.Output!.SecureAsync(cancellationToken),
            staged.Rejects is null ? null : await staged.Rejects.SecureAsync(cancellationToken),
            IsWhole: true);

        async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken token)
        {
            await staged.Output!.Stream.WriteAsync(bytes, token);
            await WriteLeftAsync(token);
        }

        // As they come: what is pending is in memory.
        ValueTask WriteLeftAsync(CancellationToken token) =>
            staged.WriteRejectsAsync(left, new RejectsPreamble(rejects.InputName, reader.HeaderRecord), token);
    }
}
