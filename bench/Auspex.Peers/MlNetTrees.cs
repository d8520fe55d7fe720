using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace Auspex.Peers;

/// <summary>ML.NET's trees, from text loader to text saver; and its other trainers, from a table in memory to a model.</summary>
internal static class MlNetTrees
{
    private const string Target = "IsPositive";

    public static void Train(string peer, Workload workload, string table, string modelPath)
    {
        var context = new MLContext(seed: 1);
        var rows = context.Transforms.Conversion
            .MapValue(Target, [new KeyValuePair<string, bool>(workload.Positive, true)], workload.Label)
            .Fit(Load(context, workload, table))
            .Transform(Load(context, workload, table));
        ITransformer model = Featurize(context, workload).Append(Learner(peer, context, workload)).Fit(rows);
        context.Model.Save(model, null, modelPath);
    }

    public static void Fit(string peer, Workload workload, string table, string test)
    {
        var context = new MLContext(seed: 1);
        var labels = context.Transforms.Conversion.MapValue(Target, [new KeyValuePair<string, bool>(workload.Positive, true)], workload.Label);
        var mapping = labels.Fit(Load(context, workload, table));
        var rows = context.Data.Cache(mapping.Transform(Load(context, workload, table)));
        using (var cursor = rows.GetRowCursor(rows.Schema))
        {
            // Into memory, before the clock starts.
            while (cursor.MoveNext())
            {
            }
        }

        var before = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var model = Featurize(context, workload).Append(Learner(peer, context, workload)).Fit(rows);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var processor = Environment.CpuUsage.TotalTime - before;
        var scored = model.Transform(mapping.Transform(Load(context, workload, test)));
        Console.WriteLine(new JsonObject
        {
            ["peer"] = peer,
            ["workload"] = workload.Name,
            ["rows"] = rows.GetRowCount(),
            ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
            ["processorSeconds"] = Math.Round(processor.TotalSeconds, 3),
            ["auc"] = Math.Round(context.BinaryClassification.EvaluateNonCalibrated(scored, Target).AreaUnderRocCurve, 5),
        }.ToJsonString());
    }

    public static void Score(string peer, Workload workload, string modelPath, string input, string output)
    {
        var context = new MLContext(seed: 1);
        var model = context.Model.Load(modelPath, out _);
        var started = Stopwatch.GetTimestamp();
        Save(context, model.Transform(Load(context, workload, input)), [.. workload.Columns, "PredictedLabel", "Probability"], output);
        PeerReport.Print(peer, workload, output, Stopwatch.GetElapsedTime(started));
    }

    public static IDataView Load(MLContext context, Workload workload, string path) => context.Data.LoadFromTextFile(
        path,
        [
            .. workload.Columns.Select((column, index) => new TextLoader.Column(
                column, workload.Numbers.Contains(column) ? DataKind.Single : DataKind.String, index)),
        ],
        separatorChar: ',',
        hasHeader: true);

    public static void Save(MLContext context, IDataView scored, string[] columns, string output)
    {
        var kept = context.Transforms.SelectColumns(columns).Fit(scored).Transform(scored);
        using var stream = File.Create(output);
        context.Data.SaveAsText(kept, stream, separatorChar: ',', headerRow: true, schema: false, forceDense: true);
    }

    private static IEstimator<ITransformer> Featurize(MLContext context, Workload workload)
    {
        var numbers = context.Transforms.Concatenate("Features", [.. workload.Numbers]);
        if (workload.Texts.Length == 0)
        {
            return numbers;
        }

        InputOutputColumnPair[] texts = [.. workload.Texts.Select(column => new InputOutputColumnPair(column + " levels", column))];
        return context.Transforms.Categorical.OneHotEncoding(texts)
            .Append(context.Transforms.Concatenate(
                "Features", [.. workload.Numbers, .. texts.Select(pair => pair.OutputColumnName)]));
    }

    private static IEstimator<ITransformer> Learner(string peer, MLContext context, Workload workload)
    {
        var trainers = context.BinaryClassification.Trainers;
        return peer switch
        {
            "mlnet-fasttree" => trainers.FastTree(new FastTreeBinaryTrainer.Options
            {
                LabelColumnName = Target,
                NumberOfTrees = Workload.Trees,
                NumberOfLeaves = workload.Leaves,
                MinimumExampleCountPerLeaf = workload.LeafRows,
                LearningRate = workload.Rate,
            }),
            "mlnet-lightgbm" => trainers.LightGbm(new LightGbmBinaryTrainer.Options
            {
                LabelColumnName = Target,
                NumberOfIterations = Workload.Trees,
                NumberOfLeaves = workload.Leaves,
                MinimumExampleCountPerLeaf = workload.LeafRows,
                LearningRate = workload.Rate,
            }),

            // It knows no depth; with as many leaves as rows of 16 fill it grows trees like those of Decision Forest.
            "mlnet-forest" => trainers.FastForest(new FastForestBinaryTrainer.Options
            {
                LabelColumnName = Target,
                NumberOfTrees = 32,
                NumberOfLeaves = 4096,
                MinimumExampleCountPerLeaf = 16,
            }),
            "mlnet-logistic" => Scaled(context, trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
            {
                LabelColumnName = Target,
                L1Regularization = 0,
                L2Regularization = 1,
            })),
            "mlnet-sdca" => Scaled(context, trainers.SdcaLogisticRegression(new SdcaLogisticRegressionBinaryTrainer.Options { LabelColumnName = Target })),
            "mlnet-perceptron" => Scaled(context, trainers.AveragedPerceptron(new AveragedPerceptronTrainer.Options
            {
                LabelColumnName = Target,
                NumberOfIterations = 10,
            })),
            "mlnet-svm" => Scaled(context, trainers.LinearSvm(new LinearSvmTrainer.Options
            {
                LabelColumnName = Target,
                NumberOfIterations = 10,
                Lambda = 0.001f,
            })),
            _ => throw new ArgumentException($"Found the peer '{peer}'; expected a trainer of ML.NET.", nameof(peer)),
        };
    }

    // As our linear learners do by themselves.
    private static EstimatorChain<ITransformer> Scaled(MLContext context, IEstimator<ITransformer> trainer) =>
        context.Transforms.NormalizeMinMax("Features", fixZero: false).Append(trainer);
}
