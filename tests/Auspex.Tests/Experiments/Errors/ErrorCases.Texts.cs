using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using static Auspex.Tests.Experiments.Errors.ErrorTables;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>Text Analytics.</summary>
internal static partial class ErrorCases
{
    private static IEnumerable<ErrorCase> Texts() =>
    [
        new(3, "Detect Languages", ["'Text column'"], [People]),
        new(8, "Detect Languages", ["'Upper bound on number of languages to detect'", "0"], [People], "Text column=name", "Upper bound on number of languages to detect=0"),
        new(16, "Detect Languages", ["'age'", "Double"], [People], "Text column=age"),
        new(3, "Extract Key Phrases from Text", ["'Text column'"], [People], "Text column="),
        new(16, "Extract Key Phrases from Text", ["'age'", "Double"], [People], "Text column=age"),
        new(3, "Extract N-Gram Features from Text", ["'Vocabulary mode'", "'Input vocabulary'"], [People, null], "Text column=name", "Vocabulary mode=ReadOnly"),
        new(7, "Extract N-Gram Features from Text", ["'Minimum word length'", "'Maximum word length'"], [People, null], "Text column=name", "Minimum word length=30"),
        new(17, "Extract N-Gram Features from Text", ["'age'", "Double"], [People, null], "Text column=age"),
        new(18, "Extract N-Gram Features from Text", ["vocabulary", "'NGram'"], [People, People], "Text column=name", "Vocabulary mode=ReadOnly"),
        new(21, "Extract N-Gram Features from Text", ["no rows"], [NoRows, null], "Text column=name"),
        new(24, "Extract N-Gram Features from Text", ["'Target column'"], [People, null], "Text column=name", "Minimum n-gram document absolute frequency=1"),
        new(28, "Extract N-Gram Features from Text", ["vocabulary", "twice"], [People, Twice], "Text column=name", "Vocabulary mode=ReadOnly"),
        new(1, "Feature Hashing", ["'gone'"], [People], "Target columns=gone"),
        new(3, "Feature Hashing", ["'Dataset'"], [null]),
        new(8, "Feature Hashing", ["'Hashing bitsize'", "0"], [People], "Target columns=name", "Hashing bitsize=0"),
        new(17, "Feature Hashing", ["'age'", "Double"], [People], "Target columns=age"),
        new(129, "Feature Hashing", ["'Hashing bitsize'", "20"], [People], "Target columns=name", "Hashing bitsize=20"),
        new(2, "Latent Dirichlet Allocation", ["'Rho parameter'", "'x'"], [People], "Target column(s)=name", "Show all options=True", "Rho parameter=x"),
        new(3, "Latent Dirichlet Allocation", ["'Dataset'"], [null]),
        new(8, "Latent Dirichlet Allocation", ["'Number of topics to model'", "0"], [People], "Target column(s)=name", "Number of topics to model=0"),
        new(17, "Latent Dirichlet Allocation", ["'age'", "Double"], [People], "Target column(s)=age"),
        new(80, "Latent Dirichlet Allocation", [$"'{Size}'", "words"], [Of([Text(Size)], [null], [null])], $"Target column(s)={SizeSelector}"),
        new(2, "Preprocess Text", ["'Custom regular expression'"], [People, null], "Text column to clean=name", "Custom regular expression=("),
        new(3, "Preprocess Text", ["'Dataset'"], [null, null]),
        new(17, "Preprocess Text", ["'age'", "Double"], [People, null], "Text column to clean=age"),
        new(20, "Preprocess Text", ["'Stop words'"], [People, NoColumns], "Text column to clean=name"),
        new(39, "Preprocess Text", ["'Remove by part of speech'"], [People, null], "Text column to clean=name", "Remove by part of speech=True"),
    ];

    private static TableValue Twice => Of(
        [new() { Name = "Id", Type = ColumnType.Int32 }, Text("NGram"), Number("DF"), Number("IDF")], [0, "name", 1.0, 1.0], [1, "name", 1.0, 1.0]);
}
