using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.WebServices;

/// <summary>A web service in memory. Row-wise graphs become one function; others run on the general executor.</summary>
public sealed partial class WebServiceRuntime : IWebServiceRuntime
{
    private const int MostPlans = 256;

    // Nothing that works row by row reaches outside, so binding needs no services of a caller.
    private static readonly ModuleServices Offline = new()
    {
        OpenBlobStore = _ => throw new ModuleException(9, "A module that works row by row tried to open a storage account."),
        Clock = TimeProvider.System,
        FileRoots = [],
        Threads = 1,
    };

    private readonly CompiledExperiment _experiment;
    private readonly Dictionary<PortKey, PortValue> _known;
    private readonly HashSet<string> _labels;
    private readonly RowwisePath? _path;
    private readonly HashSet<string> _scoringIds;
    private readonly ConcurrentDictionary<string, IRowTransform> _plans = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<TableSchema, string> _fingerprints = [];

    private WebServiceRuntime(WebServicePackage package, CompiledExperiment experiment, Dictionary<PortKey, PortValue> known)
    {
        Package = package;
        _experiment = experiment;
        _known = known;
        _labels = known.Values.OfType<ModelValue>().Select(value => value.Model.Label.Name).ToHashSet(StringComparer.Ordinal);
        _path = RowwisePath.Find(experiment, known);
        if (_path is not null && !BindsToItsOwnSchema(_path))
        {
            _path = null;
        }

        ScoringNodes = FindScoringNodes(experiment, known);
        _scoringIds = [.. ScoringNodes.Select(node => node.Id)];
    }

    /// <summary>What was loaded.</summary>
    public WebServicePackage Package { get; }

    /// <inheritdoc/>
    public ServiceSignature Signature => Package.Signature;

    /// <inheritdoc/>
    public IReadOnlySet<string> OptionalColumns => _labels;

    /// <summary>Whether <see cref="BindRowwise"/> gives a function.</summary>
    public bool IsRowwise => _path is not null;

    /// <summary>Compiles the package's experiment and loads every artifact it needs.</summary>
    /// <exception cref="PackagingException">
    /// The experiment does not compile with this catalogue, or an artifact is not there or damaged.
    /// </exception>
    public static async Task<WebServiceRuntime> LoadAsync(
        WebServicePackage package, ModuleCatalog catalog, ArtifactValues values, CancellationToken cancellationToken)
    {
        var compilation = ExperimentCompiler.Compile(package.Experiment, catalog);
        if (compilation.Experiment is not { } experiment)
        {
            var error = compilation.Diagnostics.First(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            throw new PackagingException(
                ErrorCode.PackageInvalid, $"The web service's experiment '{package.Experiment.Name}' does not compile: {error.Message}");
        }

        var known = new Dictionary<PortKey, PortValue>();
        var loaded = new Dictionary<AssetReference, PortValue>();
        try
        {
            foreach (var (asset, artifact, _) in package.Assets)
            {
                loaded[asset] = await values.LoadAsync(asset.Kind, artifact, cancellationToken);
            }

            foreach (var (node, artifact) in package.DesignTables)
            {
                known[new PortKey(node, experiment[node].Outputs[0].Name)] =
                    await values.LoadAsync(AssetKind.Dataset, artifact, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or (AuspexException and not PackagingException))
        {
            throw new PackagingException(
                ErrorCode.PackageInvalid,
                $"An artifact of web service '{package.Experiment.Name}' cannot be loaded: {exception.Message}",
                exception);
        }

        foreach (var node in experiment.Nodes.Where(node => node.Asset is not null))
        {
            known[new PortKey(node.Id, node.Outputs[0].Name)] = loaded.GetValueOrDefault(node.Asset!) ?? throw new PackagingException(
                ErrorCode.PackageInvalid, $"The package holds no artifact for saved asset '{node.Asset!.Name}' of node '{node.Id}'.");
        }

        return new WebServiceRuntime(package, experiment, known);
    }

    /// <inheritdoc/>
    public IRowTransform? BindRowwise(TableSchema input, IReadOnlyDictionary<string, string> parameters)
    {
        if (_path is null)
        {
            return null;
        }

        var key = KeyOf(input, parameters);
        if (_plans.TryGetValue(key, out var plan))
        {
            return plan;
        }

        var resolved = ParameterOverrides.Resolve(_experiment, parameters, isCall: true);
        plan = BindWithoutLabels(_path, input, resolved)
            ?? _path.Bind(InputConformance.Bind(Signature.Inputs[0], input, _labels), resolved, Offline);
        if (_plans.Count >= MostPlans)
        {
            // Callers choose schema and parameters; what they may fill must have an end.
            _plans.Clear();
        }

        return _plans.GetOrAdd(key, plan);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, ModelOrigin> OriginsOf(string runId, IReadOnlyDictionary<string, PortValue> outputs)
    {
        return _experiment.ServiceOutputs
            .Where(output => outputs.GetValueOrDefault(output.Name) is ModelValue)
            .ToDictionary(output => output.Name, output => ModelEvaluation.OriginOf(_experiment, runId, output.Source, Find), StringComparer.Ordinal);

        PortValue? Find(PortKey port) =>
            _experiment.ServiceOutputs.FirstOrDefault(output => output.Source == port) is { } output
                ? outputs.GetValueOrDefault(output.Name)
                : null;
    }

    /// <summary>
    /// The path for a caller who leaves a label out: no column of that name is in the output then, as when Score Model gets a table without one. Null
    /// when all labels are there, or when a module asks for one and has to get missing values.
    /// </summary>
    private IRowTransform? BindWithoutLabels(
        RowwisePath path, TableSchema input, IReadOnlyDictionary<string, ImmutableSortedDictionary<string, string>> parameters)
    {
        if (Signature.Inputs[0].Schema!.Fields.All(field => !_labels.Contains(field.Name) || input.IndexOf(field.Name) >= 0))
        {
            return null;
        }

        try
        {
            return path.Bind(InputConformance.Bind(Signature.Inputs[0], input, _labels, fillsLabels: false), parameters, Offline);
        }
        catch (ModuleException)
        {
            return null;
        }
    }

    /// <summary>
    /// The schema of the run that made the package suits the executor for certain. Where the path refuses it, a module
    /// needs to see rows, such as one that takes its categories from them.
    /// </summary>
    private bool BindsToItsOwnSchema(RowwisePath path)
    {
        try
        {
            var own = ParameterOverrides.Resolve(_experiment, ImmutableDictionary<string, string>.Empty, isCall: false);
            path.Bind(InputConformance.Bind(Signature.Inputs[0], Signature.Inputs[0].Schema!, _labels), own, Offline);
            return true;
        }
        catch (ModuleException)
        {
            return false;
        }
    }

    private string KeyOf(TableSchema input, IReadOnlyDictionary<string, string> parameters)
    {
        var schema = _fingerprints.GetValue(input, Fingerprint);
        if (parameters.Count == 0)
        {
            return schema;
        }

        var key = new StringBuilder(schema);
        foreach (var (name, value) in parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal))
        {
            Append(key, name);
            Append(key, value);
        }

        return key.ToString();
    }

    private static string Fingerprint(TableSchema schema)
    {
        var key = new StringBuilder();
        foreach (var field in schema.Fields)
        {
            Append(key, field.Name);
            key.Append(CultureInfo.InvariantCulture, $"{(int)field.Type}/{(int)field.Role}/{field.IsNullable}/");
            Append(key, field.Score is { } score ? $"{score.Task}/{score.Kind}" : "");
            if (field.Categories is { } categories)
            {
                key.Append(CultureInfo.InvariantCulture, $"{categories.IsOrdered}{categories.Levels.Length}");
                foreach (var level in categories.Levels)
                {
                    Append(key, level);
                }
            }
        }

        return key.ToString();
    }

    private static void Append(StringBuilder key, string text) =>
        key.Append(CultureInfo.InvariantCulture, $"{text.Length}:").Append(text);
}
