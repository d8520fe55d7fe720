using System.Diagnostics;
using System.Globalization;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Scoring.Files;
using Auspex.Experiments.Training;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Experiments;

/// <summary>
/// Learners beside those of scikit-learn on tables of shapes that real sets of data have: columns by the hundred, levels by the hundred,
/// one positive row in a hundred, few rows, numbers of any size. Tables are drawn, and the peers trained, by Python; seeds are fixed.
/// </summary>
public sealed class GeneratedAgreementTests : IDisposable
{
    private const string Script = """
        import sys
        import numpy as np
        import pandas as pd
        from sklearn import ensemble, linear_model, metrics, neural_network, preprocessing
        from sklearn.compose import TransformedTargetRegressor, make_column_transformer
        from sklearn.pipeline import make_pipeline

        shape, peer, folder = sys.argv[1:]

        def numbers(x):
            return pd.DataFrame(x, columns=[f"x{i}" for i in range(x.shape[1])])

        def drawn(random, z):
            return np.where(random.random(len(z)) < 1 / (1 + np.exp(-z)), "yes", "no")

        def rows(random, n):
            if shape == "levels":
                levels = np.random.default_rng(99)
                effects = [levels.normal(0, 1.2, 200), levels.normal(0, 1, 50), levels.normal(0, 0.8, 12)]
                codes = [(len(effect) * random.random(n) ** 2).astype(int) for effect in effects]
                table = numbers(random.normal(size=(n, 3)))
                z = table.to_numpy() @ [0.8, -0.5, 0.3] + sum(effect[code] for effect, code in zip(effects, codes))
                for i, code in enumerate(codes):
                    table[f"c{i}"] = [f"L{value:03d}" for value in code]
                return table.assign(y=drawn(random, z))
            if shape in ("many", "manynumbers"):
                x = random.normal(size=(n, 200))
                z = x[:, :10] @ np.linspace(2, 0.5, 10)
                return numbers(x).assign(y=drawn(random, z) if shape == "many" else z + 2 * random.normal(size=n))
            if shape == "rare":
                x = random.normal(size=(n, 8))
                return numbers(x).assign(y=drawn(random, x[:, :4] @ [1.2, -1, 0.7, 0.4] - 6.2))
            if shape == "skewed":
                x = random.normal(size=(n, 6))
                return numbers(np.exp(3 * x)).assign(y=drawn(random, 2 * x[:, :4] @ [1, -0.8, 0.6, 0.4]))
            if shape == "linear":
                x = random.normal(size=(n, 10))
                return numbers(x).assign(y=1000 * (x[:, :6] @ [3, -2, 1.5, 1, -0.5, 0.3]) + 5000 + 1500 * random.normal(size=n))
            x = random.normal(size=(n, 6))
            return numbers(x).assign(y=2 * x[:, 0] - x[:, 1] + x[:, 2] ** 2 + 0.8 * random.normal(size=n))

        count = {"levels": 3000, "many": 500, "manynumbers": 500, "rare": 8000, "skewed": 2000, "linear": 800, "few": 150}[shape]
        train, test = rows(np.random.default_rng(1), count), rows(np.random.default_rng(2), 6000)
        train.to_csv(folder + "/train.csv", index=False)
        test.to_csv(folder + "/test.csv", index=False)
        texts = [name for name in train.columns if name.startswith("c")]
        others = [name for name in train.columns if name.startswith("x")]

        def model(seed):
            sgd = dict(max_iter=10, tol=None, average=True, random_state=seed)
            return {
                "logistic": lambda: linear_model.LogisticRegression(max_iter=5000),
                "perceptron": lambda: linear_model.SGDClassifier("perceptron", penalty=None, learning_rate="constant", eta0=1, **sgd),
                "hinge": lambda: linear_model.SGDClassifier("hinge", alpha=0.001, **sgd),
                "squares": lambda: TransformedTargetRegressor(
                    linear_model.SGDRegressor(alpha=0.001, eta0=0.1, **sgd), transformer=preprocessing.StandardScaler()),
                "forest": lambda: ensemble.RandomForestClassifier(32, criterion="entropy", min_samples_leaf=4, random_state=seed),
                "forestnumbers": lambda: ensemble.RandomForestRegressor(32, min_samples_leaf=4, random_state=seed),
                "boosted": lambda: ensemble.HistGradientBoostingClassifier(
                    max_iter=100, max_leaf_nodes=20, min_samples_leaf=10, learning_rate=0.2, early_stopping=False),
                "network": lambda: TransformedTargetRegressor(
                    neural_network.MLPRegressor(
                        (100,), activation="logistic", solver="sgd", alpha=0, batch_size=1, learning_rate_init=0.005, momentum=0,
                        max_iter=100, n_iter_no_change=1000, random_state=seed),
                    transformer=preprocessing.StandardScaler()),
            }[peer]()

        found = []
        for seed in range(3):
            levels = preprocessing.OneHotEncoder(handle_unknown="ignore", sparse_output=False)
            pipe = make_pipeline(make_column_transformer((levels, texts), (preprocessing.MinMaxScaler(), others)), model(seed))
            pipe.fit(train.drop(columns="y"), train.y)
            rest = test.drop(columns="y")
            if train.y.dtype != object:
                found.append(metrics.r2_score(test.y, pipe.predict(rest)))
            else:
                scores = pipe.predict_proba(rest)[:, 1] if hasattr(pipe, "predict_proba") else pipe.decision_function(rest)
                found.append(metrics.roc_auc_score(test.y == "yes", scores))
        print(np.mean(found))
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Beyond 0.005 is what one seed of ours differs from another, or what docs/adr/0040 says of the learner.
    [Theory]
    [InlineData("levels", "logistic", "Two-Class Logistic Regression", "L1 regularization weight=0", 0.0005)]
    [InlineData("rare", "logistic", "Two-Class Bayes Point Machine", "", 0.005)]
    [InlineData("many", "logistic", "Two-Class Bayes Point Machine", "", 0.005)]
    [InlineData("levels", "perceptron", "Two-Class Averaged Perceptron", "", 0.005)]
    [InlineData("many", "perceptron", "Two-Class Averaged Perceptron", "", 0.015)]
    [InlineData("skewed", "hinge", "Two-Class Support Vector Machine", "Number of iterations=10", 0.01)]
    [InlineData("levels", "forest", "Two-Class Decision Forest", "Number of decision trees=32;Minimum number of samples per leaf node=4", 0.015)]
    [InlineData("skewed", "boosted", "Two-Class Boosted Decision Tree", "", 0.01)]
    [InlineData("linear", "squares", "Linear Regression", "Solution method=Online Gradient Descent", 0.005)]
    [InlineData("manynumbers", "forestnumbers", "Decision Forest Regression", "Number of decision trees=32;Minimum number of samples per leaf node=4", 0.02)]
    [InlineData("few", "network", "Neural Network Regression", "", 0.06)]
    public async Task Metric_OnADrawnTable_IsThatOfThePeer(string shape, string peer, string learner, string settings, double tolerance)
    {
        var theirs = await PeerAsync(shape, peer);

        var trained = TableTrainer.Train(
            await TableFiles.ReadAsync(_folder.File("train.csv"), TestContext.Current.CancellationToken),
            new TableTraining
            {
                Label = "y",
                Learner = learner,
                Parameters = settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('='))
                    .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal),
            },
            TimeProvider.System,
            TestContext.Current.CancellationToken);
        var rows = await TableFiles.ReadAsync(_folder.File("test.csv"), TestContext.Current.CancellationToken);
        var metrics = ModelMetrics.Evaluate(trained.Model.Bind(rows.Schema, appendScores: true).Apply(rows));
        var ours = metrics is BinaryMetrics binary ? binary.Auc : ((RegressionMetrics)metrics).CoefficientOfDetermination;

        Assert.InRange(ours, theirs - tolerance, 1);
    }

    private async Task<double> PeerAsync(string shape, string peer)
    {
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3", ["-W", "ignore", "-c", Script, shape, peer, _folder.Path])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        Assert.SkipUnless(File.Exists(start.FileName), "There is no Python here.");
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen((await error).Contains("No module named", StringComparison.Ordinal), "There is no Python with scikit-learn here.");
        Assert.True(process.ExitCode == 0, await error);
        return double.Parse(output, CultureInfo.InvariantCulture);
    }
}
