using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Server.Api;
using Auspex.Server.WebServices;
using Auspex.Stores;

namespace Auspex.Server.Studio;

/// <summary>What is to be saved as an asset.</summary>
internal sealed record NewAsset(string Name, StudioDataType DataType, ArtifactId Artifact, long SizeInBytes)
{
    public string Description { get; init; } = "";

    public string Owner { get; init; } = "";

    public string? FamilyId { get; init; }

    public string? FileName { get; init; }

    public string? UploadId { get; init; }

    public string? ExperimentId { get; init; }

    /// <summary><c>experiment.node.port</c>; null for an upload.</summary>
    public string? PromotedFrom { get; init; }
}

/// <summary>Saved data sets, models and transforms: families of versions, each with its bytes as an artifact.</summary>
internal sealed class StudioAssets(StudioStore store, ServerIdentity identity, TimeProvider clock) : IDisposable
{
    private const string Forbidden = "\\/:*?\"<>|";
    private const int LongestName = 256;

    private readonly SemaphoreSlim _changes = new(1, 1);

    public async Task<List<JsonObject>> ListAsync(StudioAssetKind kind, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(kind.Path, cancellationToken))
            .Where(asset => asset.BooleanMember("IsLatest") == true)
            .OrderBy(asset => asset.IntegerMember("CreatedDateTicks"))];

    public Task<JsonObject?> FindAsync(StudioAssetKind kind, string id, CancellationToken cancellationToken) =>
        store.FindAsync(kind.Path, id, cancellationToken);

    /// <summary>The bytes of an asset.</summary>
    public static ArtifactId ArtifactOf(JsonObject asset) => new((string)asset["$artifact"]!);

    /// <summary>Saves an asset: a new family, or a new version of one.</summary>
    /// <exception cref="ServiceErrorException">400: a bad name, or no such family; 409: the name is another family's.</exception>
    public async Task<JsonObject> AddAsync(StudioAssetKind kind, NewAsset asset, CancellationToken cancellationToken)
    {
        CheckName(asset.Name);
        await _changes.WaitAsync(cancellationToken);
        try
        {
            var all = await store.ListAsync(kind.Path, cancellationToken);
            var family = string.IsNullOrEmpty(asset.FamilyId) ? null : asset.FamilyId;
            var earlier = all.Where(present => present.TextMember("FamilyId")!.Equals(family, StringComparison.OrdinalIgnoreCase)).ToList();
            if (family is not null && earlier.Count == 0)
            {
                throw ServiceErrors.BadArgument("UnknownFamily", $"There is no family '{ServiceErrors.Shorten(family)}' to add a version to.");
            }

            if (all.Any(present => present.BooleanMember("IsLatest") == true
                && present.TextMember("Name") == asset.Name
                && !present.TextMember("FamilyId")!.Equals(family, StringComparison.OrdinalIgnoreCase)))
            {
                throw ServiceErrors.Conflict("NameConflict", $"There is a saved asset named '{asset.Name}' already. Give its FamilyId to add a version, or take another name.");
            }

            family ??= WebServicePublisher.NewId();
            var batch = earlier.Count == 0 ? 1 : earlier.Max(present => present.IntegerMember("Batch") ?? 0) + 1;
            var json = Describe(kind, asset, family.ToLowerInvariant(), batch);
            await store.SaveAsync(kind.Path, (string)json["Id"]!, json, cancellationToken);
            foreach (var present in earlier.Where(present => present.BooleanMember("IsLatest") == true))
            {
                present["IsLatest"] = false;
                await store.SaveAsync(kind.Path, (string)present["Id"]!, present, cancellationToken);
            }

            return json;
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Deletes all versions of a family; false when there are none.</summary>
    public async Task<bool> DeleteFamilyAsync(StudioAssetKind kind, string family, CancellationToken cancellationToken)
    {
        var found = false;
        foreach (var asset in await store.ListAsync(kind.Path, cancellationToken))
        {
            if (asset.TextMember("FamilyId")!.Equals(family, StringComparison.OrdinalIgnoreCase))
            {
                found |= await store.DeleteAsync(kind.Path, (string)asset["Id"]!, cancellationToken);
            }
        }

        return found;
    }

    public void Dispose() => _changes.Dispose();

    private JsonObject Describe(StudioAssetKind kind, NewAsset asset, string family, long batch)
    {
        var now = clock.GetUtcNow();
        return new JsonObject
        {
            ["Id"] = string.Create(CultureInfo.InvariantCulture, $"{identity.WorkspaceId}.{family}.v1-default-{batch}"),
            ["Name"] = asset.Name,
            ["Description"] = asset.Description,
            ["Owner"] = asset.Owner,
            ["DataTypeId"] = asset.DataType.Id,
            ["FamilyId"] = family,
            ["ResourceUploadId"] = asset.UploadId,
            ["ExperimentId"] = asset.ExperimentId,
            ["PromotedFrom"] = asset.PromotedFrom,
            ["SourceOrigin"] = asset.PromotedFrom is null ? "FromResourceUpload" : "FromOutputPromotion",
            ["Size"] = Math.Min(asset.SizeInBytes, int.MaxValue),
            ["CreatedDate"] = StudioJson.Date(now),
            ["CreatedDateTicks"] = now.UtcTicks,
            ["UploadedFromFilename"] = asset.FileName ?? "",
            ["ServiceVersion"] = 0,
            ["Batch"] = batch,
            ["IsLatest"] = true,
            ["IsDeprecated"] = false,
            ["ClientVersion"] = null,
            ["Category"] = null,
            ["Culture"] = "default",
            ["Language"] = new JsonObject { ["Language"] = "DotNet", ["Version"] = "4.5.0" },
            ["SchemaStatus"] = kind == StudioAssetKind.Data && asset.DataType.Id is not ("Zip" or "RData" or "PlainText") ? "Complete" : "NotSupported",
            ["$artifact"] = asset.Artifact.Value,
        };
    }

    private static void CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName)
        {
            throw ServiceErrors.BadArgument("InvalidName", $"A saved asset needs a name of 1 to {LongestName} characters.");
        }

        if (name.Any(character => char.IsControl(character) || Forbidden.Contains(character, StringComparison.Ordinal)))
        {
            throw ServiceErrors.BadArgument("InvalidName", $"The name contains forbidden characters. Leave out {string.Join(' ', Forbidden.ToCharArray())} and control characters.");
        }
    }
}
