using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Scripts;
using Auspex.Stores;

namespace Auspex.Experiments.WebServices;

/// <summary>The languages of code bundles.</summary>
public enum CodeLanguage
{
    /// <summary>Source that defines <c>azureml_main</c>, which takes a data frame and returns one.</summary>
    Python,

    /// <summary>Source that calls <c>maml.mapInputPort(1)</c> and <c>maml.mapOutputPort</c>.</summary>
    R,
}

/// <summary>A function that a client sent to be a web service: source, files beside it, and what it takes and gives.</summary>
/// <param name="Language">Which interpreter runs it.</param>
/// <param name="DeclaredLanguage">As the client wrote it, such as <c>python-2.7-64</c>.</param>
/// <param name="Source">The script.</param>
/// <param name="Files">A zip archive that is unpacked beside the script; null for none.</param>
/// <param name="Input">The columns of its only input, <c>input1</c>; there may be none.</param>
/// <param name="Output">The columns of its only output, <c>output1</c>.</param>
public sealed record CodeBundle(
    CodeLanguage Language,
    string DeclaredLanguage,
    string Source,
    ReadOnlyMemory<byte>? Files,
    TableSchema Input,
    TableSchema Output)
{
    private const string InputNode = "input1";
    private const string ScriptNode = "script";
    private const string FilesNode = "files";

    /// <summary>
    /// Loads the script in its interpreter and calls nothing, so that a mistake in it, a library that is not there or byte code of
    /// another version is known before anybody calls. At the top level of an R script stands what a call runs: it is only parsed.
    /// </summary>
    /// <exception cref="PackagingException">It does not load; the message has the line, and both versions.</exception>
    /// <exception cref="ModuleException">Error 102: the files cannot be unpacked; another: the interpreter is not there.</exception>
    public async Task CheckAsync(ModuleServices services, CancellationToken cancellationToken)
    {
        using var folder = new ScriptFolder();
        var files = Files is { } bytes ? new ArchiveValue(bytes) : null;
        ScriptOutcome outcome;
        int error;
        if (Language == CodeLanguage.Python)
        {
            error = PythonInterpreter.Error;
            var python = await PythonInterpreter.FindAsync(services, cancellationToken);
            await PythonInterpreter.PrepareAsync(folder, Source, files, cancellationToken);
            outcome = await PythonInterpreter.RunAsync(python, folder, loadsOnly: true, services, cancellationToken);
        }
        else
        {
            error = RInterpreter.Error;
            var rscript = await RInterpreter.FindAsync(services, cancellationToken);
            await RInterpreter.PrepareAsync(folder, Source, files, cancellationToken);
            outcome = await RInterpreter.RunAsync(rscript, folder, seed: null, loadsOnly: true, services, cancellationToken);
        }

        try
        {
            await ScriptRunner.CheckAsync(folder, outcome, error, services.Scripts, cancellationToken);
        }
        catch (ModuleException failure)
        {
            var version = await ScriptRunner.ReadVersionAsync(folder, cancellationToken) ?? Language.ToString();
            throw new PackagingException(
                ErrorCode.PackagingFailed,
                $"The code was published as '{DeclaredLanguage}' and does not load in {version}, which runs it here. {failure.Message}{ByteCodeHint(version)}",
                failure);
        }
    }

    /// <summary>Makes a package of a bundle: an experiment of its script and its files.</summary>
    /// <param name="name">The service's name.</param>
    /// <param name="values">Where the files go.</param>
    /// <param name="cancellationToken">Stops before anything is stored.</param>
    public async Task<WebServicePackage> PackageAsync(string name, ArtifactValues values, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(values);
        var isPython = Language == CodeLanguage.Python;
        var files = new AssetReference(AssetKind.Dataset, $"{name} [files]");
        ImmutableArray<PackagedAsset> assets = Files is { } bytes
            ? [new PackagedAsset(files, await values.SaveAsync(new ArchiveValue(bytes), cancellationToken))]
            : [];
        ImmutableArray<ExperimentEdge> edges = [new("Dataset1", InputNode, null)];
        ImmutableArray<ExperimentNode> nodes =
        [
            new()
            {
                Id = InputNode,
                Module = "Enter Data Manually",
                Parameters = new JsonObject { ["DataFormat"] = "CSV", ["HasHeader"] = true, ["Data"] = Header(Input) },
            },
            new()
            {
                Id = ScriptNode,
                Module = isPython ? "Execute Python Script" : "Execute R Script",
                Inputs = assets.IsEmpty ? edges : [.. edges, new("Script Bundle", FilesNode, null)],
                Parameters = new JsonObject { [isPython ? "Python script" : "R Script"] = Source },
            },
        ];
        var experiment = ExperimentWriter.WithSource(new ExperimentDefinition
        {
            Name = name,
            Nodes = assets.IsEmpty ? nodes : [.. nodes, new() { Id = FilesNode, Module = "", Asset = files, Parameters = [] }],
            WebServiceInputs = [new("input1", InputNode, null)],
            WebServiceOutputs = [new("output1", ScriptNode, isPython ? "Results dataset" : "Result Dataset")],
            Source = [],
        });
        var signature = new ServiceSignature(
            [new ServicePort("input1", PortType.Dataset, Input, null)], [new ServicePort("output1", PortType.Dataset, Output, null)], []);
        return new WebServicePackage(experiment, assets, signature, ImmutableDictionary<string, ArtifactId>.Empty);
    }

    // Only the Python that wrote byte code can run it, and its own complaint says anything but that.
    private string ByteCodeHint(string version) =>
        Source.Contains("marshal", StringComparison.Ordinal) || Source.Contains("pickle", StringComparison.OrdinalIgnoreCase)
            ? $" A function sent as byte code runs only in the version of Python that made it: publish from {version}, or send the function's source."
            : "";

    private static string Header(TableSchema schema) =>
        string.Join(',', schema.Fields.Select(field => $"\"{field.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n";
}
