using Auspex.Cli.Output;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring.Files;
using Auspex.Experiments.WebServices;
using Auspex.Storage.Files;
using Auspex.Storage.Sqlite;

namespace Auspex.Cli.Workspace;

/// <summary>The experiment workspace of a data folder, open for one command; several commands may have it open at once.</summary>
internal sealed class WorkspaceSession : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly BlobStores _blobs;

    private WorkspaceSession(
        string factoryFolder, string dataFolder, ExperimentWorkspace workspace, SqliteDatabase database, BlobStores blobs)
    {
        FactoryFolder = factoryFolder;
        DataFolder = dataFolder;
        Workspace = workspace;
        _database = database;
        _blobs = blobs;
    }

    /// <summary>The factory's folder.</summary>
    public string FactoryFolder { get; }

    /// <summary>The data folder.</summary>
    public string DataFolder { get; }

    /// <summary>The workspace.</summary>
    public ExperimentWorkspace Workspace { get; }

    /// <summary>Opens the workspace beside an experiment's factory, or in a given data folder.</summary>
    public static WorkspaceSession Open(string experimentFile, string? dataFolder, ScriptOptions scripts)
    {
        var factory = FactoryOf(experimentFile);
        return OpenFolder(factory, dataFolder ?? Path.Combine(factory, ".auspex"), scripts);
    }

    /// <summary>Opens the workspace of a factory.</summary>
    public static WorkspaceSession OpenFolder(string factoryFolder, string dataFolder, ScriptOptions scripts)
    {
        var folder = Path.Combine(dataFolder, "workspace");
        Directory.CreateDirectory(folder);
        var roots = Storage.Definitions.FactoryFolder.Load(factoryFolder).Overlay.FileRoots;
        var blobs = new BlobStores(new BlobStoresOptions { FileRoots = roots }, TimeProvider.System);
        var database = SqliteDatabase.Open(Path.Combine(folder, "workspace.db"));
        var services = new ModuleServices
        {
            OpenBlobStore = blobs.Open,
            Clock = TimeProvider.System,
            FileRoots = roots,
            Databases = new SqlTables(new SqlTablesOptions { FileRoots = roots }),
            Scripts = scripts,
        };
        return new WorkspaceSession(
            factoryFolder,
            dataFolder,
            new ExperimentWorkspace(
                new SqliteDocumentStore(database),
                new FileArtifactStore(Path.Combine(folder, "artifacts")),
                services,
                ModuleCatalog.CreateDefault()),
            database,
            blobs);
    }

    /// <summary>Compiles an experiment's file, showing what is found; null when there is an error.</summary>
    public async Task<CompiledExperiment?> CompileAsync(string file, CancellationToken cancellationToken)
    {
        var (experiment, diagnostics) = await Workspace.CompileAsync(file, cancellationToken);
        DiagnosticLines.Write(Console.Error, diagnostics);
        return experiment;
    }

    /// <summary>Runs an experiment, showing what is done.</summary>
    /// <exception cref="WebServiceCallException">A parameter or an input's name does not fit; nothing ran.</exception>
    public async Task<ExperimentRunResult> RunAsync(
        CompiledExperiment experiment,
        IReadOnlyDictionary<string, string> inputFiles,
        IReadOnlyDictionary<string, string> parameters,
        ExperimentProgress progress,
        CancellationToken cancellationToken)
    {
        var inputs = new Dictionary<string, TableBatch>(StringComparer.Ordinal);
        foreach (var (name, path) in inputFiles)
        {
            inputs[name] = await TableFiles.ReadAsync(path, cancellationToken);
        }

        var run = await Workspace.RunAsync(experiment, inputs, parameters, progress.Report, cancellationToken);
        progress.Show(run);
        return run;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _database.Dispose();
        _blobs.Dispose();
    }

    // An experiment lies in experiment/ of its factory; a lone file's factory is its own folder.
    private static string FactoryOf(string experimentFile)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(experimentFile))!;
        return Path.GetFileName(folder).Equals("experiment", StringComparison.OrdinalIgnoreCase)
            ? Path.GetDirectoryName(folder)!
            : folder;
    }
}
