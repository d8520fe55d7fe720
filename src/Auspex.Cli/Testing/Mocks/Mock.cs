using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Cli.Testing.Mocks;

/// <summary>What an activity answers in a test instead of doing its work.</summary>
internal sealed record MockAnswer
{
    /// <summary>The output; empty for none.</summary>
    public JsonObject Output { get; init; } = [];

    /// <summary>Why it fails; null when it succeeds.</summary>
    public MockError? Error { get; init; }

    /// <summary>How long it takes by the test's clock.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>What the input must hold for this answer to be given; null for any input.</summary>
    public JsonNode? When { get; init; }

    /// <summary>How often it is given before the next one is.</summary>
    public int Times { get; init; } = 1;
}

/// <summary>A failure that a mock answers.</summary>
internal sealed record MockError(string ErrorCode, string Message, FailureType FailureType);

/// <summary>Answers for one activity or one type of them.</summary>
/// <param name="Key">The activity as named; null for a type.</param>
/// <param name="Type">The activity type; null for a name.</param>
/// <param name="Answers">In turn; the last one that fits the input goes on answering.</param>
internal sealed record Mock(ActivityKey? Key, string? Type, ImmutableArray<MockAnswer> Answers);

/// <summary>The mocks of a test.</summary>
/// <param name="Mocks">In the order of precedence among equals: the test's own before the file's.</param>
/// <param name="UsesDefaults">Whether a likely output stands in where no mock is.</param>
internal sealed record MockSet(ImmutableArray<Mock> Mocks, bool UsesDefaults)
{
    public static MockSet Empty { get; } = new([], UsesDefaults: false);

    /// <summary>The mock for an activity: by the most exact name, else by type; null when there is none.</summary>
    public Mock? Find(string path, string type) =>
        Mocks.Where(mock => mock.Key?.Fits(path) == true).MaxBy(mock => mock.Key!.Precision)
        ?? Mocks.FirstOrDefault(mock => string.Equals(mock.Type, type, StringComparison.OrdinalIgnoreCase));

    /// <summary>These before others.</summary>
    public MockSet Before(MockSet others) => new([.. Mocks, .. others.Mocks], UsesDefaults || others.UsesDefaults);
}
