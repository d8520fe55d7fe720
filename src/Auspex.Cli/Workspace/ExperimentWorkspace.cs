using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Import;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring.Files;
using Auspex.Experiments.WebServices;
using Auspex.Stores;

namespace Auspex.Cli.Workspace;

/// <summary>Experiments on this machine: saved models and transforms by name, and module results that need not be computed again.</summary>
internal sealed class ExperimentWorkspace(
    IDocumentStore documents,
    IArtifactStore artifacts,
    ModuleServices services,
    ModuleCatalog catalog) : IAssetSource
{
    private const string AssetCollection = "saved-assets";

    private static readonly JsonSerializerOptions OriginJson = new(JsonSerializerDefaults.Web);

    private readonly ArtifactValues _values = new(artifacts, new ModelContainerFormat());

    /// <summary>The catalogue of modules.</summary>
    public ModuleCatalog Catalog => catalog;

    /// <summary>Artifacts of packages and assets.</summary>
    public IArtifactStore Artifacts => artifacts;

    /// <summary>Reads and compiles an experiment's file; the experiment is null when there is an error among the diagnostics.</summary>
    public async Task<(CompiledExperiment? Experiment, ImmutableArray<Diagnostic> Diagnostics)> CompileAsync(
        string file,
        CancellationToken cancellationToken)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var shown = Path.GetRelativePath(Environment.CurrentDirectory, file);
        var json = LenientJson.Parse(await File.ReadAllBytesAsync(file, cancellationToken), shown, diagnostics);
        var origin = new DefinitionOrigin(shown, Lines: json.Lines);
        if (json.Root is not JsonObject root)
        {
            if (json.Root is not null)
            {
                diagnostics.Add(origin.Diagnose(
                    ErrorCode.ExperimentShape,
                    DiagnosticSeverity.Error,
                    $"Found JSON of kind {json.Root.GetValueKind()}; expected an experiment: an object with 'nodes'. 'auspex experiment new' writes one to begin with.",
                    json.Root));
            }

            return (null, diagnostics.ToImmutable());
        }

        if (ExperimentLoader.Load(root, shown, diagnostics) is not { } definition)
        {
            return (null, diagnostics.ToImmutable());
        }

        var compilation = ExperimentCompiler.Compile(definition, catalog);
        diagnostics.AddRange(compilation.Diagnostics.Select(found => origin.Diagnose(found.Code, found.Severity, found.Message, found.JsonPath)));
        return (compilation.Experiment, diagnostics.ToImmutable());
    }

    /// <summary>Whether a file is a model by itself, as its name says.</summary>
    public static bool IsModel(string path) => HasExtension(path, ".ilearner") || HasExtension(path, ".onnx") || HasExtension(path, ".txt");

    /// <summary>The experiment that serves a model by itself; the model is saved under the file's name.</summary>
    public async Task<CompiledExperiment> CompileModelAsync(string path, CancellationToken cancellationToken)
    {
        TrainedModel model;
        if (HasExtension(path, ".ilearner"))
        {
            model = ModelFiles.ReadModel(path);
        }
        else
        {
            await using var file = File.OpenRead(path);
            model = ModelImport.Read(file, new ModelImportOptions { FileName = Path.GetFileName(path), Label = "label" }).Model;
        }

        var (definition, assets) = ModelExperiment.Create(model, Path.GetFileNameWithoutExtension(path));
        await SaveAsync(assets, cancellationToken);
        return ExperimentCompiler.Compile(definition, catalog).Experiment
            ?? throw new System.Diagnostics.UnreachableException("An experiment of one module does not compile.");
    }

    /// <summary>Runs an experiment.</summary>
    /// <exception cref="WebServiceCallException">A parameter or an input's name does not fit; nothing ran.</exception>
    public Task<ExperimentRunResult> RunAsync(
        CompiledExperiment experiment,
        IReadOnlyDictionary<string, TableBatch> inputs,
        IReadOnlyDictionary<string, string> parameters,
        Action<NodeUpdate>? onUpdate,
        CancellationToken cancellationToken) => ExperimentRunner.RunAsync(
            experiment,
            new ExperimentRunRequest
            {
                Services = services,
                Assets = this,
                Inputs = inputs,
                ParameterValues = parameters,
                Cache = new StoredResultCache(documents, _values),
                OnUpdate = onUpdate,
            },
            cancellationToken);

    /// <summary>Saves the models and transforms of a conversion under their names; earlier ones of the same name are replaced.</summary>
    public async Task SaveAsync(IEnumerable<ConvertedAsset> assets, CancellationToken cancellationToken)
    {
        foreach (var asset in assets)
        {
            var artifact = await _values.SaveAsync(asset.Value, cancellationToken);
            var document = new JsonObject { ["artifact"] = artifact.Value };
            if (asset.Origin is { } origin)
            {
                document["origin"] = JsonSerializer.SerializeToNode(origin, OriginJson);
            }

            await documents.PutAsync(
                AssetCollection,
                DocumentId(asset.Asset),
                Encoding.UTF8.GetBytes(document.ToJsonString()),
                expectedVersion: null,
                cancellationToken);
        }
    }

    /// <summary>Saves a file under a name; an earlier asset of the same kind and name is replaced.</summary>
    /// <exception cref="IOException">The file cannot be read, or is none of the kinds that can be saved.</exception>
    public async Task<AssetReference> UploadAsync(string path, string name, CancellationToken cancellationToken)
    {
        PortValue value = HasExtension(path, ".zip") ? await ReadArchiveAsync(path, cancellationToken)
            : HasExtension(path, ".ilearner") ? new ModelValue(ModelFiles.ReadModel(path))
            : HasExtension(path, ".itransform") ? new TransformValue(ModelFiles.ReadTransform(path))
            : new TableValue(await TableFiles.ReadAsync(path, cancellationToken));
        var asset = new AssetReference(ArtifactValues.KindOf(value)!.Value, name);
        await SaveAsync([new ConvertedAsset(asset, value, "")], cancellationToken);
        return asset;
    }

    // Found out here: a script that is handed a damaged bundle fails much later.
    private static async Task<ArchiveValue> ReadArchiveAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes));
            _ = archive.Entries.Count;
        }
        catch (InvalidDataException exception)
        {
            throw new IOException($"{path}: found no zip archive; the file is of another kind, truncated or damaged.", exception);
        }

        return new ArchiveValue(bytes);
    }

    /// <inheritdoc/>
    public async Task<LoadedAsset?> FindAsync(AssetReference asset, CancellationToken cancellationToken)
    {
        if (await documents.GetAsync(AssetCollection, DocumentId(asset), cancellationToken) is not { } document
            || (string?)JsonNode.Parse(document.Body.Span)?["artifact"] is not { } artifact)
        {
            return null;
        }

        return new LoadedAsset(await _values.LoadAsync(asset.Kind, new ArtifactId(artifact), cancellationToken), artifact);
    }

    /// <summary>Packages a run of an experiment as a web service.</summary>
    /// <exception cref="PackagingException">A node that is needed has no result, or there are no web-service ends.</exception>
    public async Task<WebServicePackage> PackageAsync(ExperimentRunResult run, CancellationToken cancellationToken)
    {
        var package = await new WebServicePackager(_values).PackageAsync(run, exposeSample: true, cancellationToken);
        for (var i = 0; i < package.Assets.Length; i++)
        {
            var origin = await FindOriginAsync(package.Assets[i], cancellationToken);
            package = package with { Assets = package.Assets.SetItem(i, package.Assets[i] with { Origin = origin }) };
        }

        return package;
    }

    // Of the model that is packaged, not of another that was saved under its name meanwhile.
    private async Task<ModelOrigin?> FindOriginAsync(PackagedAsset asset, CancellationToken cancellationToken) =>
        await documents.GetAsync(AssetCollection, DocumentId(asset.Asset), cancellationToken) is { } document
        && JsonNode.Parse(document.Body.Span) is { } saved
        && (string?)saved["artifact"] == asset.Artifact.Value
        && saved["origin"] is { } origin
            ? origin.Deserialize<ModelOrigin>(OriginJson)
            : null;

    private static bool HasExtension(string path, string extension) =>
        Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);

    private static string DocumentId(AssetReference asset) => $"{asset.Kind}:{asset.Name}";

    /// <summary>Writes a value to a file: a table in the format that its name says, a model or transform in its own format.</summary>
    /// <exception cref="IOException">The file's extension is another's, or it cannot be written.</exception>
    public static async Task WriteAsync(PortValue value, string path, CancellationToken cancellationToken)
    {
        var (isFitting, expected) = value switch
        {
            TableValue => (TableFiles.IsWritable(path), $"one of {TableFiles.Extensions}, as it is a table"),
            ModelValue => (HasExtension(path, ".ilearner"), ".ilearner, as it is a trained model"),
            TransformValue => (HasExtension(path, ".itransform"), ".itransform, as it is a transform"),
            _ => (true, ""),
        };
        if (!isFitting)
        {
            throw new IOException($"{path}: expected a name that ends in {expected}.");
        }

        if (value is TableValue { Table: var table })
        {
            await TableFiles.WriteAsync(path, table, cancellationToken);
            return;
        }

        await using var file = new ReplacedFile(path);
        switch (value)
        {
            case ModelValue { Model: var model }:
                ModelContainer.WriteModel(model, file.Stream);
                break;
            case TransformValue { Transform: var transform }:
                ModelContainer.WriteTransform(transform, file.Stream);
                break;
            default:
                throw new IOException($"{path}: {value.Kind} has no file form.");
        }

        file.Commit();
    }
}
