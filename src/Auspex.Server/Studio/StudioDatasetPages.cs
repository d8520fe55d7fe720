using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Experiments.Reports;
using Auspex.Stores;

namespace Auspex.Server.Studio;

/// <summary>Pages that show saved data sets to people. They are made when asked for, a few at a time, since each holds its table in memory.</summary>
internal sealed class StudioDatasetPages(StudioAssets assets, IArtifactStore artifacts) : IDisposable
{
    private const int AtOnce = 2;

    private readonly SemaphoreSlim _places = new(AtOnce, AtOnce);

    /// <summary>Makes a page; null where there is no such data set.</summary>
    public async Task<byte[]?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await assets.FindAsync(StudioAssetKind.Data, id, cancellationToken) is not { } asset)
        {
            return null;
        }

        var artifact = StudioAssets.ArtifactOf(asset);
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await DatasetPage.ToHtmlAsync(await DescribeAsync(asset, artifact, cancellationToken), cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<SavedDataset> DescribeAsync(JsonObject asset, ArtifactId artifact, CancellationToken cancellationToken)
    {
        // The size in the document ends where clients' numbers end.
        await using var content = await artifacts.OpenAsync(artifact, cancellationToken);
        return new SavedDataset(asset.TextMember("Name") ?? "", asset.TextMember("DataTypeId") ?? "", content.Length, OpenAsync)
        {
            Description = asset.TextMember("Description") ?? "",
            Created = asset.IntegerMember("CreatedDateTicks") is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
        };

        async Task<Stream> OpenAsync(long offset, CancellationToken token)
        {
            var stream = await artifacts.OpenAsync(artifact, token);
            stream.Position = offset;
            return stream;
        }
    }
}
