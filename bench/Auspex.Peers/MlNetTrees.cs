using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace Auspex.Peers;

/// <summary>ML.NET's two tree learners, from text loader to text saver.</summary>
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
            ["auc"] = Math.Round(context.BinaryClassification.Evaluate(scored, Target).AreaUnderRocCurve, 5),
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
        if (peer == "mlnet-fasttree")
        {
            return context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options
            {
                LabelColumnName = Target,
                NumberOfTrees = Workload.Trees,
                NumberOfLeaves = workload.Leaves,
                MinimumExampleCountPerLeaf = workload.LeafRows,
                LearningRate = workload.Rate,
            });
        }

        return context.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options
        {
            LabelColumnName = Target,
            NumberOfIterations = Workload.Trees,
            NumberOfLeaves = workload.Leaves,
            MinimumExampleCountPerLeaf = workload.LeafRows,
            LearningRate = workload.Rate,
        });
    }
}
