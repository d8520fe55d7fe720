using System.Text.Json.Nodes;
using Auspex.Connectors.ObjectStorage;
using Auspex.Experiments.Scoring.Challengers;
using Auspex.Experiments.Scoring.Drift;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// The reports beside a job's output, <c>OUTPUT.drift.json</c> and <c>.html</c> and <c>OUTPUT.challengers.json</c> and <c>.html</c>, and what is to be
/// said where one that was asked for is not there.
/// </summary>
/// <param name="store">Where the output is; null for a job without one, of which there are notes alone.</param>
/// <param name="outputPath">The output's path in the store.</param>
internal sealed class OutputReports(IBlobStore? store, string outputPath)
{
    private const string Drift = "drift";
    private const string Challengers = "challengers";

    private readonly List<string> _paths = [];
    private readonly List<JsonObject> _notes = [];

    /// <summary>Whether reports have a place.</summary>
    public bool HavePlace => store is not null;

    private IBlobStore Store => store ?? throw new InvalidOperationException("A job without outputs has no place for reports.");

    /// <summary>The reports, for the output of the activity.</summary>
    public JsonArray Paths => [.. _paths.Select(path => (JsonNode)path)];

    /// <summary>Adds what is missing to the warnings of the activity; null for none.</summary>
    public JsonArray? AddNotesTo(JsonArray? warnings) => _notes.Count == 0
        ? warnings?.DeepClone().AsArray()
        : [.. (warnings ?? []).Concat(_notes).Select(note => note?.DeepClone())];

    /// <summary>What the warnings of an activity say of reports.</summary>
    public static IEnumerable<string> ReadNotes(JsonArray? warnings) =>
        (warnings ?? []).OfType<JsonObject>().Select(warning => (string?)warning[Drift] ?? (string?)warning[Challengers]).OfType<string>();

    public void NoteDrift(string sentence) => _notes.Add(new JsonObject { [Drift] = sentence });

    public void NoteChallengers(string sentence) => _notes.Add(new JsonObject { [Challengers] = sentence });

    /// <param name="report">What was found.</param>
    /// <param name="node">The module that it was found at; null where there is only one.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task WriteAsync(DriftReport report, string? node, CancellationToken cancellationToken)
    {
        await WriteAsync($"{Name(node)}.{Drift}.json", report.ToJson(), cancellationToken);
        await WriteAsync($"{Name(node)}.{Drift}.html", DriftPage.ToHtml(report), cancellationToken);
    }

    /// <param name="report">What was found.</param>
    /// <param name="node">The module that it was found at; null where there is only one.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task WriteAsync(ChallengeReport report, string? node, CancellationToken cancellationToken)
    {
        await WriteAsync($"{Name(node)}.{Challengers}.json", report.ToJson(), cancellationToken);
        await WriteAsync($"{Name(node)}.{Challengers}.html", ChallengePage.ToHtml(report), cancellationToken);
    }

    /// <summary>After a host ended between the last row and the end of the job: the reports are there, or cannot be made any more.</summary>
    public async Task FindAsync(bool reportsDrift, bool reportsChallengers, CancellationToken cancellationToken)
    {
        foreach (var (kind, isAsked) in new[] { (Drift, reportsDrift), (Challengers, reportsChallengers) })
        {
            string[] both = [$"{outputPath}.{kind}.json", $"{outputPath}.{kind}.html"];
            if (!isAsked)
            {
                continue;
            }

            if (await Store.FindAsync(both[0], cancellationToken) is not null && await Store.FindAsync(both[1], cancellationToken) is not null)
            {
                _paths.AddRange(both);
            }
            else
            {
                _notes.Add(new JsonObject
                {
                    [kind] = $"The server ended between the last row and the report of {kind}, which is not there: its counts were in memory. Run the job again for one.",
                });
            }
        }
    }

    // Ids of Studio's nodes are hexadecimal; those of experiments are names that people choose.
    private string Name(string? node) => node is null
        ? outputPath
        : $"{outputPath}.{string.Concat(node.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_'))}";

    private async Task WriteAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        await using var upload = await Store.OpenWriteAsync(path, cancellationToken);
        await upload.Stream.WriteAsync(bytes, cancellationToken);
        await upload.CommitAsync(cancellationToken);
        _paths.Add(path);
    }
}
