using System.Security.Cryptography;
using System.Text.Json;
using Auspex.Experiments.Models;
using Auspex.Server.Hosting;
using Auspex.Stores;

namespace Auspex.Server.WebServices.Models;

/// <summary>
/// Where models come from, by the SHA-256 of their files. A model leaves a training job as a file, and comes back by Update Resource as
/// bytes at an address: the bytes are all that the two have in common.
/// </summary>
internal sealed class ModelOrigins(IDocumentStore documents, IModelFormat format)
{
    private const string Collection = "modelorigins";

    /// <summary>Remembers the origin of a model that is about to be written somewhere.</summary>
    public Task RememberAsync(TrainedModel model, ModelOrigin origin, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        format.WriteModel(bytes, model);
        var hash = SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        return RememberAsync(Convert.ToHexStringLower(hash), origin, cancellationToken);
    }

    /// <summary>Remembers the origin of an artifact; the last run that trained the same model is the one that counts.</summary>
    public Task RememberAsync(string artifact, ModelOrigin origin, CancellationToken cancellationToken) => documents.PutAsync(
        Collection,
        artifact,
        JsonSerializer.SerializeToUtf8Bytes(origin, StoredJson.Default.ModelOrigin),
        expectedVersion: null,
        cancellationToken);

    /// <summary>The origin of an artifact; null when nobody knows.</summary>
    public async Task<ModelOrigin?> FindAsync(string artifact, CancellationToken cancellationToken) =>
        await documents.GetAsync(Collection, artifact, cancellationToken) is { } document
            ? JsonSerializer.Deserialize(document.Body.Span, StoredJson.Default.ModelOrigin)
            : null;
}
