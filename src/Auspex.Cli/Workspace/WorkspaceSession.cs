using Auspex.Cli.Output;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Modules;

namespace Auspex.Cli.Workspace;

/// <summary>The experiment workspace of a data folder, open for one command.</summary>
internal sealed class WorkspaceSession : IAsyncDisposable
{
    private readonly IAsyncDisposable _documents;

    private WorkspaceSession(ExperimentWorkspace workspace, IAsyncDisposable documents)
    {
        Workspace = workspace;
        _documents = documents;
    }

    /// <summary>The workspace.</summary>
    public ExperimentWorkspace Workspace { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; } = TimeProvider.System;

    /// <summary>Opens the workspace beside an experiment's factory, or in a given data folder.</summary>
    public static async Task<WorkspaceSession> OpenAsync(
        string experimentFile,
        string? dataFolder,
        CancellationToken cancellationToken)
    {
        var factory = FactoryOf(experimentFile);
        var data = dataFolder ?? Path.Combine(factory, ".auspex");
        var (documents, artifacts) = await WorkspaceStores.OpenAsync(data, cancellationToken);
        var services = WorkspaceServices.Create(factory);
        return new WorkspaceSession(
            new ExperimentWorkspace(documents, artifacts, services, ModuleCatalog.CreateDefault()), documents);
    }

    /// <summary>Compiles and runs an experiment's file, showing what is found and done; null when it does not compile.</summary>
    public async Task<ExperimentRunResult?> RunAsync(
        string file,
        IReadOnlyDictionary<string, string> inputFiles,
        IReadOnlyDictionary<string, string> parameters,
        ExperimentProgress progress,
        CancellationToken cancellationToken)
    {
        var (experiment, diagnostics) = await Workspace.CompileAsync(file, cancellationToken);
        DiagnosticLines.Write(Console.Error, diagnostics);
        if (experiment is null)
        {
            return null;
        }

        var inputs = new Dictionary<string, TableBatch>(StringComparer.Ordinal);
        foreach (var (name, path) in inputFiles)
        {
            inputs[name] = await TableFiles.ReadAsync(path, cancellationToken);
        }

        var run = await Workspace.RunAsync(experiment, inputs, parameters, progress.Report, cancellationToken);
        progress.Show(run);
        return run;
    }

    public ValueTask DisposeAsync() => _documents.DisposeAsync();

    // An experiment lies in experiment/ of its factory; a lone file's factory is its own folder.
    internal static string FactoryOf(string experimentFile)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(experimentFile))!;
        return Path.GetFileName(folder).Equals("experiment", StringComparison.OrdinalIgnoreCase)
            ? Path.GetDirectoryName(folder)!
            : folder;
    }
}
