using System.Diagnostics;
using System.Globalization;
using Auspex.TestKit;
using Auspex.TestKit.Import;
using Xunit;

namespace Auspex.Scenarios.Import;

/// <summary>
/// Imported XGBoost models against XGBoost itself, where Debian's python3-xgboost (or the interpreter named in PYTHON) has it.
/// It adds up in single precision, so probabilities agree to 2e-6 and numbers to 2e-6 of their size.
/// </summary>
public sealed class XgboostImportTests : IDisposable
{
    private const string Script = """
        import sys
        import numpy
        import xgboost

        parameters, folder = eval(sys.argv[1]), sys.argv[2]
        random = numpy.random.RandomState(5)
        rows = random.randint(-9, 10, (3000, 6)) / numpy.float32(10)
        rows[random.rand(3000, 6) < 0.1] = numpy.nan
        rows[:, 5] = random.randint(0, 40, 3000)
        signal = numpy.nan_to_num(rows[:, 0]) + (rows[:, 5] % 7) / 7 + 0.2 * random.rand(3000) + 1
        classes = parameters.get("num_class", 2)
        objective = parameters["objective"]
        if objective.startswith("multi"):
            labels = numpy.clip((signal * 1.5).astype(int), 0, classes - 1)
        elif objective.startswith("binary") or objective == "reg:logistic":
            labels = (signal > 1.4).astype(int)
        else:
            labels = signal + 0.1
        types = ["float"] * 5 + ["c" if parameters.pop("categorical", False) else "float"]
        data = xgboost.DMatrix(
            rows, labels, feature_names=list("abcdef"), feature_types=types, enable_categorical=True)
        model = xgboost.train({"max_depth": 5, "tree_method": "hist", "nthread": 1, **parameters}, data, 25)
        model.save_model(folder + "/model.json")
        numpy.savetxt(folder + "/rows.txt", rows, fmt="%.9g")
        scores = model.predict(data)
        numpy.savetxt(folder + "/scores.txt", scores.reshape(3000, -1), fmt="%.9g")
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{'objective': 'binary:logistic'}")]
    [InlineData("{'objective': 'binary:logistic', 'base_score': 0.2, 'categorical': True}")]
    [InlineData("{'objective': 'binary:logistic', 'booster': 'dart', 'rate_drop': 0.3}")]
    [InlineData("{'objective': 'binary:logistic', 'num_parallel_tree': 3, 'subsample': 0.5}")]
    [InlineData("{'objective': 'reg:squarederror', 'base_score': 1.5, 'categorical': True}")]
    [InlineData("{'objective': 'reg:logistic'}")]
    [InlineData("{'objective': 'count:poisson'}")]
    [InlineData("{'objective': 'reg:tweedie'}")]
    [InlineData("{'objective': 'multi:softprob', 'num_class': 4}")]
    [InlineData("{'objective': 'multi:softprob', 'num_class': 3, 'categorical': True}")]
    public async Task Import_OfATrainedModel_GivesXgboostsScores(string parameters)
    {
        var (exitCode, error) = await PythonAsync("-c", Script, parameters, _folder.Path);
        Assert.SkipWhen(error.Contains("No module named", StringComparison.Ordinal) || exitCode == -1, "There is no Python with xgboost here.");
        Assert.True(exitCode == 0, error);
        var rows = Read("rows.txt");
        var theirs = Read("scores.txt");

        var imported = ImportedModels.Read(await File.ReadAllBytesAsync(_folder.File("model.json"), TestContext.Current.CancellationToken));

        var ours = ImportedModels.Score(ImportedModels.Saved(imported.Model), rows);
        Assert.Equal(["a", "b", "c", "d", "e", "f"], imported.Model.Features.Fields.Select(field => field.Name));
        for (var row = 0; row < rows.Length; row++)
        {
            for (var output = 0; output < theirs[row].Length; output++)
            {
                var expected = theirs[row][output];
                Assert.InRange(ours[output][row], expected - (2e-6 * Math.Max(1, expected)), expected + (2e-6 * Math.Max(1, expected)));
            }
        }
    }

    private double[][] Read(string file) =>
        [.. File.ReadLines(_folder.File(file)).Select(line => line.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray())];

    private static async Task<(int ExitCode, string Error)> PythonAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3", arguments)
        {
            RedirectStandardError = true,
        };
        if (!File.Exists(start.FileName))
        {
            return (-1, "");
        }

        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }
}
