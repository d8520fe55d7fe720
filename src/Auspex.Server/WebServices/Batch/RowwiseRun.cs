using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Formats.Segments;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Engine.Dispatch;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring.Challengers;
using Auspex.Experiments.Scoring.Drift;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Everything that scoring the rest of a job's input needs.</summary>
internal sealed record RowwiseRun
{
    public required ActivityAttempt Attempt { get; init; }

    public required BatchWork Work { get; init; }

    /// <summary>The input as it is now.</summary>
    public required BlobProperties Blob { get; init; }

    public required LocalInput Input { get; init; }

    public required string OutputPath { get; init; }

    /// <summary>Where to go on; null begins.</summary>
    public required ScoringCheckpoint? Start { get; init; }

    public required FooterPages Footer { get; init; }

    /// <summary>What the footer says of the segments so far.</summary>
    public required IReadOnlyList<byte[]> FooterEntries { get; init; }

    /// <summary>Begun, or gone on with.</summary>
    public required StagedFiles Staged { get; init; }

    public required RejectedRows Rejected { get; init; }

    public required int Threads { get; init; }

    /// <summary>The longest row of text that is read, in bytes.</summary>
    public required int LongestRecord { get; init; }

    /// <summary>What the check of the input found odd; null for nothing.</summary>
    public required JsonArray? Warnings { get; init; }

    public required Func<ScoringCheckpoint, CancellationToken, Task> SaveAsync { get; init; }

    /// <summary>Whether drift is to be reported.</summary>
    public required bool ReportsDrift { get; init; }

    /// <summary>What counts drift; null where nothing does.</summary>
    public DriftWatch? Watch { get; private set; }

    /// <summary>What counts disagreement of challengers; null where there are none.</summary>
    public ChallengedTransform? Challenge { get; private set; }

    /// <summary>Why challengers were asked for and there are none; null otherwise.</summary>
    public string? ChallengeProblem { get; private set; }

    /// <summary>The service's function for rows of this schema, watched where drift is to be reported.</summary>
    public IRowTransform Bind(TableSchema schema)
    {
        var transform = Work.Model.Runtime.BindRowwise(schema, Work.Body.Parameters)
            ?? throw new InvalidOperationException($"The service of job {Work.Id} is not row-wise.");
        Watch = ReportsDrift ? Work.Model.Runtime.WatchDrift(transform, schema, Work.Body.Parameters) : null;
        transform = Watch ?? transform;
        if (Work.Challengers.IsEmpty)
        {
            return transform;
        }

        try
        {
            return Challenge = ChallengedTransform.Create(
                Named("served", Work.Model, transform),
                [.. Work.Challengers.Select(other => Named(
                    other.Key,
                    other.Value,
                    other.Value.Runtime.BindRowwise(schema, Work.Body.Parameters) ?? throw new ModuleException(13, $"The service of {other.Key} is not row-wise.")))]);
        }
        catch (ModuleException cannot)
        {
            // The output is the champion's: whoever waits for it does not wait in vain.
            ChallengeProblem = cannot.Message;
            return transform;
        }

        Challenger Named(string name, LiveModel model, IRowTransform scoring) => new(
            name,
            model.Runtime.FindScoringModel(Work.Body.Parameters) ?? throw new ModuleException(
                13, $"No single model of '{name}' scores the rows, so that its scores cannot be compared."),
            scoring);
    }

    /// <summary>The place to go on at.</summary>
    public ScoringPlace StartPlace => Start is null
        ? default
        : new ScoringPlace(new TablePlace(Start.Segment, Start.InputOffset), Start.Rows, Start.Rejected);

    /// <summary>How far the output is there; null at the beginning.</summary>
    public SegmentState? Segments => Start is null
        ? null
        : new SegmentState(Start.Output.Length, Start.Written, Start.Settled, FooterEntries);

    /// <summary>Stages what segments are made.</summary>
    public StagedScoring Stage(SegmentWriter segments) => new(Staged, segments, Footer, Rejected, Blob.ETag, SaveAsync);
}
