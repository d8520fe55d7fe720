using System.IO.Compression;
using System.Security.Cryptography;
using Auspex.Errors;
using Auspex.Experiments.WebServices;
using Auspex.Stores;

namespace Auspex.Server.WebServices;

/// <summary>
/// A web service on its way to a server: a ZIP file of <c>package.json</c> and <c>artifacts/HASH</c>. Credentials in the
/// package are in clear, since only the receiving server can encrypt them for itself.
/// </summary>
public static class WebServicePackageArchive
{
    private const string PackageEntry = "package.json";
    private const string ArtifactPrefix = "artifacts/";
    private const int HashLength = 64;
    private const int MostEntries = 10_000;

    /// <summary>Writes a package with the artifacts that it names.</summary>
    public static async Task WriteAsync(
        Stream output, WebServicePackage package, IArtifactStore artifacts, CancellationToken cancellationToken)
    {
        await using var archive = await ZipArchive.CreateAsync(
            output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        await using (var entry = await archive.CreateEntry(PackageEntry).OpenAsync(cancellationToken))
        {
            await entry.WriteAsync(new WebServicePackageJson().Write(package), cancellationToken);
        }

        var named = package.Assets.Select(asset => asset.Artifact).Concat(package.DesignTables.Values).Distinct();
        foreach (var artifact in named)
        {
            await using var content = await artifacts.OpenAsync(artifact, cancellationToken);
            await using var entry = await archive
                .CreateEntry(ArtifactPrefix + artifact.Value, CompressionLevel.Fastest)
                .OpenAsync(cancellationToken);
            await content.CopyToAsync(entry, cancellationToken);
        }
    }

    /// <summary>Reads a package and stores its artifacts.</summary>
    /// <param name="input">Must be seekable.</param>
    /// <param name="artifacts">Takes the artifacts; what was stored before a failure stays, unused.</param>
    /// <param name="limitInBytes">The most that all entries together may hold when unpacked.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <exception cref="PackageArchiveException">It is no such archive, is damaged, or too large.</exception>
    public static async Task<WebServicePackage> ReadAsync(
        Stream input, IArtifactStore artifacts, long limitInBytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var archive = await ZipArchive.CreateAsync(
                input, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
            if (archive.Entries.Count > MostEntries || archive.Entries.Sum(entry => entry.Length) > limitInBytes)
            {
                throw new PackageArchiveException($"it holds more than {limitInBytes} bytes or {MostEntries} files");
            }

            foreach (var entry in archive.Entries)
            {
                if (entry.FullName.StartsWith(ArtifactPrefix, StringComparison.Ordinal))
                {
                    await StoreAsync(entry, artifacts, cancellationToken);
                }
            }

            var package = archive.GetEntry(PackageEntry)
                ?? throw new PackageArchiveException($"it has no {PackageEntry}");
            await using var stream = await package.OpenAsync(cancellationToken);
            using var json = new MemoryStream();
            await stream.CopyToAsync(json, cancellationToken);
            return new WebServicePackageJson().Read(json.ToArray());
        }
        catch (InvalidDataException e)
        {
            throw new PackageArchiveException("it is no ZIP file, or a damaged one", e);
        }
    }

    private static async Task StoreAsync(ZipArchiveEntry entry, IArtifactStore artifacts, CancellationToken cancellationToken)
    {
        var announced = entry.FullName[ArtifactPrefix.Length..];
        if (announced.Length != HashLength)
        {
            throw new PackageArchiveException($"entry {entry.FullName} has no SHA-256 as its name");
        }

        // Entries say how long they are; one that lies stops where it promised to end.
        await using var content = await entry.OpenAsync(cancellationToken);
        await using var bounded = new BoundedStream(content, entry.Length);
        var stored = await artifacts.PutAsync(bounded, cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(Convert.FromHexString(stored.Value), ParseHash(announced)))
        {
            throw new PackageArchiveException($"entry {entry.FullName} does not have the bytes that its name promises");
        }
    }

    private static byte[] ParseHash(string text)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException e)
        {
            throw new PackageArchiveException("an artifact has no SHA-256 as its name", e);
        }
    }
}

/// <summary>An upload that is no web-service package.</summary>
/// <param name="why">What is wrong with it.</param>
/// <param name="inner">The exception that led to this one.</param>
public sealed class PackageArchiveException(string why, Exception? inner = null) : AuspexException(
    ErrorCode.PackageArchiveInvalid,
    $"The uploaded web service cannot be read: {why}. Expected a ZIP file of package.json and artifacts/HASH; publish it again.",
    inner);
