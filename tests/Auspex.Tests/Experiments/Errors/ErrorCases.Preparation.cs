using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using static Auspex.Tests.Experiments.Errors.ErrorTables;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>Scaling, reducing, filters, statistics and transforms.</summary>
internal static partial class ErrorCases
{
    private const string Edges = "Comma-separated list of bin edges";

    private static IEnumerable<ErrorCase> Preparation() =>
    [
        new(8, "Clip Values", [$"'{Size}'", "lower"], [People], "Set of thresholds=ClipPeaksAndSubpeaks", $"List of columns={SizeSelector}", "Constant value for upper threshold=1", "Constant value for lower threshold=2"),
        new(11, "Clip Values", ["'List of columns'"], [People], "List of columns=AllTimeSpans"),
        new(17, "Clip Values", ["'name'", "Edit Metadata"], [People], "List of columns=name"),

        new(2, "Group Data into Bins", [$"'{Edges}'", "'x'"], [People], "Columns to bin=age", "Binning mode=Custom Edges", $"{Edges}=1,x"),
        new(3, "Group Data into Bins", [$"'{Edges}'"], [People], "Columns to bin=age", "Binning mode=Custom Edges"),
        new(4, "Group Data into Bins", ["'Bin width'"], [People], "Columns to bin=age", "Binning mode=Equal Width with Custom Start and Stop", "Bin width=0"),
        new(5, "Group Data into Bins", ["'Number of bins'", "0"], [People], "Columns to bin=age", "Number of bins=0"),
        new(11, "Group Data into Bins", ["'Columns to bin'"], [People], "Columns to bin=AllTimeSpans"),
        new(17, "Group Data into Bins", ["'name'"], [People], "Columns to bin=name"),
        new(21, "Group Data into Bins", ["no rows"], [NoRows]),
        new(24, "Group Data into Bins", ["'Label column'"], [Of([Number("a")], [1.0], [2.0])], "Binning mode=Entropy MDL"),
        new(38, "Group Data into Bins", [$"'{Edges}'"], [People], "Columns to bin=age", "Binning mode=Custom Edges", $"{Edges}=,"),
        new(75, "Group Data into Bins", [$"'{Edges}'", "2", "1"], [People], "Columns to bin=age", "Binning mode=Custom Edges", $"{Edges}=2,1"),
        new(75, "Group Data into Bins", ["'First edge position'", "'Last edge position'"], [People], "Columns to bin=age", "Binning mode=Equal Width with Custom Start and Stop", "First edge position=3"),

        new(1, "Normalize Data", ["'gone'"], [People], "Columns to transform=gone"),
        new(3, "Normalize Data", ["'Dataset'"], [null]),
        new(17, "Normalize Data", ["'name'", "String"], [People], "Columns to transform=name"),
        new(20, "Normalize Data", ["'Columns to transform'"], [People], "Columns to transform=AllTimeSpans"),
        new(21, "Normalize Data", ["no rows"], [NoRows]),

        new(1, "Principal Component Analysis", ["'gone'"], [People], "Selected columns=gone", "Number of dimensions to reduce to=1"),
        new(3, "Principal Component Analysis", ["'Number of dimensions to reduce to'"], [People], "Selected columns=age"),
        new(5, "Principal Component Analysis", ["'Number of dimensions to reduce to'", "0"], [People], "Selected columns=age", "Number of dimensions to reduce to=0"),
        new(17, "Principal Component Analysis", ["'name'"], [People], "Selected columns=name", "Number of dimensions to reduce to=1"),
        new(21, "Principal Component Analysis", ["no rows"], [NoRows], "Selected columns=age", "Number of dimensions to reduce to=1"),
        new(33, "Principal Component Analysis", [$"'{Size}'"], [Wild], $"Selected columns=nan,{SizeSelector}", "Number of dimensions to reduce to=1"),
        new(81, "Principal Component Analysis", ["'Number of dimensions to reduce to'", "3"], [People], "Selected columns=age", "Number of dimensions to reduce to=3"),

        new(3, "Apply Filter", ["'Filter'"], [null, People]),
        new(17, "Apply Filter", ["'name'"], [Filter("Median Filter"), People], "Column set=name"),
        new(7, "FIR Filter", ["'Low cutoff'"], [], "Low cutoff=1"),
        new(4, "IIR Filter", ["'Ripple'"], [], "Filter kind=Chebyshev type 1", "Ripple=0"),
        new(6, "IIR Filter", ["'Low cutoff'", "'High cutoff'"], [], "Filter type=BandPass", "Low cutoff=0.8", "High cutoff=0.2"),
        new(8, "Median Filter", ["'Length'", "4"], [], "Length=4"),
        new(7, "Threshold Filter", ["'Lower boundary'", "'Upper boundary'"], [], "Type=Range", "Lower boundary=2"),
        new(2, "User-Defined Filter", ["'Forward'", "'x'"], [], "Forward=1,x"),
        new(3, "User-Defined Filter", ["'Forward'"], [], "Forward=,"),
        new(8, "User-Defined Filter", ["'Backward'", "0"], [], "Type of filter=IIR", "Backward=0,1"),

        new(3, "Build Counting Transform", ["'Label column index or name'"], [People], "Select columns to count=name"),
        new(5, "Build Counting Transform", ["'Number of classes'", "1"], [People], "Label column index or name=y", "Select columns to count=name", "Number of classes=1"),
        new(8, "Build Counting Transform", ["'The bits of hash function'", "40"], [People], "Label column index or name=y", "Select columns to count=name", "The bits of hash function=40"),
        new(11, "Build Counting Transform", ["'Select columns to count'"], [People], "Label column index or name=y", "Select columns to count=AllTimeSpans"),
        new(28, "Build Counting Transform", ["'y'"], [People], "Label column index or name=y", "Select columns to count=y"),
        new(59, "Build Counting Transform", ["'one'"], [People], "Label column index or name=y", """Select columns to count={"isFilter":true,"rules":[{"ruleType":"ColumnIndexes","columns":["one"],"exclude":false}]}"""),
        new(60, "Build Counting Transform", ["'9'"], [People], "Label column index or name=y", """Select columns to count={"isFilter":true,"rules":[{"ruleType":"ColumnIndexes","columns":["9"],"exclude":false}]}"""),
        new(87, "Build Counting Transform", ["'Count table type'", "'Tree'"], [People], "Label column index or name=y", "Select columns to count=name", "Count table type=Tree"),
        new(88, "Build Counting Transform", ["'Module type'", "'Blob'"], [People], "Module type=Blob"),
        new(89, "Build Counting Transform", ["'Number of classes'", "'name'", "12"], [People], "Label column index or name=name", "Select columns to count=level"),
        new(3, "Export Count Table", ["'Counting transform'"], [null]),
        new(86, "Export Count Table", ["'Counting transform'"], [Normalization]),
        new(3, "Import Count Table", ["'Count table'"], [People, null, null]),
        new(18, "Import Count Table", ["Export Count Table"], [People, People, null]),
        new(3, "Merge Count Transform", ["'Previous counting transform'"], [null, null]),
        new(86, "Merge Count Transform", ["columns"], [Counts("level"), Counts("name")]),
        new(3, "Modify Count Table Parameters", ["'Counting transform'"], [null]),
        new(86, "Modify Count Table Parameters", ["'Counting transform'"], [Normalization]),

        new(1, "Apply Transformation", [$"'{Size}'"], [Transform("Normalize Data", People, ("Columns to transform", SizeSelector)), Of([Number("a")], [1.0])]),
        new(3, "Apply Transformation", ["'Transformation'"], [null, People]),
        new(17, "Apply Transformation", ["'age'", "String"], [Normalization, Of([Text("age"), Number(Size), Number("kids")], ["x", 1.0, 1.0])]),

        new(2, "Apply Math Operation", ["'Constant second argument'", "'x'"], [People], "Category=Operations", "Column set=age", "Constant second argument=x"),
        new(3, "Apply Math Operation", ["'Second argument column set'"], [People], "Category=Operations", "Column set=age", "Second argument type=ColumnSet"),
        new(17, "Apply Math Operation", ["'name'"], [People], "Column set=name"),
        new(27, "Apply Math Operation", ["'Second argument column set'", "'Column set'"], [People], "Category=Operations", "Column set=age", "Second argument type=ColumnSet", "Second argument column set=age,kids"),
        new(17, "Compute Elementary Statistics", ["'name'"], [People], "Column set=name"),
        new(3, "Compute Linear Correlation", ["'Dataset'"], [null]),
        new(20, "Compute Linear Correlation", ["no columns"], [NoColumns]),
        new(21, "Compute Linear Correlation", ["1 rows"], [OneRow]),
        new(129, "Compute Linear Correlation", ["10001"], [new TableValue(Wide(10_001))]),
        new(4, "Evaluate Probability Function", ["'Number of degrees of freedom'"], [People], "Column set=age", "Distribution=TStudent", "Number of degrees of freedom=0"),
        new(6, "Evaluate Probability Function", ["'Lower bound'", "'Upper bound'"], [People], "Column set=age", "Distribution=Uniform", "Lower bound=2"),
        new(17, "Evaluate Probability Function", ["'name'"], [People], "Column set=name"),
        new(1, "Replace Discrete Values", ["'gone'"], [People], "Discrete columns=gone", "Replacement columns=age"),
        new(3, "Replace Discrete Values", ["'Discrete columns'"], [People], "Replacement columns=age"),
        new(17, "Replace Discrete Values", ["'age'", "discrete"], [People], "Discrete columns=age", "Replacement columns=kids"),
        new(20, "Replace Discrete Values", ["'Discrete columns'"], [People], "Discrete columns=AllTimeSpans", "Replacement columns=age"),
        new(21, "Replace Discrete Values", ["no rows"], [NoRows], "Discrete columns=name", "Replacement columns=age"),
        new(26, "Replace Discrete Values", ["'name'"], [People], "Discrete columns=name", "Replacement columns=name"),
        new(128, "Replace Discrete Values", [$"'{Size}'", "1000"], [Distinct(1_001)], "Discrete columns=y", $"Replacement columns={SizeSelector}"),
        new(3, "Summarize Data", ["'Dataset'"], [null]),
        new(20, "Summarize Data", ["no columns"], [NoColumns]),
        new(21, "Summarize Data", ["no rows"], [NoRows]),
        new(3, "Test Hypothesis Using t-Test", ["'Target column(s)'"], [People]),
        new(8, "Test Hypothesis Using t-Test", ["'Target column(s)'", "2"], [People], "Target column(s)=age,kids"),
        new(17, "Test Hypothesis Using t-Test", ["'name'"], [People], "Target column(s)=name"),
        new(21, "Test Hypothesis Using t-Test", ["'age'", "1 values"], [OneRow], "Target column(s)=age"),
        new(31, "Test Hypothesis Using t-Test", ["'Target column(s)'"], [People], "Target column(s)=age", "Type of t-test=PairedSamples"),
        new(32, "Test Hypothesis Using t-Test", ["'nan'"], [Wild], "Target column(s)=nan"),
        new(33, "Test Hypothesis Using t-Test", [$"'{Size}'"], [Wild], $"Target column(s)={SizeSelector}"),
        new(3, "Time Series Anomaly Detection", ["'Data Column'"], [People], "Time Column=when"),
        new(17, "Time Series Anomaly Detection", ["'name'", "DateTime"], [People], "Data Column=age", "Time Column=name"),
        new(19, "Time Series Anomaly Detection", ["'when'", "row 2"], [Of([Number("v"), new TableField { Name = "when", Type = ColumnType.DateTime }], [1.0, new DateTime(2024, 1, 2)], [2.0, new DateTime(2024, 1, 1)])], "Data Column=v", "Time Column=when"),
    ];
}
