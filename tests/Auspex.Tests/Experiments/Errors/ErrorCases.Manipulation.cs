using static Auspex.Tests.Experiments.Errors.ErrorTables;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>Data Transformation: manipulation.</summary>
internal static partial class ErrorCases
{
    private const string Left = "Join key columns for L";
    private const string Right = "Join key columns for R";
    private const string ToClean = "Columns to be cleaned";

    private static IEnumerable<ErrorCase> Manipulation() =>
    [
        new(3, "Add Columns", ["'Right dataset'"], [People, null]),

        new(3, "Add Rows", ["'Dataset2'"], [People, null]),
        new(8, "Add Rows", ["1 columns", "7"], [Of([Number("a")], [1.0]), People]),
        new(10, "Add Rows", ["'a'", $"'{Size}'"], [Of([Number("a")], [1.0]), Of([Number(Size)], [1.0])]),
        new(16, "Add Rows", [$"'{Size}'", "Double", "String"], [Of([Number(Size)], [1.0]), Of([Text(Size)], ["x"])]),

        new(1, "Apply SQL Transformation", ["gone"], [People, null, null], "SQL Query Script=select gone from t1"),
        new(3, "Apply SQL Transformation", ["'SQL Query Script'"], [People, null, null], "SQL Query Script="),
        new(69, "Apply SQL Transformation", ["selekt"], [People, null, null], "SQL Query Script=selekt 1"),

        new(1, "Clean Missing Data", ["'ages'", "'age'"], [People], $"{ToClean}=ages"),
        new(2, "Clean Missing Data", ["'Replacement value'", $"'{Size}'", "'abc'"], [People], $"{ToClean}={SizeSelector}", "Replacement value=abc"),
        new(3, "Clean Missing Data", ["'Dataset'"], [null]),
        new(8, "Clean Missing Data", ["'Minimum missing value ratio'", "1"], [People], "Minimum missing value ratio=2"),
        new(8, "Clean Missing Data", ["'Minimum missing value ratio'", "'Maximum missing value ratio'"], [People], "Minimum missing value ratio=0.5", "Maximum missing value ratio=0.1"),
        new(11, "Clean Missing Data", [$"'{ToClean}'"], [People], $"{ToClean}=AllTimeSpans"),
        new(18, "Clean Missing Data", [$"'{Size}'"], [Of([Text(Size), Number("a")], [null, 1.0], ["x", 2.0])], $"{ToClean}=All columns", "Cleaning mode=Replace with mean"),

        new(3, "Convert to Indicator Values", ["'Categorical columns to convert'"], [People]),
        new(11, "Convert to Indicator Values", ["'Categorical columns to convert'"], [People], "Categorical columns to convert=AllTimeSpans"),
        new(56, "Convert to Indicator Values", ["'name'", "Edit Metadata"], [People], "Categorical columns to convert=name"),

        new(2, "Edit Metadata", ["quote"], [People], "Column=\"name"),
        new(3, "Edit Metadata", ["'Column'"], [People]),
        new(20, "Edit Metadata", ["no columns"], [NoColumns], "Column=AllColumns"),
        new(26, "Edit Metadata", ["'age'", "'New column names'"], [People], "Column=kids", "New column names=age"),
        new(27, "Edit Metadata", ["'New column names'", "2"], [People], "Column=kids", "New column names=a,b"),
        new(28, "Edit Metadata", ["'New column names'", "'a'"], [People], "Column=kids,age", "New column names=a,a"),
        new(31, "Edit Metadata", ["'Column'"], [People], "Column=AllTimeSpans"),
        new(37, "Edit Metadata", ["'kids'", $"'{Size}'"], [People], $"Column=kids,{SizeSelector}", "Fields=Labels"),
        new(42, "Edit Metadata", ["'when'", "DateTime", "Boolean"], [People], "Column=when", "Data type=Boolean"),
        new(59, "Edit Metadata", ["'one'"], [People], """Column={"isFilter":true,"rules":[{"ruleType":"ColumnIndexes","columns":["one"],"exclude":false}]}"""),
        new(60, "Edit Metadata", ["'9'", "7"], [People], """Column={"isFilter":true,"rules":[{"ruleType":"ColumnIndexes","columns":["9"],"exclude":false}]}"""),
        new(73, "Edit Metadata", ["'name'", "row 1", "Int32"], [People], "Column=name", "Data type=Integer"),
        new(122, "Edit Metadata", ["'kids'", $"'{Size}'"], [People], $"Column=kids,{SizeSelector}", "Fields=Weights"),
        new(124, "Edit Metadata", ["'name'", "numeric"], [People], "Column=name", "Fields=Weights"),

        new(3, "Group Categorical Values", ["'Default level name'"], [People], "New number of levels=2", "Name of new level k=a", "Comma-separated list of old levels to map to new level k=x"),
        new(27, "Group Categorical Values", ["'New number of levels'"], [People], "New number of levels=3", "Default level name=d", "Name of new level k=a", "Comma-separated list of old levels to map to new level k=x"),
        new(28, "Group Categorical Values", ["'x'"], [People], "New number of levels=2", "Default level name=d", "Name of new level k=a", "Comma-separated list of old levels to map to new level k=x,x"),
        new(56, "Group Categorical Values", ["'name'"], [People], "Selected columns=name", "New number of levels=2", "Default level name=d", "Name of new level k=a", "Comma-separated list of old levels to map to new level k=x"),

        new(1, "Join Data", ["'gone'"], [People, People], $"{Left}=age", $"{Right}=gone"),
        new(3, "Join Data", [$"'{Left}'"], [People, People], $"{Right}=age"),
        new(11, "Join Data", [$"'{Left}'"], [People, People], $"{Left}=AllTimeSpans", $"{Right}=age"),
        new(16, "Join Data", ["'age'", "'name'"], [People, People], $"{Left}=age", $"{Right}=name"),
        new(20, "Join Data", ["'Dataset2'"], [People, NoColumns], $"{Left}=age", $"{Right}=age"),
        new(27, "Join Data", ["2 key columns", "1"], [People, People], $"{Left}=age,kids", $"{Right}=age"),

        new(3, "Remove Duplicate Rows", ["'Key column selection filter expression'"], [People]),
        new(20, "Remove Duplicate Rows", ["'Key column selection filter expression'"], [People], "Key column selection filter expression=AllTimeSpans"),

        new(1, "Select Columns in Dataset", [$"'{Size.ToUpperInvariant()}'", $"'{Size}'"], [People], $"Select columns={SizeSelector.ToUpperInvariant()}"),
        new(3, "Select Columns in Dataset", ["'Select columns'"], [People]),
        new(3, "Select Columns Transform", ["'Dataset with desired columns'"], [null]),

        new(3, "SMOTE", ["'Samples'"], [null]),
        new(8, "SMOTE", ["'SMOTE percentage'", "150"], [People], "Label column=y", "SMOTE percentage=150"),
        new(21, "SMOTE", ["'y'"], [Unlabelled], "Label column=y"),
        new(24, "SMOTE", ["'Label column'"], [Of([Number("a")], [1.0])], "Label column=AllLabels"),
        new(54, "SMOTE", ["'y'"], [OneClass], "Label column=y"),

        new(3, "Partition and Sample", ["'List of proportions separated by comma'"], [People], "Partition or sample mode=Assign to Folds", "Specify the partitioner method=Partition with customized proportions"),
        new(4, "Partition and Sample", ["'List of proportions separated by comma'", "-1"], [People], "Partition or sample mode=Assign to Folds", "Specify the partitioner method=Partition with customized proportions", "List of proportions separated by comma=-1"),
        new(5, "Partition and Sample", ["'Specify number of folds to split evenly into'", "0"], [People], "Partition or sample mode=Assign to Folds", "Specify number of folds to split evenly into=0"),
        new(8, "Partition and Sample", ["'Rate of sampling'", "2"], [People], "Rate of sampling=2"),
        new(21, "Partition and Sample", ["5 folds", "1 rows"], [OneRow], "Partition or sample mode=Assign to Folds"),
        new(22, "Partition and Sample", ["'Stratification key column for sampling'", "'age'"], [People], "Stratified split for sampling=True", "Stratification key column for sampling=age,kids"),

        new(1, "Split Data", ["'gone'"], [People], "Splitting mode=Relative Expression", "Relational expression=\\\"gone\" > 3"),
        new(2, "Split Data", ["'abc'", "'age'"], [People], "Splitting mode=Relative Expression", "Relational expression=\\\"age\" > abc"),
        new(2, "Split Data", ["regular expression"], [People], "Splitting mode=Regular Expression", "Regular expression=\\\"name\" ("),
        new(3, "Split Data", ["'Dataset'"], [null]),
        new(8, "Split Data", ["'Fraction of rows in the first output dataset'", "1.5"], [People], "Fraction of rows in the first output dataset=1.5"),
        new(8, "Split Data", ["'Fraction of training-only users'", "'Fraction of cold users'"], [People], "Splitting mode=Recommender Split", "Fraction of training-only users=0.9", "Fraction of cold users=0.9"),
        new(17, "Split Data", ["'name'", "'>'"], [People], "Splitting mode=Relative Expression", "Relational expression=\\\"name\" > a"),
        new(20, "Split Data", ["1 columns"], [Of([Number("a")], [1.0])], "Splitting mode=Recommender Split"),
        new(21, "Split Data", ["0 rows"], [NoRows]),
    ];
}
