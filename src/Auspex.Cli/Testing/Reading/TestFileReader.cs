using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Cli.Testing.Mocks;
using Auspex.Cli.Testing.Recordings;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Cli.Testing.Reading;

/// <summary>What a test file holds; its tests are empty when there is an error.</summary>
internal sealed record TestFile(string Path, ImmutableArray<TestCase> Tests, ImmutableArray<Diagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.Any(found => found.Severity == DiagnosticSeverity.Error);
}

/// <summary>Reads test files: one test, or <c>{"mocks", "tests": [...]}</c>.</summary>
internal sealed class TestFileReader(FactoryDefinition factory)
{
    // Fixed, so that a test without a clock of its own gives the same today and next year.
    private static readonly DateTimeOffset DefaultStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<Diagnostic> _diagnostics = [];

    /// <param name="path">The file as it is named to people.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="folder">Where the recordings that it names are looked for.</param>
    public TestFile Read(string path, ReadOnlySpan<byte> content, string folder)
    {
        _diagnostics.Clear();
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        var text = LenientJson.Parse(content, path, found);
        _diagnostics.AddRange(found);
        var origin = new DefinitionOrigin(path, "$", text.Lines);
        var tests = ImmutableArray<TestCase>.Empty;
        if (text.Root is not JsonObject root)
        {
            _diagnostics.Add(new Diagnostic(
                ErrorCode.TestMemberInvalid, DiagnosticSeverity.Error, "Expected a JSON object with 'pipeline' or 'tests'.", path));
        }
        else
        {
            tests = [.. ReadTests(new TestMembers(root, "A test", origin, _diagnostics), path, folder)];
        }

        var file = new TestFile(path, tests, [.. _diagnostics]);
        return file.HasErrors ? file with { Tests = [] } : file;
    }

    private List<TestCase> ReadTests(TestMembers members, string path, string folder)
    {
        var fileName = System.IO.Path.GetFileNameWithoutExtension(path);
        if (!members.Has("tests"))
        {
            return ReadTest(members, path, fileName, MockSet.Empty, folder, factory.Pipelines.Values) is { } single ? [single] : [];
        }

        var file = members.Of(members.Json, "A file of tests");
        file.Text("$schema");
        file.Text("description");
        var shared = new MockReader(file).Read((own, node, key) => IsActivity(own, node, key, factory.Pipelines.Values));
        var tests = new List<TestCase>();
        foreach (var node in file.Array("tests") ?? [])
        {
            if (node is not JsonObject json)
            {
                file.Error(ErrorCode.TestMemberInvalid, node, $"Found {Checking.JsonDifference.Show(node)} in 'tests', expected an object.");
                continue;
            }

            var fallback = string.Create(CultureInfo.InvariantCulture, $"test {tests.Count + 1}");
            if (ReadTest(file.Of(json, "A test"), path, fallback, shared, folder, factory.Pipelines.Values) is { } test)
            {
                if (tests.Any(other => other.Name == test.Name))
                {
                    file.Error(ErrorCode.TestMemberInvalid, json["name"] ?? json, $"There are two tests of the name '{test.Name}' in this file; give each its own.");
                }

                tests.Add(test);
            }
        }

        file.Close();
        return tests;
    }

    private TestCase? ReadTest(
        TestMembers members, string path, string fallbackName, MockSet shared, string folder, IEnumerable<PipelineDefinition> all)
    {
        members.Text("$schema");
        members.Text("description");
        var name = members.Text("name") ?? fallbackName;
        var pipeline = members.Has("pipeline") ? FindPipeline(members) : null;
        var trigger = ReadTrigger(members);
        var period = members.Object("period") is { } json ? ReadPeriod(members.Of(json, "'period'")) : null;
        if (!members.Has("pipeline") && (!members.Has("trigger") || !members.Has("period")))
        {
            members.Error(ErrorCode.TestMemberInvalid, null, "A test needs 'pipeline', or 'trigger' and 'period'.");
        }
        else if (members.Has("pipeline") && members.Has("period"))
        {
            members.Error(ErrorCode.TestMemberInvalid, members.Json["period"], "A test of a pipeline has no 'period': leave out 'pipeline' to test what the trigger starts.");
        }

        var reach = pipeline is not null
            ? PipelineReach.Pipelines(factory, pipeline)
            : Reach(trigger) is { Count: > 0 } started ? started : all;
        bool Known(TestMembers own, JsonNode? node, ActivityKey key) => IsActivity(own, node, key, reach);
        var mocks = new MockReader(members).Read(Known).Before(shared);
        var recording = ReadRecording(members, folder);
        var expect = members.Object("expect") is { } expectation
            ? new ExpectationReader(members.Of(expectation, "'expect'"), Known)
            : null;
        var test = new TestCase
        {
            Name = name,
            File = path,
            Line = members.Line,
            Pipeline = pipeline,
            Parameters = ReadParameters(members, pipeline),
            GlobalParameters = members.Object("globalParameters") ?? [],
            Trigger = trigger,
            StartTime = members.Time("startTime") ?? trigger?.ScheduledTime ?? period?.Start ?? recording?.ClockStart ?? DefaultStart,
            Period = period,
            Events = EventReader.Read(members, trigger, period),
            Mocks = mocks,
            Recording = recording,
            Expect = period is null && expect is not null ? expect.ReadRun() : new RunExpectations(),
            ExpectTrigger = period is not null && expect is not null ? expect.ReadTrigger() : new TriggerExpectations(),
        };
        members.Close();
        return test;
    }

    private PipelineDefinition? FindPipeline(TestMembers members)
    {
        if (members.Text("pipeline") is not { } name)
        {
            return null;
        }

        if (factory.Pipelines.TryGetValue(name, out var pipeline))
        {
            return pipeline;
        }

        members.Error(ErrorCode.TestTargetUnknown, members.Json["pipeline"], Unknown("pipeline", name, factory.Pipelines.Keys));
        return null;
    }

    private static JsonObject ReadParameters(TestMembers members, PipelineDefinition? pipeline)
    {
        var given = members.Object("parameters") ?? [];
        foreach (var (name, value) in given)
        {
            if (pipeline is not null && !pipeline.Parameters.Any(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                members.Error(
                    ErrorCode.TestTargetUnknown,
                    value ?? given,
                    Unknown("parameter", name, pipeline.Parameters.Select(parameter => parameter.Name), $"pipeline '{pipeline.Name}'"));
            }
        }

        return given;
    }

    private TestTrigger? ReadTrigger(TestMembers members)
    {
        switch (members.Node("trigger"))
        {
            case null:
                return null;
            case JsonObject json:
                var own = members.Of(json, "'trigger'");
                var definition = FindTrigger(own, "name");
                var outputs = own.Object("outputs")?.DeepClone().AsObject() ?? [];
                if (own.Node("body") is { } body)
                {
                    outputs["body"] = body.DeepClone();
                }

                var scheduled = own.Time("scheduledTime");
                own.Close();
                return definition is null ? null : new TestTrigger(definition, scheduled, outputs);
            default:
                return FindTrigger(members, "trigger") is { } named ? new TestTrigger(named, null, []) : null;
        }
    }

    private TriggerDefinition? FindTrigger(TestMembers members, string member)
    {
        if (members.Text(member) is not { } name)
        {
            if (!members.Has(member))
            {
                members.Error(ErrorCode.TestMemberInvalid, null, "A 'trigger' needs a 'name'.");
            }

            return null;
        }

        if (factory.Triggers.TryGetValue(name, out var trigger))
        {
            return trigger;
        }

        members.Error(ErrorCode.TestTargetUnknown, members.Json[member], Unknown("trigger", name, factory.Triggers.Keys));
        return null;
    }

    private static TestPeriod? ReadPeriod(TestMembers members)
    {
        var (start, end) = (members.Time("startTime"), members.Time("endTime"));
        members.Close();
        if (start is { } from && end is { } to && from < to)
        {
            return new TestPeriod(from, to);
        }

        members.Error(ErrorCode.TestMemberInvalid, null, "A 'period' needs a 'startTime' and an 'endTime' after it.");
        return null;
    }

    private static Recording? ReadRecording(TestMembers members, string folder)
    {
        if (members.Text("recording") is not { } name)
        {
            return null;
        }

        try
        {
            return RecordingFile.Read(System.IO.Path.Combine(folder, name));
        }
        catch (RecordingException exception)
        {
            members.Error(exception.Code, members.Json["recording"], exception.Message);
            return null;
        }
    }

    private List<PipelineDefinition> Reach(TestTrigger? trigger) =>
    [
        .. (trigger?.Definition.Pipelines ?? [])
            .Where(started => factory.Pipelines.ContainsKey(started.Pipeline.ReferenceName))
            .SelectMany(started => PipelineReach.Pipelines(factory, factory.Pipelines[started.Pipeline.ReferenceName])),
    ];

    private static bool IsActivity(TestMembers members, JsonNode? node, ActivityKey key, IEnumerable<PipelineDefinition> pipelines)
    {
        var names = pipelines.SelectMany(PipelineReach.Activities).Select(activity => activity.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (names.Contains(key.Name))
        {
            return true;
        }

        members.Error(ErrorCode.TestTargetUnknown, node, Unknown("activity", key.Text, names, pipelines.Count() == 1 ? $"pipeline '{pipelines.First().Name}'" : "the pipelines of this test"));
        return false;
    }

    private static string Unknown(string kind, string name, IEnumerable<string> known, string where = "the factory")
    {
        var names = known.Order(StringComparer.Ordinal).ToArray();
        var hint = NearestName.Hint(name, names);
        return $"There is no {kind} '{name}' in {where}."
            + (hint.Length > 0 ? hint : names.Length == 0 ? " It has none." : $" It has {string.Join(", ", names.Take(20))}{(names.Length > 20 ? ", ..." : "")}.");
    }
}
