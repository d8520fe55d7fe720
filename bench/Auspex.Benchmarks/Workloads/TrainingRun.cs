using System.Diagnostics;
using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Learners;

namespace Auspex.Benchmarks.Workloads;

/// <summary>
/// <c>fit WORKLOAD TABLE TEST [LEARNER]</c> trains boosted trees with the workload's settings, or another learner, from a table in
/// memory to a model, binning or scaling included, and prints a JSON line with the seconds and the AUC on TEST. The peers' <c>fit</c>
/// prints the same.
/// </summary>
internal static class TrainingRun
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not ["H" or "A", var train, var test, .. { Length: < 2 } names]
            || Settings(names is [var name] ? name : "boosted", arguments[0] == "H") is not var (moduleName, settings))
        {
            await Console.Error.WriteLineAsync("fit: expected H or A, TABLE, TEST, and boosted (which is meant by none), logistic, forest, perceptron or svm.");
            return 2;
        }

        var isNumeric = arguments[0] == "H";
        ModuleCatalog.CreateDefault().TryFind(moduleName, out var module);
        var learner = ((LearnerModule)module!).Create(new ModuleParameters(module!.Descriptor, settings));
        var table = await ReadAsync(train);
        var before = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var model = learner.Train(table, isNumeric ? "y" : "income", new TrainingOptions(Environment.ProcessorCount, null), CancellationToken.None);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var processor = Environment.CpuUsage.TotalTime - before;
        var rows = await ReadAsync(test);
        var metrics = (BinaryMetrics)ModelMetrics.Evaluate(model.Bind(rows.Schema, appendScores: false).Apply(rows));
        Console.WriteLine(new JsonObject
        {
            ["peer"] = "auspex",
            ["workload"] = arguments[0],
            ["rows"] = table.RowCount,
            ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
            ["processorSeconds"] = Math.Round(processor.TotalSeconds, 3),
            ["auc"] = Math.Round(metrics.Auc, 5),
        }.ToJsonString());
        return 0;
    }

    // The peers' programs say the same.
    private static (string Module, Dictionary<string, string> Settings)? Settings(string learner, bool isNumeric) => learner switch
    {
        "boosted" => ("Two-Class Boosted Decision Tree", new(StringComparer.Ordinal)
        {
            ["Maximum number of leaves per tree"] = isNumeric ? "31" : "20",
            ["Minimum number of samples per leaf node"] = isNumeric ? "20" : "10",
            ["Learning rate"] = isNumeric ? "0.1" : "0.2",
            ["Number of trees constructed"] = "100",
        }),
        "logistic" => ("Two-Class Logistic Regression", new(StringComparer.Ordinal) { ["L1 regularization weight"] = "0" }),
        "forest" => ("Two-Class Decision Forest", new(StringComparer.Ordinal)
        {
            ["Number of decision trees"] = "32",
            ["Minimum number of samples per leaf node"] = "16",
        }),
        "perceptron" => ("Two-Class Averaged Perceptron", new(StringComparer.Ordinal)),
        "svm" => ("Two-Class Support Vector Machine", new(StringComparer.Ordinal) { ["Number of iterations"] = "10" }),
        _ => null,
    };

    private static async Task<TableBatch> ReadAsync(string path)
    {
        await using var reader = await DelimitedTextReader.OpenAsync(
            File.OpenRead(path), DelimitedTextOptions.ForPath(path) with { Name = path, MissingMarkers = ["?"] }, CancellationToken.None);
        return await reader.ReadAllAsync(CancellationToken.None);
    }
}
