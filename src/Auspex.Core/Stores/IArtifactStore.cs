namespace Auspex.Stores;

/// <summary>The SHA-256 of an artifact's bytes, in lower-case hex.</summary>
public readonly record struct ArtifactId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Keeps immutable bytes by their hash: models, transforms, tables, large outputs.</summary>
/// <remarks>
/// Thread-safe. An artifact is durable and complete when <see cref="PutAsync"/> returns; a crash before that leaves
/// nothing that a reader could see. Putting the same bytes twice keeps one copy.
/// </remarks>
public interface IArtifactStore
{
    /// <summary>Stores everything up to the stream's end.</summary>
    Task<ArtifactId> PutAsync(Stream content, CancellationToken cancellationToken);

    /// <summary>Opens an artifact for reading from its start; seekable.</summary>
    /// <exception cref="FileNotFoundException">No such artifact.</exception>
    Task<Stream> OpenAsync(ArtifactId id, CancellationToken cancellationToken);

    /// <summary>Whether the artifact is there.</summary>
    Task<bool> ExistsAsync(ArtifactId id, CancellationToken cancellationToken);
}
