using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Experiments.Models;
using Auspex.Server.Hosting;
using Auspex.Stores;

namespace Auspex.Server.WebServices.Models;

/// <summary>
/// Where models come from, by the SHA-256 of their files. A model leaves a training job as a file, and comes back by Update Resource as
/// bytes at an address: the bytes are all that the two have in common.
/// </summary>
internal sealed class ModelOrigins(IDocumentStore documents, IModelFormat format, TimeProvider clock)
{
    private const string Collection = "modelorigins";

    // Beside the origin's own members, so that documents of earlier releases, which lack it, are read alike.
    private const string Remembered = "rememberedAt";

    /// <summary>Remembers the origin of a model that is about to be written somewhere.</summary>
    public Task RememberAsync(TrainedModel model, ModelOrigin origin, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        format.WriteModel(bytes, model);
        var hash = SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        return RememberAsync(Convert.ToHexStringLower(hash), origin, cancellationToken);
    }

    /// <summary>Remembers the origin of an artifact; the last run that trained the same model is the one that counts.</summary>
    public Task RememberAsync(string artifact, ModelOrigin origin, CancellationToken cancellationToken) => SaveAsync(
        artifact, JsonSerializer.SerializeToNode(origin, StoredJson.Default.ModelOrigin)!.AsObject(), cancellationToken);

    /// <summary>The origin of an artifact; null when nobody knows.</summary>
    public async Task<ModelOrigin?> FindAsync(string artifact, CancellationToken cancellationToken) =>
        await documents.GetAsync(Collection, artifact, cancellationToken) is { } document
            ? JsonSerializer.Deserialize(document.Body.Span, StoredJson.Default.ModelOrigin)
            : null;

    /// <summary>
    /// Forgets the origins of models that no version names any more, or never did, once they are older than a time. A model that was trained
    /// a while ago may still come back by an update, so that those are not forgotten at once.
    /// </summary>
    /// <param name="named">The artifacts of all versions.</param>
    /// <param name="oldest">What was remembered before goes.</param>
    /// <param name="cancellationToken">Stops between two.</param>
    public async Task SweepAsync(IReadOnlySet<string> named, DateTimeOffset oldest, CancellationToken cancellationToken)
    {
        foreach (var document in await documents.ListAsync(Collection, "", cancellationToken))
        {
            if (named.Contains(document.Id))
            {
                continue;
            }

            var origin = JsonNode.Parse(document.Body.Span)!.AsObject();
            if (!DateTimeOffset.TryParse(
                origin.TextMember(Remembered), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var remembered))
            {
                // Of an earlier release: its time begins now.
                await SaveAsync(document.Id, origin, cancellationToken);
            }
            else if (remembered < oldest)
            {
                await documents.DeleteAsync(Collection, document.Id, cancellationToken);
            }
        }
    }

    private async Task SaveAsync(string artifact, JsonObject origin, CancellationToken cancellationToken)
    {
        origin[Remembered] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        await documents.PutAsync(
            Collection, artifact, Encoding.UTF8.GetBytes(origin.ToJsonString()), expectedVersion: null, cancellationToken);
    }
}
