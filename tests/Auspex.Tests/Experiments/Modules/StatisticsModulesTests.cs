using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Statistics;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class StatisticsModulesTests
{
    private const string Math = "Apply Math Operation";
    private const string Probability = "Evaluate Probability Function";
    private const string TTest = "Test Hypothesis Using t-Test";

    [Fact]
    public async Task Summarize_NumbersAndText_HaveTheirStatistics()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Field("s, \"ü\"", ColumnType.String), ModuleRuns.Field("empty", ColumnType.Double)],
            [1.0, "a", null], [2.0, "a", null], [4.0, "b", null], [null, null, null]);

        var output = await ModuleRuns.OutputAsync("Summarize Data", [table]);

        Assert.Equal(
            [
                "Feature", "Count", "Unique Value Count", "Missing Value Count", "Min", "Max", "Mean", "Mean Deviation", "1st Quartile",
                "Median", "3rd Quartile", "Mode", "Range", "Sample Variance", "Sample Standard Deviation", "Sample Skewness",
                "Sample Kurtosis", "P0.5", "P1", "P5", "P95", "P99.5",
            ],
            ModuleRuns.Names(output));
        Assert.Equal(["x", "s, \"ü\"", "empty"], ModuleRuns.Texts(output, "Feature"));
        Assert.Equal(["3", "2", "0"], ModuleRuns.Texts(output, "Unique Value Count"));
        Assert.Equal(["1", "1", "4"], ModuleRuns.Texts(output, "Missing Value Count"));
        Assert.Equal(["2", null, null], ModuleRuns.Texts(output, "Median"));
        Assert.Equal(7.0 / 3, Tables.Doubles(output, "Sample Variance")[0], 1e-12);

        // scipy.stats.skew([1, 2, 4], bias=False)
        Assert.Equal(0.9352195295828235, Tables.Doubles(output, "Sample Skewness")[0], 1e-12);
        Assert.Null(ModuleRuns.Texts(output, "Sample Kurtosis")[0]);
    }

    [Fact]
    public async Task Summarize_NoRowsOrColumns_IsError21Or20()
    {
        await ModuleRuns.FailAsync(21, "Summarize Data", [ModuleRuns.Single("x", ColumnType.Double)]);
        await ModuleRuns.FailAsync(20, "Summarize Data", [new TableBatch(new TableSchema([]), [], 2)]);
    }

    [Theory]
    [InlineData("DeviationSquared", 12.75)]
    [InlineData("GeometricMean", 2.7108060108295344)]
    [InlineData("HarmonicMean", 2.181818181818182)]
    [InlineData("InterquartileDistance", 1.25)]
    [InlineData("KthCentralMoment", 2.34375)]
    [InlineData("Max", 6)]
    [InlineData("Mean", 3.25)]
    [InlineData("MeanDeviation", 1.375)]
    [InlineData("Median", 3)]
    [InlineData("MedianDeviation", 1)]
    [InlineData("Min", 1)]
    [InlineData("Mode", 3)]
    [InlineData("PopulationStandardDeviation", 1.7853571071357126)]
    [InlineData("PopulationVariance", 3.1875)]
    [InlineData("Product", 54)]
    [InlineData("Range", 5)]
    [InlineData("SampleStandardDeviation", 2.0615528128088303)]
    [InlineData("SampleVariance", 4.25)]
    [InlineData("Sum", 13)]
    [InlineData("SampleSkewness", 0.7133400736362735)]
    [InlineData("SampleKurtosis", 1.7854671280276824)]
    public async Task ElementaryStatistics_EachMethod_IsItsFormula(string method, double expected)
    {
        var table = ModuleRuns.Single("x", ColumnType.Int32, 1, 3, null, 3, 6);

        var output = await ModuleRuns.OutputAsync("Compute Elementary Statistics", [table], ("Method", method));

        Assert.Equal($"{method}(x)", output.Schema.Fields[0].Name);
        Assert.Equal(expected, Tables.Doubles(output, $"{method}(x)")[0], 1e-9);
    }

    [Fact]
    public async Task ElementaryStatistics_AllMissingOrText_IsMissingOrError17()
    {
        var output = await ModuleRuns.OutputAsync("Compute Elementary Statistics", [ModuleRuns.Single("x", ColumnType.Double, null, null)]);

        Assert.Equal([null], ModuleRuns.Texts(output, "Mean(x)"));
        await ModuleRuns.FailAsync(17, "Compute Elementary Statistics", [ModuleRuns.Single("s", ColumnType.String, "a")], ("Column set", "s"));
    }

    [Fact]
    public async Task Correlation_OfAllColumns_IsASymmetricMatrixWithGaps()
    {
        var table = ModuleRuns.Batch(
            [
                ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Field("y", ColumnType.Int32), ModuleRuns.Field("gaps", ColumnType.Double),
                ModuleRuns.Field("same", ColumnType.Double), ModuleRuns.Field("text", ColumnType.String),
            ],
            [1.0, 2, 1.0, 5.0, "a"], [2.0, 1, null, 5.0, "b"], [3.0, 4, 4.0, 5.0, "c"], [4.0, 3, 2.0, 5.0, "d"]);

        var output = await ModuleRuns.OutputAsync("Compute Linear Correlation", [table]);

        Assert.Equal(5, output.RowCount);
        Assert.Equal(0.6, Tables.Doubles(output, "x")[1], 1e-12);
        Assert.Equal([1.0, 1.0], [Tables.Doubles(output, "x")[0], Tables.Doubles(output, "gaps")[2]]);
        Assert.Equal(Tables.Doubles(output, "x")[1], Tables.Doubles(output, "y")[0]);
        Assert.All(Tables.Doubles(output, "same"), value => Assert.True(double.IsNaN(value)));
        Assert.All(Tables.Doubles(output, "text"), value => Assert.True(double.IsNaN(value)));

        // Of the three rows that have both: deviations (-5, 1, 4) / 3 and (-4, 5, -1) / 3.
        Assert.Equal(0.5, Tables.Doubles(output, "gaps")[0], 1e-12);
    }

    [Fact]
    public async Task Correlation_TooFewRowsOrNoColumns_IsError21Or20()
    {
        await ModuleRuns.FailAsync(21, "Compute Linear Correlation", [ModuleRuns.Single("x", ColumnType.Double, 1.0)]);
        await ModuleRuns.FailAsync(20, "Compute Linear Correlation", [new TableBatch(new TableSchema([]), [], 2)]);
    }

    [Theory]
    [InlineData("Basic", "Basic operation", "Ln", 2.0, 0.6931471805599453)]
    [InlineData("Basic", "Basic operation", "DoubleFactorial", 7.0, 105)]
    [InlineData("Basic", "Basic operation", "Factorial", 5.0, 120)]
    [InlineData("Basic", "Basic operation", "Eps", 1.0, 2.220446049250313E-16)]
    [InlineData("Basic", "Basic operation", "SqrtPi", 2.0, 2.5066282746310002)]
    [InlineData("Rounding", "Rounding operation", "CeilingPower2", 5.0, 8)]
    [InlineData("Rounding", "Rounding operation", "ToEven", 2.5, 4)]
    [InlineData("Rounding", "Rounding operation", "ToOdd", 1.5, 3)]
    [InlineData("Rounding", "Rounding operation", "ToOdd", -2.5, -3)]
    [InlineData("Special", "Special function", "Erf", 0.5, 0.5204998778130465)]
    [InlineData("Special", "Special function", "ErfScaled", 30.0, 0.018795888861416755)]
    [InlineData("Special", "Special function", "EllipticIntegralK", 0.5, 1.8540746773013719)]
    [InlineData("Special", "Special function", "EllipticIntegralE", 0.5, 1.3506438810476755)]
    [InlineData("Special", "Special function", "ExponentialIntegralEin", 1.0, 0.7965995992970531)]
    [InlineData("Special", "Special function", "GammaLn", 10.0, 12.801827480081469)]
    [InlineData("Trigonometric", "Trigonometric operation", "SinDegrees", 30.0, 0.5)]
    [InlineData("Trigonometric", "Trigonometric operation", "Asech", 0.5, 1.3169578969248166)]
    [InlineData("Trigonometric", "Trigonometric operation", "Sinc", 0.0, 1)]
    public async Task Math_UnaryFunction_IsItsFormula(string category, string choice, string name, double value, double expected)
    {
        var output = await ModuleRuns.OutputAsync(
            Math, [ModuleRuns.Single("x", ColumnType.Double, value, null)], ("Category", category), (choice, name));

        Assert.Equal(["x", $"{name}(x)"], ModuleRuns.Names(output));
        Assert.Equal(expected, Tables.Doubles(output, $"{name}(x)")[0], 1e-12);
        Assert.Null(ModuleRuns.Texts(output, $"{name}(x)")[1]);
    }

    [Theory]
    [InlineData("Basic", "Basic operation", "Log", 8.0, 2.0, 3)]
    [InlineData("Basic", "Basic operation", "NthRoot", -8.0, 3.0, -2)]
    [InlineData("Basic", "Basic operation", "Hypotenuse", 3.0, 4.0, 5)]
    [InlineData("Operations", "Arithmetic operation", "Divide", 3.0, 2.0, 1.5)]
    [InlineData("Rounding", "Rounding operation", "Mod", -7.0, 3.0, 2)]
    [InlineData("Rounding", "Rounding operation", "Remainder", -7.0, 3.0, -1)]
    [InlineData("Rounding", "Rounding operation", "Quotient", -7.0, 3.0, -2)]
    [InlineData("Rounding", "Rounding operation", "RoundDigits", 2.345, 2.0, 2.35)]
    [InlineData("Rounding", "Rounding operation", "RoundUp", 2.341, 2.0, 2.35)]
    [InlineData("Rounding", "Rounding operation", "RoundDown", -2.349, 2.0, -2.34)]
    [InlineData("Special", "Special function", "Beta", 2.0, 3.0, 1.0 / 12)]
    [InlineData("Special", "Special function", "GammaRegularizedP", 2.0, 1.5, 0.4421745996289252)]
    [InlineData("Special", "Special function", "GammaRegularizedQInverse", 2.0, 0.5578254003710748, 1.5)]
    [InlineData("Special", "Special function", "PolyGamma", 2.0, 1.0, 0.6449340668482264)]
    [InlineData("Special", "Special function", "PolyGamma", 2.0, 2.0, -0.4041138063191886)]
    public async Task Math_BinaryFunction_TakesAConstant(string category, string choice, string name, double value, double second, double expected)
    {
        var text = second.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var output = await ModuleRuns.OutputAsync(
            Math, [ModuleRuns.Single("x", ColumnType.Double, value)],
            ("Category", category), (choice, name), ("Constant second argument", text), ("Output mode", "ResultOnly"));

        Assert.Equal([$"{name}(x_${text})"], ModuleRuns.Names(output));
        Assert.Equal(expected, Tables.Doubles(output, $"{name}(x_${text})")[0], 1e-10);
    }

    [Fact]
    public async Task Math_EveryChoice_IsThere()
    {
        foreach (var parameter in ModuleRuns.Find(Math).Descriptor.Parameters.Where(parameter => parameter.VisibleWhen?.Parameter == "Category"))
        {
            foreach (var value in parameter.Values)
            {
                var output = await ModuleRuns.OutputAsync(
                    Math, [ModuleRuns.Single("x", ColumnType.Double, 0.5, double.NaN, double.PositiveInfinity, -1.0)],
                    ("Category", parameter.VisibleWhen!.Values[0]), (parameter.Name, value));
                Assert.Equal(2, output.Columns.Length);
            }
        }
    }

    [Fact]
    public async Task Math_ColumnsAsSecondArgument_PairUpOrShareOne()
    {
        var table = ModuleRuns.Batch([ModuleRuns.Field("a", ColumnType.Double), ModuleRuns.Field("b", ColumnType.Int32)], [5.0, 2], [null, 3], [1.0, null]);
        (string, string)[] columns = [("Category", "Compare"), ("Comparison operation", "GreaterThan"), ("Second argument type", "ColumnSet")];

        var output = await ModuleRuns.OutputAsync(Math, [table], [.. columns, ("Column set", "a"), ("Second argument column set", "b"), ("Output mode", "Inplace")]);

        Assert.Equal(["a", "b"], ModuleRuns.Names(output));
        Assert.Equal(["True", null, null], ModuleRuns.Texts(output, "a"));
        await ModuleRuns.FailAsync(
            27, Math, [ModuleRuns.Batch([ModuleRuns.Field("a", ColumnType.Double), ModuleRuns.Field("b", ColumnType.Double), ModuleRuns.Field("c", ColumnType.Double)], [1.0, 1.0, 1.0])],
            [.. columns, ("Column set", "a, b, c"), ("Second argument column set", "a, b")]);
        await ModuleRuns.FailAsync(17, Math, [ModuleRuns.Single("s", ColumnType.String, "a")], ("Column set", "s"));
        await ModuleRuns.FailAsync(2, Math, [ModuleRuns.Single("x", ColumnType.Double, 1.0)], ("Category", "Operations"), ("Constant second argument", "one"));
    }

    [Theory]
    [InlineData("StandardNormal", "Cdf", 1.96, 0.9750021048517795)]
    [InlineData("Normal", "InverseCdf", 0.975, 1.959963984540054)]
    [InlineData("Beta", "Cdf", 0.3, 0.3)]
    [InlineData("Binomial", "Pdf", 2, 0.375)]
    [InlineData("Binomial", "InverseCdf", 0.6, 2)]
    [InlineData("Bernoulli", "Cdf", 0, 0.5)]
    [InlineData("Cauchy", "Cdf", 1, 0.75)]
    [InlineData("ChiSquare", "Cdf", 3.841458820694124, 0.95)]
    [InlineData("ChiSquareRightTailed", "Cdf", 3.841458820694124, 0.05)]
    [InlineData("Exponential", "Pdf", 1, 0.36787944117144233)]
    [InlineData("FFisher", "Cdf", 4.757062663089414, 0.95)]
    [InlineData("FFisherRightTailed", "InverseCdf", 0.05, 4.757062663089414)]
    [InlineData("Gamma", "Cdf", 1, 0.6321205588285577)]
    [InlineData("GeneralizedExtremeValues", "Cdf", 0, 0.36787944117144233)]
    [InlineData("Geometric", "Pdf", 3, 0.125)]
    [InlineData("GumbelMax", "Cdf", 0, 0.36787944117144233)]
    [InlineData("GumbelMin", "Cdf", 0, 0.6321205588285577)]
    [InlineData("Hypergeometric", "Pdf", 4, 0.28385481852315392)]
    [InlineData("Laplace", "InverseCdf", 0.25, -0.6931471805599453)]
    [InlineData("Logistic", "Pdf", 0, 0.25)]
    [InlineData("Lognormal", "Cdf", 1, 0.5)]
    [InlineData("Pareto", "Cdf", 2, 0.5)]
    [InlineData("Poisson", "Pdf", 0, 0.36787944117144233)]
    [InlineData("Rayleigh", "Cdf", 1, 0.3934693402873666)]
    [InlineData("TStudent", "Cdf", 1, 0.75)]
    [InlineData("TStudentRightTailed", "Cdf", 1, 0.25)]
    [InlineData("TStudentTwoTailed", "Cdf", 1, 0.5)]
    [InlineData("Uniform", "Cdf", 0.25, 0.25)]
    [InlineData("Weibull", "InverseCdf", 0.6321205588285577, 1)]
    public async Task Probability_EachDistribution_IsItsFormula(string distribution, string method, double value, double expected)
    {
        var output = await ModuleRuns.OutputAsync(
            Probability, [ModuleRuns.Single("x", ColumnType.Double, value, null)], ("Distribution", distribution), ("Method", method), ("Column set", "x"));

        Assert.Equal([$"{distribution}.{method}(x)"], ModuleRuns.Names(output));
        Assert.Equal(expected, Tables.Doubles(output, $"{distribution}.{method}(x)")[0], 1e-8);
        Assert.Null(ModuleRuns.Texts(output, $"{distribution}.{method}(x)")[1]);
    }

    [Fact]
    public async Task Probability_NegativeBinomialAndBadParameters_AreHandled()
    {
        var table = ModuleRuns.Single("x", ColumnType.Double, 2.0, double.NaN, double.PositiveInfinity);

        var output = await ModuleRuns.OutputAsync(
            Probability, [table], ("Distribution", "NegativeBinomial"), ("Number of success", "2"), ("Column set", "x"), ("Negative binomial distribution method", "Pdf"));

        Assert.Equal(0.1875, Tables.Doubles(output, "NegativeBinomial.Pdf(x)")[0], 1e-12);
        await ModuleRuns.FailAsync(4, Probability, [table], ("Distribution", "Normal"), ("Standard deviation", "0"), ("Column set", "x"));
        await ModuleRuns.FailAsync(6, Probability, [table], ("Distribution", "Uniform"), ("Lower bound", "2"), ("Column set", "x"));
        await ModuleRuns.FailAsync(8, Probability, [table], ("Distribution", "Hypergeometric"), ("Population size", "3"), ("Column set", "x"));
        await ModuleRuns.FailAsync(17, Probability, [ModuleRuns.Single("s", ColumnType.String, "a")], ("Column set", "s"));
    }

    [Theory]
    [InlineData("SingleSampleSet", "x", "True", "ss(x)", 0.0132824)]
    [InlineData("PairedSamples", "x, y", "True", "ps(x, y)", 0.0081290)]
    [InlineData("UnpairedSamples", "x, y", "True", "us(x, y)", 0.2502)]
    [InlineData("UnpairedSamples", "x, y", "False", "us(x, y)", 0.2531)]
    public async Task TTest_EachKind_NamesItsResultsAndRejects(string kind, string columns, string equal, string name, double atMost)
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Field("y", ColumnType.Double)],
            [1.0, 2.1], [2.0, 2.9], [3.0, 4.2], [4.0, 5.1], [5.0, 5.8]);

        var context = await ModuleRuns.RunAsync(
            TTest, [table], [("Type of t-test", kind), ("Target column(s)", columns), ("Assume equal variances", equal)]);

        var p = Tables.Doubles(ModuleRuns.Table(context, "P"), $"P_{name}")[0];
        Assert.InRange(p, 0, kind == "UnpairedSamples" ? 0.5 : atMost + 0.01);
        Assert.Equal(p < 0.05 ? "True" : "False", ModuleRuns.Texts(ModuleRuns.Table(context, "Reject H0"), $"RejectH0_{name}")[0]);
    }

    [Fact]
    public async Task TTest_OneSample_IsStudentsFormula()
    {
        // Mean 3, deviation sqrt(2.5): t = 3 / sqrt(0.5) = 4.2426 with 4 degrees of freedom; scipy gives p = 0.013235...
        var table = ModuleRuns.Single("x", ColumnType.Double, 1.0, 2.0, 3.0, 4.0, 5.0, null);

        var two = await ModuleRuns.RunAsync(TTest, [table], [("Target column(s)", "x")]);
        var greater = await ModuleRuns.RunAsync(TTest, [table], [("Target column(s)", "x"), ("Hypothesis type", "One Tail Greater Than")]);
        var less = await ModuleRuns.RunAsync(TTest, [table], [("Target column(s)", "x"), ("Hypothesis type", "One Tail Less Than")]);

        var p = Tables.Doubles(ModuleRuns.Table(two, "P"), "P_ss(x)")[0];
        Assert.Equal(0.0132, p, 1e-4);
        Assert.Equal(p / 2, Tables.Doubles(ModuleRuns.Table(greater, "P"), "P_ss(x)")[0], 1e-12);
        Assert.Equal(1 - (p / 2), Tables.Doubles(ModuleRuns.Table(less, "P"), "P_ss(x)")[0], 1e-12);
    }

    [Fact]
    public async Task TTest_BadInput_FailsWithStudiosNumbers()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Field("nan", ColumnType.Double), ModuleRuns.Field("inf", ColumnType.Double), ModuleRuns.Field("s", ColumnType.String), ModuleRuns.Field("one", ColumnType.Double)],
            [1.0, double.NaN, double.NegativeInfinity, "a", 1.0], [2.0, 1.0, 1.0, "b", null]);

        await ModuleRuns.FailAsync(31, TTest, [table], ("Type of t-test", "PairedSamples"), ("Target column(s)", "x"));
        await ModuleRuns.FailAsync(8, TTest, [table], ("Target column(s)", "x, one"));
        await ModuleRuns.FailAsync(17, TTest, [table], ("Target column(s)", "s"));
        await ModuleRuns.FailAsync(32, TTest, [table], ("Target column(s)", "nan"));
        await ModuleRuns.FailAsync(33, TTest, [table], ("Target column(s)", "inf"));
        await ModuleRuns.FailAsync(21, TTest, [table], ("Target column(s)", "one"));
        await ModuleRuns.FailAsync(8, TTest, [table], ("Target column(s)", "x"), ("alpha", "2"));
    }

    [Fact]
    public void Entropy_TwoClassesApart_AreCutBetweenThem()
    {
        var edges = BinEdges.Entropy([.. Enumerable.Range(0, 40).Select(i => (double)i)], [.. Enumerable.Range(0, 40).Select(i => i < 15 ? 0 : 1)], 10);

        Assert.Equal([14.5], edges);
        Assert.Empty(BinEdges.Entropy([1, 1, 1], [0, 1, 0], 10));
    }
}
