using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using static Auspex.Tests.Experiments.Errors.ErrorTables;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>Learners, training and scoring.</summary>
internal static partial class ErrorCases
{
    private const string Trees = "Two-Class Boosted Decision Tree";
    private const string Logistic = "Two-Class Logistic Regression";
    private const string Ordinary = "Linear Regression";
    private const string Clusters = "K-Means Clustering";
    private const string Anomalies = "One-Class Support Vector Machine";
    private const string Names = "Label column=y";

    private static IEnumerable<ErrorCase> Learning() =>
    [
        new(3, Clusters, ["'Number of Centroids'"], [], "Number of Centroids="),
        new(5, Clusters, ["'Number of Centroids'", "1"], [], "Number of Centroids=1"),
        new(2, Trees, ["'Number of trees constructed'", "'many'"], [], "Number of trees constructed=many"),
        new(3, Trees, ["'Create trainer mode'", "'Both'"], [], "Create trainer mode=Both"),
        new(4, Trees, ["'Learning rate'", "0"], [], "Learning rate=0"),
        new(2, "Two-Class Neural Network", ["'Number of hidden nodes'"], [], "Number of hidden nodes=ten"),
        new(8, "Fast Forest Quantile Regression", ["'Quantiles to be estimated'", "2"], [], "Quantiles to be estimated=2"),
        new(13, "One-vs-All Multiclass", ["Linear Regression", "two-class"], [Learner(Ordinary)]),
        new(13, "Ordinal Regression", ["Linear Regression", "two-class"], [Learner(Ordinary)]),

        new(1, "Train Model", ["'gone'"], [Learner(Trees), People], "Label column=gone"),
        new(3, "Train Model", ["'Untrained model'"], [null, People], Names),
        new(3, "Train Model", ["'Label column'"], [Learner(Trees), People]),
        new(13, "Train Model", [Clusters, "Train Clustering Model"], [Learner(Clusters), People], Names),
        new(14, "Train Model", [$"'{Size}'", "65000"], [Learner(Trees), Distinct(65_001)], Names),
        new(17, "Train Model", ["'when'", "DateTime"], [Learner(Trees), People], Names),
        new(20, "Train Model", ["'y'", "feature"], [Learner(Trees), Of([Truth("y", ColumnRole.Label)], [true], [false])], Names),
        new(21, "Train Model", ["'y'", "0 rows"], [Learner(Trees), Clean(NoRows)], Names),
        new(22, "Train Model", ["'Label column'", "'age'", $"'{Size}'"], [Learner(Trees), Clean(People)], "Label column=AllDoubles"),
        new(23, "Train Model", ["'level'", "categorical"], [Learner(Ordinary), Clean(People)], "Label column=level"),
        new(24, "Train Model", ["'Label column'"], [Learner(Trees), Of([Number("a")], [1.0])], "Label column=AllLabels"),
        new(33, "Train Model", [$"'{Size}'"], [Learner(Logistic), Wild], Names),
        new(83, "Train Model", ["'y'", "two"], [Learner(Trees), Clean(OneClass)], Names),
        new(83, "Train Model", ["'n'", "0"], [Learner("Poisson Regression"), Of([Number("a"), Number("n")], [1.0, -1.0], [2.0, 3.0])], "Label column=n"),
        new(129, "Train Model", ["Bayesian Linear Regression"], [Learner("Bayesian Linear Regression"), new TableValue(Wide(10_001))], "Label column=c0"),
        new(130, "Train Model", ["Clean Missing Data"], [Learner(Logistic), Clean(Gaps)], Names),
        new(130, "Train Model", ["'y'"], [Learner(Trees), Clean(Unlabelled)], Names),
        new(138, "Train Model", ["hidden nodes"], [Learner("Two-Class Neural Network", ("Number of hidden nodes", "100000,100000")), Clean(People)], Names),

        new(3, "Train Clustering Model", ["'Untrained model'"], [null, People], "Column Set=AllNumeric"),
        new(13, "Train Clustering Model", [Trees], [Learner(Trees), People], "Column Set=AllNumeric"),
        new(21, "Train Clustering Model", ["3 clusters"], [Learner(Clusters, ("Number of Centroids", "3")), OneRow], "Column Set=AllNumeric"),
        new(37, "Train Clustering Model", ["'y'", $"'{Size}'"], [Learner(Clusters), TwoLabels], "Column Set=AllColumns"),
        new(134, "Train Clustering Model", ["label"], [Learner(Clusters, ("Initialization", "Use Label Column")), Of([Number("a")], [1.0], [2.0], [3.0])], "Column Set=AllColumns"),
        new(3, "Train Anomaly Detection Model", ["'Untrained model'"], [null, People]),
        new(13, "Train Anomaly Detection Model", [Trees], [Learner(Trees), People]),
        new(17, "Train Anomaly Detection Model", ["'when'"], [Learner("PCA-Based Anomaly Detection"), People]),
        new(47, "Train Anomaly Detection Model", ["2 components"], [Learner("PCA-Based Anomaly Detection"), Of([Number("a")], [1.0], [2.0])]),

        new(1, "Score Model", ["'b'"], [Model(Trees), Of([Number("a"), Text("c \"x\", é")], [1.0, "c1"])]),
        new(3, "Score Model", ["'Trained model'"], [null, People]),
        new(12, "Score Model", [Trees, "Train Model"], [Learner(Trees), People]),
        new(13, "Score Model", [Clusters, "Assign Data to Clusters"], [Model(Clusters), People]),
        new(13, "Score Model", [Anomalies, "reasons"], [Model(Anomalies), People], "Reasons per row=3"),
        new(17, "Score Model", ["'a'", "String"], [Model(Trees), Of([Text("a"), Number("b"), Text("c \"x\", é")], ["x", 1.0, "c1"])]),
        new(28, "Score Model", ["'Scored Labels'"], [Model(Trees), Of([Number("a"), Number("b"), Text("c \"x\", é"), Number("Scored Labels")], [1.0, 1.0, "c1", 2.0])]),
        new(34, "Train Matchbox Recommender", ["'user'", "'item'"], [Ratings(("u", "i"), ("u", "i"), ("v", "j")), null, null]),
        new(35, "Train Matchbox Recommender", ["user"], [Ratings(("u", "i"), ("v", "j")), Traits("u"), null]),
        new(36, "Train Matchbox Recommender", ["'user'"], [Ratings(("u", "i"), ("v", "j")), Traits("u", "u", "v"), null]),
        new(53, "Train Matchbox Recommender", ["user"], [Ratings(("u", "i"), ("v", "j")), Traits(), null]),

        new(40, "Apply Quantization Function (deprecated)", ["'Apply Transformation'"], [null, null]),
        new(40, "Assign to Clusters (deprecated)", ["'Assign Data to Clusters'"], [null, null]),
        new(41, "Build Count Table (deprecated)", ["'Build Counting Transform'", "'Export Count Table'"], [null]),
        new(41, "Count Featurizer (deprecated)", ["'Import Count Table'"], [null, null, null]),
        new(40, "Linear Discriminant Analysis (deprecated)", ["'Fisher Linear Discriminant Analysis'"], [null]),
        new(40, "Missing Values Scrubber (deprecated)", ["'Clean Missing Data'"], [null]),
        new(40, "Quantize (deprecated)", ["'Group Data into Bins'"], [null]),

        new(3, "Assign Data to Clusters", ["'Trained model'"], [null, People]),
        new(12, "Assign Data to Clusters", [Clusters, "Train Clustering Model"], [Learner(Clusters), People]),
        new(13, "Assign Data to Clusters", [Trees, "Score Model"], [Model(Trees), People]),
    ];

    private static TableValue Ratings(params (string User, string Item)[] pairs) => Of(
        [Text("user"), Text("item"), Number("rating")], [.. pairs.Select((pair, row) => new object?[] { pair.User, pair.Item, row + 1.0 })]);

    private static TableValue Traits(params string[] users) => Of(
        [Text("user"), Number("age")], [.. users.Select((user, row) => new object?[] { user, row + 20.0 })]);

    /// <summary>Each row of it has a gap.</summary>
    private static TableValue Gaps => new(Change(
        People.Table, "age", new DoubleColumn(new double[12], 12, new ulong[1])));

    /// <summary>Without the column of times, which no learner takes.</summary>
    private static TableValue Clean(TableValue table) =>
        Mark(table, "when", field => field with { Role = ColumnRole.None });
}
