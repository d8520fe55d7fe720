using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>Makes a model of ours of an ONNX graph around one tree ensemble; other graphs are left to ONNX Runtime.</summary>
internal static class OnnxImport
{
    private const string Classifier = "TreeEnsembleClassifier";
    private const string Regressor = "TreeEnsembleRegressor";

    public static ImportedModel Read(ReadOnlyMemory<byte> bytes, ModelImportOptions options)
    {
        var (graph, version, producer) = Parse(bytes, options.FileName);
        try
        {
            return ReadTrees(graph, version, producer, options);
        }
        catch (ModelImportException refusal)
        {
            CheckTrees(graph, options.FileName);
            return OnnxRuntimeImport.Read(bytes, graph, producer, options, refusal);
        }
    }

    // Kernels elsewhere trust the indexes of trees: a damaged tree must not reach them.
    private static void CheckTrees(OnnxGraph graph, string fileName)
    {
        foreach (var node in graph.Nodes.Where(node => node.Operator.StartsWith("TreeEnsemble", StringComparison.Ordinal)))
        {
            var where = $"{fileName}, {node.Where}";
            if (node.Operator is not (Classifier or Regressor))
            {
                throw new ModelImportException($"{where}: expected {Classifier} or {Regressor}. Export for ai.onnx.ml 3.");
            }

            var classes = node.Operator == Classifier ? OnnxLabels.Read(node, fileName).Classes.Length : (int)Math.Clamp(node.Integer("n_targets", 1), 1, 1 << 16);
            var trees = OnnxTrees.Read(node, node.Operator == Classifier ? "class" : "target", classes, where);
            var most = trees.Trees.SelectMany(tree => tree.Features).DefaultIfEmpty(-1).Max();
            if (node.Inputs is not [var input] || most >= Width(graph, fileName, input))
            {
                throw new ModelImportException($"{where}: expected one input of more than {most} columns, since the trees ask for feature {most}.");
            }
        }
    }

    // As far as it can be followed; what cannot is left to the runtime's own check.
    private static int Width(OnnxGraph graph, string fileName, string value)
    {
        try
        {
            return new OnnxFeatures(graph, fileName).Resolve(value, width: -1).Length;
        }
        catch (ModelImportException)
        {
            return int.MaxValue;
        }
    }

    private static ImportedModel ReadTrees(OnnxGraph graph, long version, string producer, ModelImportOptions options)
    {
        var node = Ensemble(graph, options.FileName);
        if (version is < 1 or > 3)
        {
            throw new ModelImportException(
                $"{options.FileName}: {node.Where} is of ai.onnx.ml version {version}; versions 1 to 3 are read. Export for one of these.");
        }

        var isClassifier = node.Operator == Classifier;
        var labels = isClassifier ? OnnxLabels.Read(node, options.FileName) : null;
        var where = $"{options.FileName}, {node.Where}";
        var trees = OnnxTrees.Read(node, isClassifier ? "class" : "target", labels?.Classes.Length ?? 1, where);
        var width = trees.Trees.SelectMany(tree => tree.Features).DefaultIfEmpty(-1).Max() + 1;
        var features = new OnnxFeatures(graph, options.FileName).Resolve(
            node.Inputs is [var input] ? input : throw new ModelImportException($"{where}: expected one input."), width);
        var (schema, columns) = Schema(graph, features, options);
        var ensemble = new OnnxEnsemble(trees, features, columns, where);
        var notes = new List<string>();
        var outputs = new OnnxOutputs(graph, options.FileName);
        var description = new ModelDescription
        {
            Learner = "ONNX tree ensemble",
            Task = ModelTask.Regression,
            Label = new TableField { Name = options.Label, Type = ColumnType.Double, Role = ColumnRole.Label },
            Features = schema,
            Parameters = ImmutableSortedDictionary.CreateRange(
                StringComparer.Ordinal, [KeyValuePair.Create("producer", producer), KeyValuePair.Create("operator", node.Operator)]),
        };
        var model = labels is null
            ? OnnxRegression.Create(node, trees, ensemble, outputs, description, notes, where)
            : new OnnxClassification(node, trees, ensemble, labels, where).Create(outputs, description, notes);
        return new ImportedModel(
            model,
            $"ONNX {node.Operator}, ai.onnx.ml {version}{(producer.Length > 0 ? ", by " + producer : "")}",
            trees.Trees.Count,
            trees.Trees.Sum(tree => tree.Leaves),
            [.. notes]);
    }

    private static (OnnxGraph Graph, long Version, string Producer) Parse(ReadOnlyMemory<byte> bytes, string fileName)
    {
        try
        {
            return OnnxGraph.Read(bytes);
        }
        catch (ModelImportException exception)
        {
            throw new ModelImportException(
                $"{fileName}: {exception.Message} Read are LightGBM's text, ONNX tree ensembles and XGBoost's JSON.", exception);
        }
    }

    private static OnnxNode Ensemble(OnnxGraph graph, string fileName)
    {
        OnnxNode[] ensembles = [.. graph.Nodes.Where(node => node.Operator is Classifier or Regressor)];
        return ensembles.Length switch
        {
            1 => ensembles[0],
            0 => throw new ModelImportException(
                $"{fileName}: the graph has no {Classifier} or {Regressor}; found "
                + (graph.Nodes.Count == 0 ? "no nodes." : string.Join(", ", graph.Nodes.Take(3).Select(node => node.Where)) + ".")),
            _ => throw new ModelImportException($"{fileName}: the graph has {ensembles.Length} tree ensembles; one is read."),
        };
    }

    // Columns are the numbers of those inputs that lead to the trees, in the order of the inputs.
    private static (TableSchema Schema, Dictionary<(string Input, int Index), int> Columns) Schema(
        OnnxGraph graph, OnnxFeature[] features, ModelImportOptions options)
    {
        var wanted = features.Select(feature => (feature.Input.Name, feature.Index)).ToHashSet();
        var own = new List<(OnnxInput Input, int Index, string Name)>();
        foreach (var input in graph.Inputs.DistinctBy(input => input.Name))
        {
            int[] indexes = [.. wanted.Where(column => column.Name == input.Name).Select(column => column.Index).Order()];
            own.AddRange(indexes.Select(index => (
                input, index, indexes.Length == 1 ? input.Name : string.Create(CultureInfo.InvariantCulture, $"{input.Name}_{index}"))));
        }

        var names = FeatureNames.Choose(options, [.. own.Select(column => column.Name)]);
        return (
            new TableSchema(
            [
                .. own.Select((column, position) => new TableField
                {
                    Name = names[position],
                    Type = column.Input.Type == OnnxTensor.Boolean ? ColumnType.Boolean : ColumnType.Double,
                }),
            ]),
            own.Select((column, position) => (column, position))
                .ToDictionary(entry => (entry.column.Input.Name, entry.column.Index), entry => entry.position));
    }
}
