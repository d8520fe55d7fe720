using System.Collections.Frozen;
using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Tests.Experiments.Training;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>What to run modules on that nobody means to have, and with which settings.</summary>
internal static class HostileRuns
{
    /// <summary>The columns of <see cref="Tables"/>: one name has quotes, a comma, a tab and a letter beyond ASCII.</summary>
    public const string Awkward = "a \"b\", 'c'\té";

    private const string NotRun = "It loads and does not run.";
    private const string Clean = "Clean Missing Data";
    private const string Normal = "Normalize Data";
    private const string Split = "Split Data";
    private const string Mode = "Cleaning mode";

    /// <summary>Every module that takes a table, in each of its modes; the same table at each of its ports for tables.</summary>
    public static ImmutableArray<(string Module, string[] Parameters)> All { get; } =
    [
        (Clean, []),
        (Clean, [$"{Mode}=Replace with mean", "Columns to be cleaned=AllNumeric"]),
        (Clean, [$"{Mode}=Replace with median", "Columns to be cleaned=AllNumeric", "Cols with all missing values=Propagate"]),
        (Clean, [$"{Mode}=Replace with mode", "Generate missing value indicator column=True"]),
        (Clean, [$"{Mode}=Replace using MICE"]),
        (Clean, [$"{Mode}=Replace using Probabilistic PCA"]),
        (Clean, [$"{Mode}=Remove entire row"]),
        (Clean, [$"{Mode}=Remove entire column"]),
        (Normal, []),
        (Normal, ["Transformation method=MinMax", "Use 0 for constant columns when checked=False"]),
        (Normal, ["Transformation method=Logistic"]),
        (Normal, ["Transformation method=LogNormal"]),
        (Normal, ["Transformation method=Tanh"]),
        (Split, ["Random seed=1"]),
        (Split, ["Random seed=1", "Stratified split=True", "Stratification key column=text"]),
        (Split, ["Splitting mode=Relative Expression", "Relational expression=\\\"mixed\" > 3"]),
        (Split, ["Splitting mode=Regular Expression", "Regular expression=\\\"text\" ^w"]),
        (Split, ["Splitting mode=Recommender Split", "Random seed for Recommender=1"]),
        ("Add Columns", []),
        ("Add Rows", []),
        ("Apply SQL Transformation", ["SQL Query Script=select * from t1 left join t2 on t1.text = t2.text"]),
        ("Apply SQL Transformation", [$"SQL Query Script=select [{Awkward}], count(*) as n, avg(mixed) as m from t1 group by 1"]),
        ("Convert to Indicator Values", ["Categorical columns to convert=level"]),
        ("Edit Metadata", ["Column=\"a \"\"b\"\", 'c'\té\"", "Data type=String", "Categorical=Categorical", "New column names=\"é,\"\"\""]),
        ("Edit Metadata", ["Column=mixed", "Data type=Integer"]),
        ("Group Categorical Values", ["Selected columns=level", "New number of levels=2", "Default level name=other", "Name of new level k=one", "Comma-separated list of old levels to map to new level k=x"]),
        ("Join Data", ["Join key columns for L=mixed", "Join key columns for R=mixed"]),
        ("Join Data", ["Join key columns for L=\"a \"\"b\"\", 'c'\té\"", "Join key columns for R=\"a \"\"b\"\", 'c'\té\"", "Join type=Full Outer Join", "Keep right key columns in joined table=False"]),
        ("Join Data", ["Join key columns for L=level,text", "Join key columns for R=level,text", "Join type=Left Outer Join", "Match case=False"]),
        ("Join Data", ["Join key columns for L=truth", "Join key columns for R=truth", "Join type=Left Semi-Join"]),
        ("Remove Duplicate Rows", ["Key column selection filter expression=AllColumns"]),
        ("Select Columns in Dataset", ["Select columns=\"a \"\"b\"\", 'c'\té\", mixed"]),
        ("Convert to CSV", []),
        ("Convert to TSV", []),
        ("Convert to ARFF", []),
        ("Convert to Dataset", ["Action=ReplaceValues", "New value=0"]),
        ("Partition and Sample", ["Random seed for sampling=1", "Rate of sampling=0.5"]),
        ("Partition and Sample", ["Partition or sample mode=Assign to Folds", "Random seed=1"]),
        ("Partition and Sample", ["Partition or sample mode=Assign to Folds", "Random seed=1", "Stratified split=True", "Stratification key column=level"]),
        ("Partition and Sample", ["Partition or sample mode=Head"]),
        ("Partition and Sample", ["Partition or sample mode=Pick Fold"]),
        ("Summarize Data", []),
        ("Compute Elementary Statistics", ["Method=GeometricMean"]),
        ("Compute Elementary Statistics", ["Method=SampleKurtosis"]),
        ("Compute Linear Correlation", []),
        ("Apply Math Operation", ["Category=Special", "Special function=GammaLn"]),
        ("Apply Math Operation", ["Category=Operations", "Arithmetic operation=Divide", "Constant second argument=0"]),
        ("Evaluate Probability Function", ["Column set=AllNumeric", "Distribution=TStudent"]),
        ("Clip Values", ["List of columns=AllNumeric", "Upper threshold=Percentile"]),
        ("Clip Values", ["List of columns=mixed", "Set of thresholds=ClipPeaksAndSubpeaks", "Substitute value for peaks=Mean"]),
        ("Group Data into Bins", []),
        ("Group Data into Bins", ["Binning mode=Equal Width"]),
        ("Group Data into Bins", ["Binning mode=Entropy MDL", "Label column=text"]),
        ("Group Data into Bins", ["Binning mode=Custom Edges", "Comma-separated list of bin edges=0,1,2"]),
        ("Replace Discrete Values", ["Discrete columns=text", "Replacement columns=AllNumeric"]),
        ("Test Hypothesis Using t-Test", ["Target column(s)=mixed"]),
        ("Convert to Dataset", ["Action=SetMissingValues", "Custom missing value=1"]),
        ("Convert to SVMLight", []),
        ("Select Columns Transform", []),
        ("SMOTE", ["Label column=text", "Random seed=1"]),
        ("Filter Based Feature Selection", ["Target column=mixed"]),
        ("Filter Based Feature Selection", ["Target column=text", "Feature scoring method=Mutual Information"]),
        ("Filter Based Feature Selection", ["Target column=truth", "Feature scoring method=Fisher Score"]),
        ("Filter Based Feature Selection", ["Feature scoring method=Count Based"]),
        ("Fisher Linear Discriminant Analysis", ["Class labels column=text"]),
        ("Principal Component Analysis", ["Selected columns=AllNumeric", "Number of dimensions to reduce to=2"]),
        ("Apply Filter", []),
        ("Time Series Anomaly Detection", ["Data Column=mixed", "Time Column=when"]),
        ("Feature Hashing", ["Target columns=text", "Hashing bitsize=3"]),
        ("Preprocess Text", ["Text column to clean=text"]),
        ("Extract N-Gram Features from Text", ["Text column=text", "Use filter-based feature selection=False"]),
        ("Extract Key Phrases from Text", ["Text column=text"]),
        ("Detect Languages", ["Text column=text"]),
        ("Latent Dirichlet Allocation", ["Target column(s)=text", "Number of topics to model=2"]),
        ("Build Counting Transform", ["Label column index or name=text", "Select columns to count=mixed", "Number of classes=12"]),
        ("Import Count Table", []),
        ("Apply Transformation", []),
        ("Train Clustering Model", ["Column Set=AllNumeric"]),
        ("Train Anomaly Detection Model", []),
        ("Train Model", ["Label column=truth"]),
        ("Score Model", []),
        ("Assign Data to Clusters", ["Column Set=AllNumeric"]),
        ("Evaluate Model", []),
        ("Cross-Validate Model", ["Label column=truth", "Random seed=1"]),
        ("Tune Model Hyperparameters", ["Label column=truth", "Random seed=1", "Maximum number of runs on random sweep=1"]),
        ("Permutation Feature Importance", ["Random seed=1"]),
    ];

    /// <summary>Modules that take a table and are run elsewhere, with the reason.</summary>
    public static FrozenDictionary<string, string> Elsewhere { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Export Data"] = "ImportExportTests writes every type and name and reads it back.",
        ["Execute Python Script"] = "PythonScriptTests of Auspex.Scenarios, which need an interpreter.",
        ["Execute R Script"] = "RScriptTests of Auspex.Scenarios, which need an interpreter.",
        ["Web Service Input"] = "It passes on what it gets.",
        ["Web Service Output"] = "It passes on what it gets.",
        ["Train Matchbox Recommender"] = "The suites of the recommender.",
        ["Score Matchbox Recommender"] = "The suites of the recommender.",
        ["Evaluate Recommender"] = "The suites of the recommender.",
        ["Sweep Clustering"] = "The suite of its own.",
        ["Named Entity Recognition"] = "The suite of its own.",
        ["Score Vowpal Wabbit Version 7-4 Model"] = "The suites of Vowpal Wabbit.",
        ["Score Vowpal Wabbit Version 7-10 Model"] = "The suites of Vowpal Wabbit.",
        ["Score Vowpal Wabbit Version 8 Model"] = "The suites of Vowpal Wabbit.",
        ["Pretrained Cascade Image Classification"] = NotRun,
        ["Apply Quantization Function (deprecated)"] = NotRun,
        ["Assign to Clusters (deprecated)"] = NotRun,
        ["Build Count Table (deprecated)"] = NotRun,
        ["Count Featurizer (deprecated)"] = NotRun,
        ["Linear Discriminant Analysis (deprecated)"] = NotRun,
        ["Missing Values Scrubber (deprecated)"] = NotRun,
        ["Quantize (deprecated)"] = NotRun,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<(string What, TableBatch Table)> Tables()
    {
        TableField[] fields =
        [
            ModuleRuns.Field("mixed", ColumnType.Double), ModuleRuns.Field("text", ColumnType.String), ModuleRuns.Field(Awkward, ColumnType.Int32),
            ModuleRuns.Category("level", "x", "y"), ModuleRuns.Field("when", ColumnType.DateTime, ColumnRole.None), ModuleRuns.Field("truth", ColumnType.Boolean),
        ];
        var day = new DateTime(2020, 1, 1);
        yield return ("usual", ModuleRuns.Batch(
            fields, [.. Enumerable.Range(0, 12).Select(row => new object?[] { row * 1.5, $"w{row % 2}", row, row % 2 == 0 ? "x" : "y", day.AddDays(row), row % 3 == 0 })]));
        yield return ("no rows", ModuleRuns.Batch(fields));
        yield return ("no columns", new TableBatch(new TableSchema([]), [], 3));
        yield return ("all missing", ModuleRuns.Batch(fields, [.. Enumerable.Range(0, 12).Select(_ => new object?[6])]));
        yield return ("constant", ModuleRuns.Batch(fields, [.. Enumerable.Range(0, 12).Select(_ => new object?[] { 1.0, "same", 7, "x", day, true })]));
        yield return ("one row", ModuleRuns.Batch(fields, [1.0, "word", 1, "x", day, true]));
        yield return ("NaN and infinities", ModuleRuns.Batch(
            fields,
            [
                .. Enumerable.Range(0, 12).Select(row => new object?[]
                {
                    (row % 4) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => double.NegativeInfinity, _ => row }, row % 2 == 0 ? "a" : "b é ü",
                    int.MaxValue - row, row % 3 == 0 ? "x" : "y", null, row % 2 == 0,
                }),
            ]));
        yield return ("gaps", ModuleRuns.Batch(
            fields,
            [.. Enumerable.Range(0, 12).Select(row => new object?[] { row % 3 == 0 ? null : row * 1.5, row % 4 == 0 ? null : $"w{row % 2}", row, row % 5 == 0 ? null : "x", null, row % 3 == 0 ? null : row % 2 == 0 })]));
        yield return ("unknown levels", ModuleRuns.Batch(
            [.. fields.Select(field => field.Name == "level" ? ModuleRuns.Category("level", "never", "seen") : field)],
            [.. Enumerable.Range(0, 12).Select(row => new object?[] { row * 1.5, "never seen", row, row % 2 == 0 ? "never" : "seen", day.AddDays(row), row % 3 == 0 })]));
    }

    /// <summary>A run's context: the table at each port for tables, something of <paramref name="usual"/> at the others.</summary>
    public static ModuleContext Context(int run, TableBatch table, TableBatch usual)
    {
        var (module, parameters) = All[run];
        var descriptor = ModuleRuns.Find(module).Descriptor;
        var inputs = descriptor.Inputs.Where(port => !(port.IsOptional && port.Type == PortType.Dataset && module is "Evaluate Model" or "Tune Model Hyperparameters"))
            .Where(port => port.Type != PortType.Zip)
            .ToDictionary(port => port.Name, port => port.Type == PortType.Dataset ? new TableValue(table) : Other(module, port.Type, usual), StringComparer.Ordinal);
        return new ModuleContext(
            inputs,
            new ModuleParameters(
                descriptor, parameters.Select(text => text.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal)),
            ModuleRuns.Services);
    }

    private static PortValue Other(string module, PortType type, TableBatch usual)
    {
        switch (module, type)
        {
            case ("Apply Filter", _):
                return Made("Median Filter", null);
            case ("Apply Transformation", _):
                return Made(Normal, usual);
            case ("Train Clustering Model", _):
                return new LearnerValue(LearnerSuite.Create("K-Means Clustering"));
            case ("Train Anomaly Detection Model", _):
                return new LearnerValue(LearnerSuite.Create("PCA-Based Anomaly Detection"));
            case ("Assign Data to Clusters", _):
                return new ModelValue(LearnerSuite.Create("K-Means Clustering").Train(
                    usual, "", new TrainingOptions(1, null), CancellationToken.None));
            case ("Score Model" or "Permutation Feature Importance", _):
                return new ModelValue(LearnerSuite.Create("Two-Class Boosted Decision Tree", ("Minimum number of samples per leaf node", "1")).Train(
                    usual, "truth", new TrainingOptions(1, null), CancellationToken.None));
            case (_, PortType.ILearner):
                return new LearnerValue(LearnerSuite.Create("Two-Class Boosted Decision Tree", ("Minimum number of samples per leaf node", "1")));
            default:
                throw new ArgumentException($"Nothing is known for a port of type {type} of {module}.", nameof(module));
        }
    }

    private static PortValue Made(string module, TableBatch? table)
    {
        var context = ModuleRuns.Context(module, table is null ? [] : [table], []);
        return ModuleRuns.Find(module).RunAsync(context, CancellationToken.None).IsCompletedSuccessfully
            ? context.Outputs.Values.First(value => value is not TableValue)
            : throw new InvalidOperationException($"{module} was not done at once.");
    }
}
