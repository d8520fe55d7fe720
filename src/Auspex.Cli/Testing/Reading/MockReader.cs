using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Cli.Testing.Mocks;
using Auspex.Errors;

namespace Auspex.Cli.Testing.Reading;

/// <summary>Reads <c>mocks</c>: <c>{"activities": {NAME: ANSWERS}, "types": {TYPE: ANSWERS}, "defaults": true}</c>, or <c>"defaults"</c>.</summary>
internal sealed class MockReader(TestMembers members)
{
    private const string DefaultsWord = "defaults";

    /// <param name="isActivity">Whether there is an activity of this name to answer for.</param>
    public MockSet Read(Func<TestMembers, JsonNode?, ActivityKey, bool> isActivity)
    {
        switch (members.Node("mocks"))
        {
            case null:
                return MockSet.Empty;
            case JsonValue word when word.GetValueKind() == JsonValueKind.String && word.GetValue<string>() == DefaultsWord:
                return MockSet.Empty with { UsesDefaults = true };
            case JsonObject json:
                var own = members.Of(json, "'mocks'");
                var mocks = ImmutableArray.CreateBuilder<Mock>();
                foreach (var (name, answers) in own.Object("activities") ?? [])
                {
                    var key = ActivityKey.Parse(name);
                    if (isActivity(own, answers, key))
                    {
                        mocks.Add(new Mock(key, null, Answers(own, answers, name)));
                    }
                }

                foreach (var (type, answers) in own.Object("types") ?? [])
                {
                    mocks.Add(new Mock(null, type, Answers(own, answers, type)));
                }

                var defaults = own.Boolean(DefaultsWord) ?? false;
                own.Close();
                return new MockSet(mocks.ToImmutable(), defaults);
            case var other:
                members.Error(
                    ErrorCode.TestMemberInvalid,
                    other,
                    $"Found {Checking.JsonDifference.Show(other)} for 'mocks', expected \"defaults\" or an object with 'activities', 'types' and 'defaults'.");
                return MockSet.Empty;
        }
    }

    private static ImmutableArray<MockAnswer> Answers(TestMembers members, JsonNode? node, string name)
    {
        var answers = ImmutableArray.CreateBuilder<MockAnswer>();
        foreach (var answer in TestMembers.OneOrMore(node))
        {
            if (answer is JsonObject json)
            {
                answers.Add(Answer(members.Of(json, $"An answer of '{name}'")));
            }
            else
            {
                members.Error(
                    ErrorCode.TestMemberInvalid,
                    answer,
                    $"Found {Checking.JsonDifference.Show(answer)} as an answer of '{name}', expected an object with 'output' or 'error'.");
            }
        }

        if (answers.Count == 0)
        {
            members.Error(ErrorCode.TestMemberInvalid, node, $"The mock of '{name}' has no answer; expected an object with 'output' or 'error', or a list of them.");
            answers.Add(new MockAnswer());
        }

        return answers.ToImmutable();
    }

    private static MockAnswer Answer(TestMembers members)
    {
        var answer = new MockAnswer
        {
            Output = members.Object("output") ?? [],
            Error = members.Object("error") is { } error ? Error(members.Of(error, "'error'")) : null,
            Delay = members.Span("delay") ?? TimeSpan.Zero,
            When = members.Object("when"),
            Times = Math.Max(1, members.Count("times") ?? 1),
        };
        members.Close();
        return answer;
    }

    private static MockError Error(TestMembers members)
    {
        var error = new MockError(
            members.Text("errorCode") ?? "2200",
            members.Text("message") ?? "The activity failed, as its mock says.",
            members.Word("failureType", "UserError", "SystemError") == "SystemError" ? FailureType.SystemError : FailureType.UserError);
        members.Close();
        return error;
    }
}
