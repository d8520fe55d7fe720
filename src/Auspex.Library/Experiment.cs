using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Modules;

namespace Auspex.Library;

/// <summary>An experiment: modules and how they are connected, in a file as <c>auspex experiment</c> runs it. Immutable and thread-safe.</summary>
public sealed class Experiment
{
    private readonly CompiledExperiment _compiled;
    private readonly string _folder;

    private Experiment(CompiledExperiment compiled, string folder, IReadOnlyList<string> warnings) =>
        (_compiled, _folder, Warnings) = (compiled, folder, warnings);

    /// <summary>Its name.</summary>
    public string Name => _compiled.Definition.Name;

    /// <summary>Names of its web-service inputs: what tables can be given in place of those in the experiment.</summary>
    public IReadOnlyList<string> Inputs => [.. _compiled.ServiceInputs.Select(port => port.Name)];

    /// <summary>Names of its web-service outputs.</summary>
    public IReadOnlyList<string> Outputs => [.. _compiled.ServiceOutputs.Select(port => port.Name)];

    /// <summary>Names of its parameters.</summary>
    public IReadOnlyList<string> Parameters => [.. _compiled.Parameters.Select(parameter => parameter.Definition.Name)];

    /// <summary>What was found odd when it was loaded, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Loads and compiles a file.</summary>
    /// <param name="path">JSON; in a folder named <c>experiment</c> the folder above is the one that paths of data refer to, else its own.</param>
    /// <exception cref="LibraryException">It is no experiment: the message has every error.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static Experiment Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        var json = LenientJson.Parse(File.ReadAllBytes(path), path, found);
        var definition = json.Root is JsonObject root ? ExperimentLoader.Load(root, path, found) : null;
        var compilation = definition is null ? null : ExperimentCompiler.Compile(definition, ModuleCatalog.CreateDefault());
        found.AddRange(compilation?.Diagnostics ?? []);
        var errors = found.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        if (compilation?.Experiment is not { } compiled)
        {
            throw new LibraryException(
                errors.Count > 0 ? errors[0].Code.Value : ErrorCode.PackageInvalid.Value,
                $"{path} is no experiment that can run: {string.Join(" ", errors.Select(Sentence))}",
                inner: null);
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var isBeside = Path.GetFileName(folder).Equals("experiment", StringComparison.OrdinalIgnoreCase);
        return new Experiment(compiled, isBeside ? Path.GetDirectoryName(folder)! : folder, [.. found.Select(Sentence)]);
    }

    /// <summary>Runs every module that is needed.</summary>
    /// <param name="settings">Tables, parameters and bounds; null for the experiment's own.</param>
    /// <param name="cancellationToken">Stops between modules, and inside those that take long.</param>
    /// <exception cref="LibraryException">A module failed (the message names it), or an input or a parameter does not fit.</exception>
    public Task<ExperimentResult> RunAsync(ExperimentSettings? settings = null, CancellationToken cancellationToken = default) => Errors.TranslateAsync(async () =>
    {
        settings ??= new ExperimentSettings();
        IReadOnlyList<string> roots = [.. (settings.FileRoots.Count == 0 ? [_folder] : settings.FileRoots).Select(Path.GetFullPath)];
        using var blobs = new BlobStores(new BlobStoresOptions { FileRoots = [.. roots] }, TimeProvider.System);
        var run = await ExperimentRunner.RunAsync(
            _compiled,
            new ExperimentRunRequest
            {
                Services = new ModuleServices
                {
                    OpenBlobStore = blobs.Open,
                    Clock = TimeProvider.System,
                    FileRoots = roots,
                    Databases = new SqlTables(new SqlTablesOptions { FileRoots = [.. roots] }),
                    Threads = settings.Threads,
                },
                Assets = new SavedModels(settings.Models),
                Inputs = settings.Inputs.ToDictionary(input => input.Key, input => input.Value.Batch, StringComparer.Ordinal),
                ParameterValues = settings.Parameters,
                OnUpdate = settings.ReportProgress is { } report
                    ? update => report($"{update.Module}: {update.Message ?? update.Status.ToString()}", update.Done, update.Total)
                    : null,
            },
            cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (run.Errors.FirstOrDefault() is { } error)
        {
            throw error;
        }

        return new ExperimentResult(run);
    });

    private static string Sentence(Diagnostic diagnostic) => $"{diagnostic.Code}: {diagnostic.Message}";

    /// <summary>Models that an experiment names as saved ones.</summary>
    private sealed class SavedModels(IReadOnlyDictionary<string, Model> models) : IAssetSource
    {
        public Task<LoadedAsset?> FindAsync(AssetReference asset, CancellationToken cancellationToken) => Task.FromResult(
            asset.Kind == AssetKind.TrainedModel && models.TryGetValue(asset.Name, out var model)
                ? new LoadedAsset(new Auspex.Experiments.Models.ModelValue(model.Trained), asset.Name)
                : null);
    }
}
