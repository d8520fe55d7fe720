using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Stores;

namespace Auspex.Experiments.WebServices;

/// <summary>
/// Web-service packages as JSON, for a document store. Members are only ever added; a changed meaning is a new version.
/// </summary>
/// <param name="secrets">Hides credentials inside the experiment; null leaves them as they are.</param>
public sealed partial class WebServicePackageJson(PackageSecrets? secrets = null)
{
    private const int Version = 1;

    /// <summary>Writes a package as UTF-8 JSON.</summary>
    public byte[] Write(WebServicePackage package)
    {
        var experiment = ExperimentWriter.Write(package.Experiment);
        secrets?.Hide(experiment);
        var document = new PackageDocument(
            Version,
            experiment,
            [.. package.Assets.Select(asset => new AssetDocument(asset.Asset.Kind, asset.Asset.Name, asset.Artifact.Value, asset.Origin))],
            [.. package.Signature.Inputs.Select(PortDocument.Of)],
            [.. package.Signature.Outputs.Select(PortDocument.Of)],
            package.Signature.Parameters,
            package.DesignTables.ToImmutableSortedDictionary(table => table.Key, table => table.Value.Value, StringComparer.Ordinal));
        return JsonSerializer.SerializeToUtf8Bytes(document, PackageContext.Default.PackageDocument);
    }

    /// <summary>Reads a package.</summary>
    /// <exception cref="PackagingException">Not a package, damaged, or of a newer release.</exception>
    public WebServicePackage Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var document = JsonSerializer.Deserialize(json, PackageContext.Default.PackageDocument)
                ?? throw new JsonException("The document is null.");
            if (document.Version > Version)
            {
                throw Invalid($"it has version {document.Version}; this release reads up to {Version}", null);
            }

            secrets?.Reveal(document.Experiment);
            var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
            var experiment = ExperimentLoader.Load(document.Experiment, null, diagnostics);
            var error = diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            if (experiment is null || error is not null)
            {
                throw Invalid($"its experiment is wrong: {error?.Message}", null);
            }

            return new WebServicePackage(
                experiment,
                [.. document.Assets.Select(asset => new PackagedAsset(
                    new AssetReference(asset.Kind, asset.Name), new ArtifactId(asset.Artifact), asset.Origin))],
                new ServiceSignature(
                    [.. document.Inputs.Select(port => port.ToPort())],
                    [.. document.Outputs.Select(port => port.ToPort())],
                    document.Parameters),
                document.DesignTables.ToImmutableDictionary(
                    table => table.Key, table => new ArtifactId(table.Value), StringComparer.Ordinal));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NullReferenceException or InvalidOperationException)
        {
            throw Invalid("its JSON is not what this release writes", exception);
        }
    }

    private static PackagingException Invalid(string why, Exception? inner) =>
        new(ErrorCode.PackageInvalid, $"A stored web service cannot be read: {why}.", inner);

    /// <summary>The document.</summary>
    internal sealed record PackageDocument(
        int Version,
        JsonObject Experiment,
        ImmutableArray<AssetDocument> Assets,
        ImmutableArray<PortDocument> Inputs,
        ImmutableArray<PortDocument> Outputs,
        ImmutableArray<ServiceParameter> Parameters,
        ImmutableSortedDictionary<string, string> DesignTables);

    /// <summary>A saved asset.</summary>
    internal sealed record AssetDocument(
        AssetKind Kind,
        string Name,
        string Artifact,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ModelOrigin? Origin = null);

    /// <summary>A web-service input or output.</summary>
    internal sealed record PortDocument(
        string Name, PortType Type, ImmutableArray<TableFile.FieldHeader>? Fields, ImmutableArray<string?>? Sample)
    {
        public static PortDocument Of(ServicePort port) => new(
            port.Name, port.Type, port.Schema is null ? null : [.. port.Schema.Fields.Select(TableFile.FieldHeader.Of)], port.Sample);

        public ServicePort ToPort() => new(
            Name, Type, Fields is { } fields ? new TableSchema([.. fields.Select(field => field.ToField())]) : null, Sample);
    }

    /// <summary>Serialization of the documents.</summary>
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(PackageDocument))]
    internal sealed partial class PackageContext : JsonSerializerContext;
}
