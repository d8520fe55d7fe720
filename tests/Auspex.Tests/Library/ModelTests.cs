using Auspex.Library;
using Auspex.TestKit;
using Auspex.TestKit.Import;
using Xunit;

namespace Auspex.Tests.Library;

public sealed class ModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Score_ByRowByTableAndByFile_GivesTheSameBits()
    {
        var people = _folder.File("people.csv");
        await File.WriteAllTextAsync(people, People(400, 1), Cancellation);
        var model = (await Trainer.TrainFileAsync(people, new TrainingSettings { Label = "income" }, Cancellation)).Model;
        await model.SaveAsync(_folder.File("income.ilearner"));
        model = Model.Load(_folder.File("income.ilearner"));

        var result = await model.ScoreFileAsync(people, _folder.File("scored.csv"), cancellationToken: Cancellation);
        var filed = await Table.ReadAsync(_folder.File("scored.csv"), Cancellation);
        var rows = await Table.ReadAsync(people, Cancellation);
        var table = model.Score(rows);
        var scorer = model.CreateRowScorer();

        Assert.Equal((400, 0L, null), (result.Rows, result.BadRows, result.RejectsPath));
        Assert.Equal(table.Numbers("Scored Probabilities"), filed.Numbers("Scored Probabilities"));
        Assert.Equal(table.Texts("Scored Labels"), filed.Texts("Scored Labels"));
        for (var row = 0; row < rows.RowCount; row++)
        {
            var byNames = model.Inputs.ToDictionary(input => input.Name, input => rows.Value(row, input.Name));
            var answer = scorer.Score(byNames);
            Assert.Equal(table.Numbers("Scored Probabilities")[row], answer.Score);
            Assert.Equal(table.Texts("Scored Labels")[row], answer.Label);
            Assert.Equal(answer, model.Score(byNames));
            Assert.Equal(answer.Score, scorer.Scores[0]);
        }
    }

    [Fact]
    public async Task WithBackground_OfAnOnnxModel_MeasuresReasonsAgainstItsRows_AndIsSaved()
    {
        var random = new Random(6);
        var sample = new OnnxSample { Trees = OnnxSample.RandomTrees(random, 4, 6, [0], () => (float)random.NextDouble()) };
        await File.WriteAllBytesAsync(_folder.File("m.onnx"), sample.ToBytes(), Cancellation);
        var plain = Model.Load(_folder.File("m.onnx"), "risk");
        double[][] background = [.. Enumerable.Range(0, 100).Select(_ => OnnxSample.RandomRow(random))];

        var refused = Assert.Throws<LibraryException>(() => plain.WithReasons(1));
        await plain.WithBackground(Rows(background)).SaveAsync(_folder.File("m.ilearner"));
        var model = Model.Load(_folder.File("m.ilearner")).WithReasons(OnnxSample.Features);
        var scored = model.Score(Rows(background));

        Assert.Contains("background", refused.Message, StringComparison.Ordinal);
        Assert.Equal(plain.Score(Rows(background)).Numbers("Scored Labels"), scored.Numbers("Scored Labels"));

        // Against the rows themselves all contributions of all rows cancel out.
        var sum = Enumerable.Range(1, OnnxSample.Features).Sum(reason => scored.Numbers($"Reason {reason} Contribution").Where(value => !double.IsNaN(value)).Sum());
        Assert.Equal(0, sum, 6);
        Assert.Throws<LibraryException>(() => plain.WithBackground(new TableBuilder().Add("other", [1.0]).Build()));
    }

    private static Table Rows(double[][] rows)
    {
        var table = new TableBuilder();
        for (var column = 0; column < OnnxSample.Features; column++)
        {
            table.Add($"X_{column}", [.. rows.Select(row => row[column])]);
        }

        return table.Build();
    }

    [Fact]
    public async Task Load_OfAModel_TellsWhatItNeedsAndGives()
    {
        var people = _folder.File("people.csv");
        await File.WriteAllTextAsync(people, People(300, 2), Cancellation);
        var model = (await Trainer.TrainFileAsync(
            people,
            new TrainingSettings { Label = "income", Learner = "two-class logistic regression", Parameters = new Dictionary<string, string> { ["L2 regularization weight"] = "0.5" } },
            Cancellation)).Model;

        Assert.Equal(PredictionTask.TwoClasses, model.Task);
        Assert.Equal("Two-Class Logistic Regression", model.Learner);
        Assert.Equal("income", model.Label);
        Assert.Equal(["high", "low"], model.Classes);
        Assert.Equal(["age", "city"], model.Inputs.Select(input => input.Name));
        Assert.Equal(["Bergen", "Oslo"], model.Inputs[1].Levels);
        Assert.True(model.Inputs[0].Minimum >= 18 && model.Inputs[0].Maximum <= 90);
        Assert.Equal(["Scored Labels", "Scored Probabilities"], model.Outputs.Select(output => output.Name));
        Assert.Equal("0.5", model.Parameters["L2 regularization weight"]);
        Assert.True(model.TrainingRows > 0);
    }

    [Fact]
    public async Task Evaluate_OfTrainingRows_IsWhatTrainingSaid()
    {
        var people = _folder.File("people.csv");
        await File.WriteAllTextAsync(people, People(300, 3), Cancellation);
        var trained = await Trainer.TrainFileAsync(people, new TrainingSettings { Label = "income" }, Cancellation);

        var evaluation = await trained.Model.EvaluateFileAsync(people, Cancellation);

        Assert.False(trained.IsHeldOut);
        Assert.Equal(trained.Evaluation.Metrics, evaluation.Metrics);
        Assert.InRange(evaluation.Metrics["AUC"], 0.8, 1);
    }

    [Fact]
    public async Task ScoreFile_WithALimitOfRecords_SetsLongerOnesAside()
    {
        var people = _folder.File("people.csv");
        await File.WriteAllTextAsync(people, People(100, 4), Cancellation);
        var model = (await Trainer.TrainFileAsync(people, new TrainingSettings { Label = "income" }, Cancellation)).Model;
        await File.AppendAllTextAsync(people, $"44,{new string('O', 2000)},low\n", Cancellation);

        var wide = await model.ScoreFileAsync(people, _folder.File("wide.csv"), cancellationToken: Cancellation);
        var narrow = await model.ScoreFileAsync(people, _folder.File("narrow.csv"), new FileScoringOptions { MaxRecordBytes = 1024 }, Cancellation);
        await Assert.ThrowsAsync<ArgumentException>(
            () => model.ScoreFileAsync(people, _folder.File("none.csv"), new FileScoringOptions { MaxRecordBytes = 1023 }, Cancellation));

        Assert.Equal((101, 0), (wide.Rows, wide.BadRows));
        Assert.Equal((100, 1), (narrow.Rows, narrow.BadRows));
        Assert.Contains("MaxRecordBytes", narrow.FirstProblem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreFile_WithBadRows_KeepsSkipsOrFailsAsAsked()
    {
        var people = _folder.File("people.csv");
        await File.WriteAllTextAsync(people, People(100, 4), Cancellation);
        var model = (await Trainer.TrainFileAsync(people, new TrainingSettings { Label = "income" }, Cancellation)).Model;
        await File.AppendAllTextAsync(people, "old,Oslo,low\n", Cancellation);

        var kept = await model.ScoreFileAsync(people, _folder.File("kept.csv"), cancellationToken: Cancellation);
        var skipped = await model.ScoreFileAsync(people, _folder.File("skipped.csv"), new FileScoringOptions { BadRows = BadRows.Skip }, Cancellation);
        var error = await Assert.ThrowsAsync<LibraryException>(
            () => model.ScoreFileAsync(people, _folder.File("failed.csv"), new FileScoringOptions { BadRows = BadRows.Fail }, Cancellation));

        Assert.Equal((100, 1, _folder.File("kept.csv.rejects.csv")), (kept.Rows, kept.BadRows, kept.RejectsPath));
        Assert.True(File.Exists(kept.RejectsPath));
        Assert.Equal((100, 1, null), (skipped.Rows, skipped.BadRows, skipped.RejectsPath));
        Assert.Contains("'age'", kept.FirstProblem, StringComparison.Ordinal);
        Assert.StartsWith("AUX", error.Code, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("failed.csv")));
    }

    [Fact]
    public async Task Calls_WithSomethingWrong_SayWhatWasFoundAndExpected()
    {
        await File.WriteAllTextAsync(_folder.File("no.ilearner"), "nothing of the kind", Cancellation);
        var people = _folder.File("people.csv");
        await File.WriteAllTextAsync(people, People(100, 5), Cancellation);
        var model = (await Trainer.TrainFileAsync(people, new TrainingSettings { Label = "income" }, Cancellation)).Model;
        var scorer = model.CreateRowScorer();

        Assert.Contains("no.ilearner", Assert.Throws<LibraryException>(() => Model.Load(_folder.File("no.ilearner"))).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Model.Load(_folder.File("absent.ilearner")));
        Assert.Contains("'incme'", (await Assert.ThrowsAsync<LibraryException>(
            () => Trainer.TrainFileAsync(people, new TrainingSettings { Label = "incme" }, Cancellation))).Message, StringComparison.Ordinal);
        Assert.Contains("'age' is not in the table", Assert.Throws<LibraryException>(
            () => model.Score(new TableBuilder().Add("city", ["Oslo"]).Build())).Message, StringComparison.Ordinal);
        Assert.Contains("'age' got text", Assert.Throws<LibraryException>(() => scorer.Set(0, "old")).Message, StringComparison.Ordinal);
        Assert.Contains("'city' got a number", Assert.Throws<LibraryException>(() => scorer.Set(1, 5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => scorer.Score([1.0, 2.0]));
        Assert.Throws<ArgumentException>(() => new TableBuilder().Add("a", [1.0]).Add("a", [1.0]));
        Assert.Throws<ArgumentException>(() => new TableBuilder().Add("a", [1.0]).Add("b", [1.0, 2.0]));
        await Assert.ThrowsAsync<ArgumentException>(() => model.ScoreFileAsync(people, _folder.File("out.xlsx"), cancellationToken: Cancellation));
        Assert.False((await model.CheckFileAsync(_folder.File("no.ilearner"), Cancellation)).Fits);
        Assert.True((await model.CheckFileAsync(people, Cancellation)).Fits);
    }

    [Fact]
    public async Task Experiment_WithATableOfOnesOwn_GivesModelAndMetrics()
    {
        var file = _folder.File("experiment.json");
        await File.WriteAllTextAsync(
            file,
            """
            {
              "name": "Income",
              "parameters": { "Trees": { "type": "Int", "default": 10, "links": [ "learner.Number of trees constructed" ] } },
              "nodes": {
                "data": { "module": "Enter Data Manually", "parameters": { "DataFormat": "CSV", "HasHeader": true, "Data": "age,city,income\n30,Oslo,low\n60,Bergen,high\n" } },
                "learner": { "module": "Two-Class Boosted Decision Tree" },
                "train": { "module": "Train Model", "inputs": { "Untrained model": "learner", "Dataset": "data" }, "parameters": { "Label column": "income" } },
                "score": { "module": "Score Model", "inputs": { "Trained model": "train", "Dataset": "data" } },
                "metrics": { "module": "Evaluate Model", "inputs": { "Scored dataset": "score" } }
              },
              "webServiceInputs": { "input1": "data" }, "webServiceOutputs": { "metrics": "metrics", "model": "train" }
            }
            """,
            Cancellation);
        await File.WriteAllTextAsync(_folder.File("people.csv"), People(300, 6), Cancellation);
        var experiment = Experiment.Load(file);

        var result = await experiment.RunAsync(
            new ExperimentSettings
            {
                Inputs = new Dictionary<string, Table> { ["input1"] = await Table.ReadAsync(_folder.File("people.csv"), Cancellation) },
                Parameters = new Dictionary<string, string> { ["Trees"] = "20" },
            },
            Cancellation);

        Assert.Equal(["input1"], experiment.Inputs);
        Assert.Equal(["Trees"], experiment.Parameters);
        Assert.Equal("20", result.Model("model").Parameters["Number of trees constructed"]);
        Assert.Equal(result.Model("train").TrainingDataHash, result.Model("model").TrainingDataHash);
        Assert.InRange(result.Table("metrics").Numbers("AUC")[0], 0.8, 1);
        Assert.Contains("'metrics'", Assert.Throws<ArgumentException>(() => result.Table("metric")).Message, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<LibraryException>(
            () => experiment.RunAsync(new ExperimentSettings { Parameters = new Dictionary<string, string> { ["Tree"] = "1" } }, Cancellation));
        Assert.Contains("Tree", error.Message, StringComparison.Ordinal);
    }

    private static string People(int rows, int seed)
    {
        var random = new Random(seed);
        return "age,city,income\n" + string.Concat(Enumerable.Range(0, rows).Select(_ =>
        {
            var (age, city) = (random.Next(18, 90), random.Next(2));
            return $"{age},{(city == 0 ? "Oslo" : "Bergen")},{(age + (20 * city) + random.Next(20) > 70 ? "high" : "low")}\n";
        }));
    }
}
