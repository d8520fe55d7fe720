using System.Collections.Immutable;
using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Errors;
using Auspex.Experiments.Contracts;
using Auspex.Experiments.Models;
using Xunit;

namespace Auspex.Tests.Experiments.Contracts;

/// <summary>A small model of people, and files to hold against it.</summary>
internal static class Census
{
    public static DelimitedTextOptions Csv { get; } = DelimitedTextOptions.Csv with { Name = "people.csv", MissingMarkers = ["?"] };

    /// <summary>
    /// Asks for age (whole, 17 to 90, never missing), hours (number, 1 to 99, at times missing) and workclass (text, two
    /// levels, never missing); predicts income.
    /// </summary>
    public static LinearModel Model(bool allowsUnknownLevels = true, bool hasProfile = true) => new(
        new ModelDescription
        {
            Learner = "Two-Class Logistic Regression",
            Task = ModelTask.Binary,
            Label = Tables.Text("income"),
            Features = new TableSchema([Tables.Whole("age"), Tables.Number("hours"), Tables.Category("workclass", "Private", "State-gov")]),
            Classes = ["<=50K", ">50K"],
            AllowsUnknownLevels = allowsUnknownLevels,
            Profile = hasProfile
                ? new TrainingProfile(
                    [new ColumnProfile(1000, 0, 17, 90), new ColumnProfile(1000, 25, 1, 99), new ColumnProfile(1000, 0)],
                    new ColumnProfile(1000, 0))
                : null,
        },
        [.. new double[allowsUnknownLevels ? 5 : 4]],
        0);

    public static Task<ContractReport> CheckAsync(
        string csv, DelimitedTextOptions? options = null, InputContract? contract = null, SampleLimits? limits = null) =>
        CheckAsync(Encoding.UTF8.GetBytes(csv), options, contract, limits);

    public static Task<ContractReport> CheckAsync(
        byte[] bytes, DelimitedTextOptions? options = null, InputContract? contract = null, SampleLimits? limits = null) =>
        InputCheck.RunAsync(
            contract ?? InputContract.Of(Model()),
            new MemoryStream(bytes),
            options ?? Csv,
            limits,
            TestContext.Current.CancellationToken);

    /// <summary>The only difference that is not merely worth knowing.</summary>
    public static ContractDifference Single(ContractReport report, ErrorCode code, DiagnosticSeverity severity)
    {
        var difference = Assert.Single(report.Differences, difference => difference.Severity != DiagnosticSeverity.Information);
        Assert.Equal((code, severity), (difference.Code, difference.Severity));
        return difference;
    }

    /// <summary>Differences that are not merely worth knowing, by code and column.</summary>
    public static IEnumerable<(string Code, string? Column)> Codes(ContractReport report) => report.Differences
        .Where(difference => difference.Severity != DiagnosticSeverity.Information)
        .Select(difference => (difference.Code.Value, difference.Column));

    public static string Rows(params string[] rows) => "age,hours,workclass\n" + string.Concat(rows.Select(row => row + "\n"));

    public static ImmutableArray<string> GoodRows { get; } = ["39,40,State-gov", "50,13,Private", "38,,Private"];
}
