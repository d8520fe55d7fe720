using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Training.Vowpal;
using Auspex.TestKit;
using Auspex.Tests.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>Training on and scoring of lines as Vowpal Wabbit has them.</summary>
public sealed class VowpalWabbitModulesTests : IDisposable
{
    private const string Train = "Train Vowpal Wabbit Version 8 Model";
    private const string Score = "Score Vowpal Wabbit Version 8 Model";

    private readonly TemporaryFolder _folder = new();
    private readonly BlobStores _stores;

    public VowpalWabbitModulesTests() => _stores = new BlobStores(new BlobStoresOptions { FileRoots = [_folder.Path] }, TimeProvider.System);

    private ModuleServices Services => ModuleRuns.Services with { OpenBlobStore = _stores.Open, FileRoots = [_folder.Path] };

    public void Dispose()
    {
        _stores.Dispose();
        _folder.Dispose();
    }

    // By the reference implementation of MurmurHash3_x86_32, and the rules for digits and namespaces.
    [Theory]
    [InlineData("hello", 0, false, 0x248bfa47u)]
    [InlineData("hello, world", 0, false, 0x149bbb7fu)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x9747b28c, false, 0x2fa826cdu)]
    [InlineData("123", 0, false, 123u)]
    [InlineData("123", 7, false, 130u)]
    [InlineData("", 0, false, 0u)]
    public void Hash_OfNames_IsThatOfTheProgram(string name, uint seed, bool hashesAll, uint expected) =>
        Assert.Equal(expected, VowpalHash.Of(name, seed, hashesAll));

    // One example from nothing, by hand: rate .5, the prediction 0, so that every feature's square of gradients is 4 x^2, and its rate 1 / (2 |x|^2).
    [Fact]
    public async Task Train_OneExample_StepsAsTheRuleSays()
    {
        await WriteAsync("in.vw", "1 | a b\n");

        var model = await TrainAsync("--noconstant");

        // Each feature: adaptive 4, normalized 1, rate 1/2; so one unit moves the sum by 1. norm_x is 2 of weight 1: a factor of sqrt(1/2).
        var perUpdate = Math.Sqrt(0.5);
        var update = (1 - Math.Exp(-2 * 0.5 * perUpdate)) / perUpdate;
        var expected = (float)(update * Math.Sqrt(0.5) * 0.5);
        var weights = model.Weights.ToArray();
        Assert.Equal(2, weights.Length);
        Assert.All(weights, weight => Assert.Equal(expected, weight.Weight, 1e-6f));
    }

    // The program's own tutorial tells where its features lie, and what it predicts for the houses: the first pass ends with 1 for the third.
    [Fact]
    public async Task Train_HousesOfTheTutorial_PredictsAsTheProgramDoes()
    {
        string[] houses =
        [
            "0 | price:.23 sqft:.25 age:.05 2006", "1 2 'second_house | price:.18 sqft:.15 age:.35 1976",
            "0 1 0.5 'third_house | price:.53 sqft:.32 age:.87 1924",
        ];
        await WriteAsync("in.vw", Lines(houses[..2]));
        Assert.Equal(1, ModuleRuns.Numbers(await ScoreAsync(await TrainAsync(""), houses[2..]), "Results")[0]);
        await WriteAsync("in.vw", Lines(houses));

        var model = await TrainAsync("-l 10 -c --passes 25 --holdout_off");

        Assert.Equal([1924, 1976, 2006, 116060, 162853, 165201, 229902], model.Weights.Select(weight => weight.Place));
        var results = ModuleRuns.Numbers(await ScoreAsync(model, houses), "Results");
        Assert.Equal([0.0, 1, 0], results.Select(result => Math.Round(result, 2)));
    }

    [Theory]
    [InlineData("--sgd -l 0.1", "squared")]
    [InlineData("--sgd -l 0.1 --loss_function logistic", "logistic")]
    public async Task Train_PlainSteps_AreThoseOfTheGradient(string arguments, string loss)
    {
        string[] lines = ["1 |n x:0.5 y:2", "-1 |n x:1.5 y:-1", "1 2 |n x:0.25", "-1 |n y:0.5"];
        await WriteAsync("in.vw", string.Join('\n', lines));

        var model = await TrainAsync(arguments);

        double[] weights = [0, 0, 0];
        (double Label, double Weight, double[] X)[] examples =
            [(1, 1, [0.5, 2, 1]), (-1, 1, [1.5, -1, 1]), (1, 2, [0.25, 0, 1]), (-1, 1, [0, 0.5, 1])];
        var (time, least, greatest) = (1.0, loss == "logistic" ? -50.0 : 0, loss == "logistic" ? 50.0 : 0);
        foreach (var (label, weight, x) in examples)
        {
            time += weight;
            (least, greatest) = loss == "logistic" ? (least, greatest) : (Math.Min(least, label), Math.Max(greatest, label));
            var prediction = Math.Clamp(weights.Zip(x, (w, value) => w * value).Sum(), least, greatest);
            var slope = loss == "squared" ? 2 * (prediction - label) : -label / (1 + Math.Exp(label * prediction));
            weights = [.. weights.Zip(x, (w, value) => w - (0.1 * weight * Math.Pow(time, -0.5) * slope * value))];
        }

        var seed = VowpalHash.Of("n", 0, false);
        Assert.Equal(weights[0], WeightOf(model, VowpalHash.Of("x", seed, false)), 1e-5);
        Assert.Equal(weights[1], WeightOf(model, VowpalHash.Of("y", seed, false)), 1e-5);
        Assert.Equal(weights[2], WeightOf(model, VowpalHash.Constant), 1e-5);
    }

    [Theory]
    [InlineData("", 0.05)]
    [InlineData("--passes 5", 0.02)]
    [InlineData("--adaptive --normalized", 0.1)]
    [InlineData("--adaptive --invariant -l 0.5 --passes 10", 0.1)]
    [InlineData("--normalized --invariant -l 0.5 --passes 10", 0.1)]
    [InlineData("--power_t 0.25 --passes 5", 0.1)]
    [InlineData("--loss_function quantile --passes 20", 0.15)]
    [InlineData("--l1 0.0000001 --l2 0.0000001 --passes 5", 0.1)]
    public async Task Train_ALine_FindsIt(string arguments, double tolerance)
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 3000).Select(_ => (X: random.NextDouble(), Y: random.NextDouble() * 10)).ToArray();
        await WriteAsync("in.vw", Lines(rows.Select(row => FormattableString.Invariant($"{1 + (2 * row.X) - (0.3 * row.Y)} | x:{row.X} y:{row.Y}"))));
        var model = await TrainAsync(arguments);

        var scored = await ScoreAsync(model, rows.Take(200).Select(row => FormattableString.Invariant($"| x:{row.X} y:{row.Y}")));

        var errors = ModuleRuns.Numbers(scored, "Results").Zip(rows, (result, row) => Math.Abs(result - (1 + (2 * row.X) - (0.3 * row.Y))));
        Assert.InRange(errors.Average(), 0, tolerance);
    }

    [Theory]
    [InlineData("--loss_function logistic")]
    [InlineData("--loss_function hinge")]
    [InlineData("--loss_function logistic --l1 0.0001")]
    public async Task Train_TwoClasses_TellsThem(string arguments)
    {
        await WriteAsync("in.vw", Lines(Texts(600).Select(text => $"{(text.IsGood ? 1 : -1)} |w {text.Words}")));
        var model = await TrainAsync(arguments + " --passes 3");

        var scored = await ScoreAsync(
            model, Texts(100).Select(text => $"{(text.IsGood ? 1 : -1)} |w {text.Words}"),
            ("VW arguments", "--link logistic"), ("Include an extra column containing labels", "True"),
            ("Include an extra column containing raw scores", "True"));

        Assert.Equal(["Labels", "Results", "Raw Scores"], ModuleRuns.Names(scored));
        var (labels, results, sums) = (
            ModuleRuns.Numbers(scored, "Labels"), ModuleRuns.Numbers(scored, "Results"), ModuleRuns.Numbers(scored, "Raw Scores"));
        Assert.InRange(labels.Zip(results).Count(pair => pair.First > 0 == pair.Second > 0.5), 95, 100);
        Assert.All(results.Zip(sums), pair => Assert.InRange(pair.First, 0, 1));
    }

    [Fact]
    public async Task Train_Crossed_LearnsWhatNeitherTellsAlone()
    {
        var random = new Random(5);
        string[] lines = [.. Enumerable.Range(0, 800).Select(_ =>
        {
            var (one, two) = (random.Next(2), random.Next(2));
            return $"{(one == two ? 1 : -1)} |a f{one} |b g{two}";
        })];
        await WriteAsync("in.vw", Lines(lines));

        var plain = await ScoreAsync(await TrainAsync("--loss_function logistic --passes 5"), lines);
        var crossed = await ScoreAsync(await TrainAsync("--loss_function logistic --passes 5 -q ab"), lines);
        var any = await ScoreAsync(await TrainAsync("--loss_function logistic --passes 5 -q ::"), lines);

        double Right(TableBatch scored) => ModuleRuns.Numbers(scored, "Results").Zip(lines, (sum, line) => sum > 0 == (line[0] == '1')).Average(right => right ? 1 : 0);
        Assert.InRange(Right(plain), 0, 0.7);
        Assert.Equal(1, Right(crossed));
        Assert.Equal(1, Right(any));
    }

    [Fact]
    public async Task Train_Classes_TellsThem()
    {
        string[] lines = [.. Enumerable.Range(0, 300).Select(i => $"{(i % 3) + 1} |w word{i % 3} noise{i % 7}")];
        await WriteAsync("in.vw", Lines(lines));

        var scored = await ScoreAsync(
            await TrainAsync("--oaa 3 --passes 3"), lines, ("Include an extra column containing raw scores", "True"));

        Assert.Equal(lines.Select(line => (double)(line[0] - '0')), ModuleRuns.Numbers(scored, "Results"));
        Assert.Matches(@"^1:\S+ 2:\S+ 3:\S+$", ModuleRuns.Texts(scored, "Raw Scores")[0]);
    }

    [Fact]
    public async Task Parser_OfSequencesAndCrossings_GivesTheirHashes()
    {
        var options = VowpalArguments.Read("--ngram 2 -q ab --noconstant");
        var names = new Dictionary<uint, string>();

        var example = new VowpalParser(options, isSvmLight: false, names).Read("1 0.5 'tag|a:2 x y |b z:3");

        var (a, b) = (VowpalHash.Of("a", 0, false), VowpalHash.Of("b", 0, false));
        var (x, y, z) = (VowpalHash.Of("x", a, false), VowpalHash.Of("y", a, false), VowpalHash.Of("z", b, false));
        Assert.Equal((1.0, 0.5), (example.Label, example.Weight));
        Assert.Equal(2f, example.Values[0]);
        Assert.Contains(unchecked((x * 27942141) + y), example.Indexes);
        Assert.Contains(unchecked(z ^ (16777619 * x)), example.Indexes);
        Assert.Equal(6f, example.Values[Array.IndexOf(example.Indexes, unchecked(z ^ (16777619 * y)))]);
        Assert.Equal("a^x*b^z", names[unchecked(z ^ (16777619 * x))]);
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("1|a x", null, 1)]
    [InlineData("1 'x|a x", 1.0, 1)]
    [InlineData("| x", null, 1)]
    [InlineData("-2.5 3 0.5 tag| x y", -2.5, 2)]
    [InlineData("1 | Größe:0.5 \"quoted,\" ünï", 1.0, 3)]
    [InlineData("1 |a x:0 |b", 1.0, 0)]
    public void Parser_OfHeads_ReadsLabelAndFeatures(string line, double? label, int features)
    {
        var example = new VowpalParser(VowpalArguments.Read("--noconstant"), isSvmLight: false).Read(line);

        Assert.Equal((label, features), (example.Label, example.Indexes.Length));
    }

    [Fact]
    public async Task SvmLight_OfAFile_IsAsTheSameFeaturesInText()
    {
        await WriteAsync("in.vw", "1 | 1:0.5 7:2\n-1 | 1:1.5 9:1\n");
        var text = await TrainAsync("");
        await WriteAsync("in.vw", "1 1:0.5 7:2 # remark\n-1 1:1.5 9:1\n");
        var light = await TrainAsync("", ("Please specify file type", "SVMLight"));

        Assert.Equal(text.Weights, light.Weights);
        ModuleRuns.AssertSame(
            await ScoreAsync(text, ["| 1:1 9:2"]), await ScoreAsync(light, ["0 1:1 9:2"], ("Specify data type", "SVMLight")));
    }

    [Fact]
    public async Task Train_WithReadableFiles_WritesThemBesideTheInput()
    {
        await WriteAsync("in.vw", "1 |f a b\n0 |f a c:2\n");

        await TrainAsync(
            "-b 10", ("Name of the output readable model (--readable_model) file", "model.txt"),
            ("Name of the output inverted hash (--invert_hash) file", "out/names.txt"));

        var readable = await File.ReadAllLinesAsync(_folder.File("box/model.txt"), TestContext.Current.CancellationToken);
        Assert.Equal(["Min label:0", "Max label:1", "bits:10", "options:-b 10", ":0"], readable[..5]);
        Assert.Matches(@"^\d+:-?[\d.E-]+$", readable[5]);
        var names = await File.ReadAllLinesAsync(_folder.File("box/out/names.txt"), TestContext.Current.CancellationToken);
        Assert.Contains(names, line => line.StartsWith("f^a:", StringComparison.Ordinal));
        Assert.Contains(names, line => line.StartsWith("Constant:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadModel_OfAWrittenModel_ScoresBitForBitAndGoesOn()
    {
        await WriteAsync("in.vw", Lines(Texts(50).Select(text => $"{(text.IsGood ? 1 : -1)} |w {text.Words}")));
        var model = await TrainAsync("--loss_function logistic -b 12 -q ww");
        using var stream = new MemoryStream();
        ModelContainer.WriteModel(model, stream);
        stream.Position = 0;

        var read = (VowpalModel)ModelContainer.ReadModel(stream);

        string[] lines = [.. Texts(20).Select(text => $"|w {text.Words}")];
        ModuleRuns.AssertSame(await ScoreAsync(model, lines), await ScoreAsync(read, lines));
        var more = await TrainAsync("--loss_function logistic -b 12 -q ww", start: read);
        Assert.NotEqual(read.Weights, more.Weights);
        Assert.Equal(13, (await FailAsync("-b 13", ("Name of the input VW file", "in.vw"), read)).Number);
    }

    [Theory]
    [InlineData("--bfgs", 2, "--bfgs")]
    [InlineData("-f model", 2, "-f")]
    [InlineData("-i model", 2, "-i")]
    [InlineData("-p out", 2, "-p")]
    [InlineData("-t", 2, "-t")]
    [InlineData("--loss_function poisson", 2, "--loss_function")]
    [InlineData("--hash some", 2, "--hash")]
    [InlineData("-q abc", 2, "--quadratic")]
    [InlineData("--passes", 2, "--passes")]
    [InlineData("-l fast", 2, "--learning_rate")]
    [InlineData("-l 0", 4, "--learning_rate")]
    [InlineData("--l2 -1", 4, "--l2")]
    [InlineData("-b 99", 8, "--bit_precision")]
    [InlineData("--oaa 1", 8, "--oaa")]
    [InlineData("-b 28 --oaa 10", 138, "-b")]
    [InlineData("--ngram 1", 2, "--ngram")]
    public async Task Train_WrongArguments_FailByName(string arguments, int number, string name)
    {
        await WriteAsync("in.vw", "1 | a\n");

        var failure = await FailAsync(arguments);

        Assert.Equal(number, failure.Number);
        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 a b\n", "", 49)]
    [InlineData("one | a\n", "", 49)]
    [InlineData("1 | a:many\n", "", 49)]
    [InlineData("NaN | a\n", "", 49)]
    [InlineData("1 -1 | a\n", "", 49)]
    [InlineData("1 2 3 4 | a\n", "", 49)]
    [InlineData("0 | a\n", "--loss_function logistic", 49)]
    [InlineData("4 | a\n", "--oaa 3", 49)]
    [InlineData("", "", 3)]
    [InlineData("| a\n\n", "", 3)]
    public async Task Train_WrongLines_FailWithTheirNumber(string text, string arguments, int number)
    {
        await WriteAsync("in.vw", text);

        Assert.Equal(number, (await FailAsync(arguments)).Number);
    }

    [Fact]
    public async Task Train_WithoutFileOrAccount_FailsByNumber()
    {
        await WriteAsync("in.vw", "1 | a\n");

        Assert.Equal(65, (await FailAsync("", ("Name of the input VW file", "other.vw"))).Number);
        Assert.Equal(3, (await FailAsync("", ("Azure container name", ""))).Number);
        Assert.Equal(9, (await FailAsync("", ("Azure storage account name", "No Such Name"))).Number);
        Assert.Equal(3, (await FailAsync("", ("Azure storage account name", ""))).Number);
    }

    [Fact]
    public async Task Score_WrongModelOrDataset_FailsByNumber()
    {
        await WriteAsync("in.vw", "1 | a\n");
        var model = new ModelValue(await TrainAsync(""));
        var regression = new ModelValue(LearnerSuite.Train(LearnerSuite.Create("Linear Regression"), LearnerSuite.Table(ModelTask.Regression, 20)));
        (string, PortValue) lines = ("Dataset", new TableValue(ModuleRuns.Single("line", ColumnType.String, "| a", null, " ")));

        await ModuleRuns.FailPortsAsync(13, Score, [("Trained model", regression), lines]);
        await ModuleRuns.FailPortsAsync(17, Score, [("Trained model", model), ("Dataset", new TableValue(ModuleRuns.Single("x", ColumnType.Double, 1.0)))]);
        await ModuleRuns.FailPortsAsync(2, Score, [("Trained model", model), lines], ("VW arguments", "-t"));
        await ModuleRuns.FailPortsAsync(13, "Score Model", [("Trained model", model), lines]);
        await ModuleRuns.FailPortsAsync(
            49, Score, [("Trained model", model), ("Dataset", new TableValue(ModuleRuns.Single("line", ColumnType.String, "no bar")))]);
        var scored = await ModuleRuns.RunPortsAsync(Score, [("Trained model", model), lines], []);
        Assert.Equal([false, true, true], ModuleRuns.Texts(ModuleRuns.Table(scored, "Results dataset"), "Results").Select(text => text is null));
    }

    private static IEnumerable<(bool IsGood, string Words)> Texts(int count)
    {
        var random = new Random(11);
        for (var i = 0; i < count; i++)
        {
            var isGood = random.Next(2) == 0;
            yield return (isGood, $"{(isGood ? "fine" : "poor")} word{random.Next(20)} word{random.Next(20)}");
        }
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines) + "\n";

    private static double WeightOf(VowpalModel model, uint hash)
    {
        var place = (int)(hash & ((1u << model.Options.Bits) - 1));
        return model.Weights.Single(weight => weight.Place == place).Weight;
    }

    private async Task WriteAsync(string name, string text)
    {
        Directory.CreateDirectory(_folder.File("box"));
        await File.WriteAllTextAsync(_folder.File("box/" + name), text, TestContext.Current.CancellationToken);
    }

    private Dictionary<string, string> Parameters(string arguments) => new()
    {
        ["Azure storage account name"] = $"FileRoot={_folder.Path}",
        ["Azure storage key"] = "eA==",
        ["Azure container name"] = "box",
        ["VW arguments"] = arguments,
        ["Name of the input VW file"] = "in.vw",
    };

    private async Task<VowpalModel> TrainAsync(string arguments, params (string Name, string Value)[] more) => await TrainAsync(arguments, null, more);

    private async Task<VowpalModel> TrainAsync(string arguments, TrainedModel? start, params (string Name, string Value)[] more)
    {
        var parameters = Parameters(arguments);
        foreach (var (name, value) in more)
        {
            parameters[name] = value;
        }

        var context = await ModuleRuns.RunPortsAsync(
            Train,
            start is null ? [] : [("Pre-trained model", new ModelValue(start))],
            [.. parameters.Select(parameter => (parameter.Key, parameter.Value))],
            Services);
        return (VowpalModel)((ModelValue)context.Outputs["Trained model"]).Model;
    }

    private async Task<ModuleException> FailAsync(string arguments, (string Name, string Value)? more = null, TrainedModel? start = null) =>
        await Assert.ThrowsAsync<ModuleException>(() => TrainAsync(arguments, start, more is { } given ? [given] : []));

    private static async Task<TableBatch> ScoreAsync(VowpalModel model, IEnumerable<string> lines, params (string Name, string Value)[] parameters)
    {
        var context = await ModuleRuns.RunPortsAsync(
            Score,
            [
                ("Trained model", new ModelValue(model)),
                ("Dataset", new TableValue(ModuleRuns.Single("line", ColumnType.String, [.. lines]))),
            ],
            parameters);
        return ModuleRuns.Table(context, "Results dataset");
    }
}
