using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>Studio's errors that cannot happen here, each with its reason. Whoever adds a line says why no user can meet the fault.</summary>
internal static class ExcusedErrors
{
    private const string Custom = "It is about packages of custom modules, which load and are not run.";
    private const string Matchbox = "It is about features of users and items, which only the Matchbox modules take.";
    private const string Deprecated = "A deprecated module always knows its successors: 40 names the one, 41 the several.";
    private const string Hive = "Hive and HDInsight are neither read nor written; the choice of them is error 39.";
    private const string AzureTables = "Azure's table storage is neither read nor written; the choice of it is error 39.";
    private const string Documents = "Document databases are not read; the choice of them is error 39.";
    private const string Bundles = "Bundles are not fetched from GitHub; they are uploaded, and a damaged one is error 102.";
    private const string Whole = "Whole numbers that begin at 1 are told as 5, at least; so are fractions as 8, between 0 and 1.";
    private const string AnyType = "The module takes columns of every type.";
    private const string NoNumber = "A value that is no number counts as a missing one, which the module knows.";

    /// <summary>Numbers that no module reports.</summary>
    public static FrozenDictionary<int, string> Numbers { get; } = new (int[] Numbers, string Reason)[]
    {
        ([55], Deprecated),
        ([43, 45], "A column has one type, and values of every type can be compared."),
        ([44], "A column without any value is a text column, so a type is always known."),
        ([46], "No module makes a folder: stores make containers and folders as a blob needs them, and fail with 64 or 151."),
        ([50, 51], "No module reads a file to write another one, or writes two."),
        ([61], "Rows that are longer or shorter than the header are 49 in files, and 8 where tables are put below each other."),
        ([66], "An upload that fails is 151, as Export Data documents it."),
        ([67], "A count of columns that does not fit is 8, 20, 22 or 31, as each module documents it."),
        ([68, 90, 156], Hive),
        ([70, 137], AzureTables),
        ([72], "A database that does not answer in time is 15, as Import Data documents it."),
        ([74], "Columns are never sparse here."),
        ([78], "Redirections are followed; one too many, or one to a place that is not allowed, is a failed download, 30."),
        ([84], "A model of an R script does not exist here, since Create R Model loads and is not run."),
        ([.. Enumerable.Range(100, 2), .. Enumerable.Range(103, 13)], Custom),
        ([123], "A column holds one value in each row, never a vector."),
        ([125], "Tables whose columns differ are 10, 16 or 18, as each module documents it."),
        ([127], "Images load and are not read."),
        ([135], "Every clustering model here has centroids; Sweep Clustering would say so of one that had none."),
        ([139], "A value that cannot be converted is 73, with its row, as Edit Metadata documents it."),
        ([140], "A table whose only column is the label is 20, as Train Model documents it."),
        ([141], "Too few features for components are 47 or 81, as the modules document it."),
        ([142], "No module takes a certificate; that of a server is checked by the system, and its fault is 15 or 30."),
        ([.. Enumerable.Range(143, 8)], Bundles),
        ([152], "The cloud is not chosen; a store is named by its address or connection string."),
        ([153], "A storage address that is none is 9 or 29."),
        ([155, 157], Documents),
    }.SelectMany(line => line.Numbers.Select(number => KeyValuePair.Create(number, line.Reason))).ToFrozenDictionary();

    /// <summary>Errors that Studio listed for a module and that this module cannot meet here.</summary>
    public static ImmutableArray<(string Module, int[] Numbers, string Reason)> OfModules { get; } =
    [
        ("Import Data", [1, 27], "Columns are named in the query alone, and the database's answer is 69; there are no two lists to pair."),
        ("Import Data", [46, 78, 137, 155, 157], "See the numbers above."),
        ("Import Data", [48], "A file that cannot be opened is told by why: 65 not there, 64 not allowed, 30 not reached."),
        ("Import Data", [79], "A malformed path is 9; a container that is not there is 65."),
        ("Export Data", [90], Hive),
        ("Load Trained Model", [13], "Every kind of model may be loaded; the module that uses it says whether it fits."),
        ("Add Columns", [17], AnyType),
        ("Clean Missing Data", [13], "No learner is connected to it."),
        ("Clean Missing Data", [39], "Each way to fill has an answer for every column that it takes; what it does not take is 18."),
        ("Convert to Indicator Values", [17], "A column that is not categorical is 56."),
        ("Edit Metadata", [17], "Each type can be chosen for each column; what no value of it can become is 42, and a value that cannot is 73."),
        ("Edit Metadata", [74], "Columns are never sparse here."),
        ("Join Data", [6], "No parameter of it is a number."),
        ("Join Data", [17], "Keys of every type can be compared; two of different types are 16."),
        ("Join Data", [28], "A selector gives a column once, and equal names of both tables are told apart by a number behind."),
        ("Remove Duplicate Rows", [17], AnyType),
        ("Partition and Sample", [17], AnyType),
        ("Partition and Sample", [20], "A table without columns has no stratum, which is 22 or 1; without strata no column is needed."),
        ("Split Data", [4], Whole),
        ("Group Data into Bins", [19], "Edges that do not ascend are 75, the binning function's own number."),
        ("Group Data into Bins", [20], "Columns that are not there are 11 here, which Studio listed as well."),
        ("Group Data into Bins", [39], "Nothing in it fails without a cause that has its number."),
        ("Principal Component Analysis", [4], Whole),
        ("Build Counting Transform", [4, 7], "Its parameters have a closed range, 8, or a least value, 5."),
        ("Build Counting Transform", [9, 49, 65], "Blobs are not counted; the choice of them is 88, which says to read them with Import Data."),
        ("Build Counting Transform", [1000], "Nothing in it fails without a cause that has its number."),
        ("Filter Based Feature Selection", [4], Whole),
        ("Permutation Feature Importance", [105], Custom),
        ("PCA-Based Anomaly Detection", [17, 47, 62], "It only holds parameters; 17 and 47 come when Train Anomaly Detection Model trains it, and 62 when two models are evaluated."),
        ("Train Model", [32], NoNumber),
        ("Train Model", [35], Matchbox),
        ("Tune Model Hyperparameters", [18], "Tables that do not belong together are 1, 24 or 58."),
        ("Score Model", [32, 33, 130], "A row with a value that the model cannot use gets no score, and the others get theirs."),
        ("Evaluate Model", [13], "Tables are connected to it, not models; those without scores are 25."),
        ("Evaluate Model", [20], "Missing columns are told by what they are: 24 the label, 25 the scores."),
        ("Cross-Validate Model", [8], "Its only number is a seed, and every seed is good."),
        ("Cross-Validate Model", [32], NoNumber),
        ("Cross-Validate Model", [35], Matchbox),
        ("Execute R Script", [84], "See the numbers above."),
        ("Execute R Script", [138], "The process is bounded as that of Python, whose case stands for both; R is not on every machine that runs these tests."),
        ("Replace Discrete Values", [22], "Any number of columns may be selected on either side."),
        ("Test Hypothesis Using t-Test", [20], "Too few columns are 31, which Studio listed as well."),
        ("Detect Languages", [10], "One table is connected to it."),
        ("Extract Key Phrases from Text", [8, 10], "It has no number to set, and one table is connected to it."),
        ("Feature Hashing", [4], Whole),
        ("Latent Dirichlet Allocation", [4], Whole),
        ("Apply Quantization Function (deprecated)", [55], Deprecated),
        ("Assign to Clusters (deprecated)", [55], Deprecated),
        ("Build Count Table (deprecated)", [40, 55], Deprecated),
        ("Count Featurizer (deprecated)", [40, 55], Deprecated),
        ("Linear Discriminant Analysis (deprecated)", [55], Deprecated),
        ("Missing Values Scrubber (deprecated)", [55], Deprecated),
        ("Quantize (deprecated)", [55], Deprecated),
        ("Preprocess Text", [30, 48, 49], "Stop words are connected as a table, not read from a file."),
    ];

    /// <summary>Modules whose errors are provoked by suites of their own.</summary>
    public static FrozenSet<string> OtherSuites { get; } = FrozenSet.ToFrozenSet(
    [
        "Train Matchbox Recommender", "Score Matchbox Recommender", "Evaluate Recommender", "Sweep Clustering", "Named Entity Recognition",
        "Train Vowpal Wabbit Version 7-4 Model", "Score Vowpal Wabbit Version 7-4 Model", "Train Vowpal Wabbit Version 7-10 Model",
        "Score Vowpal Wabbit Version 7-10 Model", "Train Vowpal Wabbit Version 8 Model", "Score Vowpal Wabbit Version 8 Model",
        "Import Images", "Pretrained Cascade Image Classification", "Create R Model",
    ]);
}
