using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Definitions.Import;
using Auspex.Definitions.Loading;
using Auspex.Definitions.Planning;
using Auspex.Definitions.Validation;
using Auspex.Engine.Triggers;
using Auspex.Errors;
using Auspex.TestKit;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Core.Definitions;

/// <summary>
/// Definitions whose JSON is whole and whose contents are not what anybody would write: every value of the wrong type, members that
/// are missing or doubled, texts of a megabyte, trees deeper than a stack. All of it is reported, none of it throws.
/// </summary>
public sealed class DefinitionFuzzTests
{
    private const int Rounds = 1500;

    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(20);

    private static readonly string[] OddTexts =
    [
        "", " ", "@", "@@", "@{", "@{}", "@activity(", "@activity('x').output.y", "@variables('v')", "@pipeline().parameters.p", "@item()", "@concat(", "[", "[[", "[parameters('x')]",
        "[concat(parameters('x'), '/y')]", "[variables('x')]", "\0", "\ud800", "\udfff\ud800", "e\u0301", "\u202e", "\ufeff", "😀", "a/b\\c", "..", "CON", "9999-99-99T99:99:99Z",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "-1.00:00:00", "99999999.00:00:00", "NaN", "1e400", "W. Europe Standard Time", "SecureString", "Expression",
        "Succeeded", "**********", "AccountName=a;AccountKey=b",
    ];

    [Fact]
    public void AnyDefinition_Mutated_IsLoadedValidatedAndComparedWithoutAnException()
    {
        var seed = FuzzSeed.Choose();
        var random = new Random(seed);
        var samples = Samples();
        var clock = new Stopwatch();
        for (var round = 0; round < Rounds; round++)
        {
            var (path, text) = samples[random.Next(samples.Length)];
            var mutated = Mutate(random, JsonNode.Parse(text)!);
            try
            {
                clock.Restart();
                Use(path, Encoding.UTF8.GetBytes(mutated), random);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Assert.Fail($"{FuzzSeed.Variable}={seed}, round {round}, {path}: {exception}\n{(mutated.Length > 4000 ? mutated[..4000] : mutated)}");
            }

            Assert.True(clock.Elapsed < LongestRound, $"{FuzzSeed.Variable}={seed}, round {round}, {path} took {clock.Elapsed}");
        }
    }

    [Theory]
    [InlineData("""{"name": "P", "properties": {"activities": [{"name": "A", "type": "Wait", "typeProperties": {"x": """)]
    [InlineData("""{"name": "P", "properties": {"activities": [{"name": "A", "type": "ForEach", "typeProperties": {"activities": """)]
    [InlineData("""[""")]
    public void NestingOfAnyDepth_IsReported(string start)
    {
        foreach (var opening in (string[])["{\"a\":", "[", "[{\"activities\":", "{\"type\":\"Expression\",\"value\":"])
        {
            var text = start + string.Concat(Enumerable.Repeat(opening, 50_000));

            var factory = FactoryDefinitionLoader.Load([new DefinitionFile("pipeline/P.json", Encoding.UTF8.GetBytes(text))]);

            Assert.Contains(factory.Diagnostics.AddRange(DefinitionValidator.Validate(factory)), found => found.Code.Value is "AUX1008" or "AUX1004");
        }
    }

    [Fact]
    public void ContainersOfAnyDepth_AreValidated()
    {
        const int Depth = 45;
        var text = new StringBuilder("""{"name": "Leaf", "type": "Wait", "typeProperties": {"waitTimeInSeconds": "@activity('F0').output"}}""");
        for (var level = 0; level < Depth; level++)
        {
            text.Insert(0, $$$"""{"name": "F{{{level}}}", "type": "ForEach", "typeProperties": {"items": "@item()", "activities": [""").Append("]}}");
        }

        var factory = DefinitionFolder.Load(("pipeline/P.json", $$$"""{"name": "P", "properties": {"activities": [{{{text}}}]}}"""));

        Assert.Equal(Depth + 1, ActivityPlace.All(factory.Pipelines["P"]).Count());
        Assert.NotEmpty(DefinitionValidator.Validate(factory));
    }

    [Fact]
    public void AThousandPipelines_AreValidatedInSeconds()
    {
        static string Activity(int index)
        {
            var before = Math.Max(0, index - 1);
            var waits = index == 0 ? "" : $$$"""{"activity": "A{{{before}}}", "dependencyConditions": ["Succeeded"]}""";
            return $$$"""
                {"name": "A{{{index}}}", "type": "Lookup", "dependsOn": [{{{waits}}}], "policy": {"timeout": "0.12:00:00", "retry": 0},
                 "typeProperties": {"source": {"type": "DelimitedTextSource", "q": "@concat('a', activity('A{{{before}}}').output.firstRow.x)"},
                 "dataset": {"referenceName": "D{{{index}}}", "type": "DatasetReference"} } }
                """;
        }

        var activities = string.Join(',', Enumerable.Range(0, 20).Select(Activity));
        DefinitionFile[] files =
        [
            .. Enumerable.Range(0, 1000).Select(index => File($"pipeline/P{index}.json", $$$"""{"name": "P{{{index}}}", "properties": {"activities": [{{{activities}}}]}}""")),
            .. Enumerable.Range(0, 20).Select(index => File(
                $"dataset/D{index}.json",
                $$$"""{"name": "D{{{index}}}", "properties": {"type": "DelimitedText", "linkedServiceName": {"referenceName": "L", "type": "LinkedServiceReference"}, "typeProperties": {"location": {"type": "AzureBlobStorageLocation"} } } }""")),
            File("linkedService/L.json", """{"name": "L", "properties": {"type": "AzureBlobStorage", "typeProperties": {"serviceEndpoint": "https://x"}}}"""),
        ];
        var clock = Stopwatch.StartNew();

        var factory = FactoryDefinitionLoader.Load(files);
        var found = factory.Diagnostics.AddRange(DefinitionValidator.Validate(factory));

        TestContext.Current.TestOutputHelper!.WriteLine($"1,000 pipelines of 20 activities: {clock.Elapsed.TotalSeconds:0.00} s");
        Assert.Equal(["AUX1261"], found.Select(diagnostic => diagnostic.Code.Value).Distinct());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), clock.Elapsed.ToString());
    }

    private static void Use(string path, byte[] content, Random random)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var factory = FactoryDefinitionLoader.Load([new DefinitionFile(path, content), new DefinitionFile(random.Next(4) == 0 ? "auspex.json" : "other.json", content)]);
        var diagnostics = DefinitionValidator.Validate(factory);
        Assert.All(diagnostics, diagnostic => Assert.NotEmpty(diagnostic.Message));
        FactoryComparison.Compare(factory, FactoryDefinitionLoader.Load([]), new PlanTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), ScheduleTimes.NextStart));
        Assert.Empty(FactoryComparison.Compare(factory, factory, new PlanTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), ScheduleTimes.NextStart)).Changes);
        if (TemplateImport.IsTemplate(content))
        {
            TemplateImport.Read([new DefinitionFile(name, content)], name, null, out _);
        }
    }

    // The corpus, and other people's factories where they are at hand.
    private static (string Path, string Text)[] Samples()
    {
        var folders = new List<string> { Path.Combine(RepositoryRoot.Path, "tests", "corpus", "definitions"), Path.Combine(RepositoryRoot.Path, "samples") };
        if (SharedFolder.Find("factories") is { } shared)
        {
            folders.Add(shared);
        }

        return
        [
            .. folders.SelectMany(DefinitionFolder.Read)
                .Where(file => file.Content.Length < 200_000)
                .Select(file => (file.Path, Text: LenientJson.Parse(file.Content.Span, null, ImmutableArray.CreateBuilder<Diagnostic>()).Root?.ToJsonString()))
                .Where(sample => sample.Text is not null and not "null")
                .Select(sample => (sample.Path, sample.Text!)),
        ];
    }

    private static string Mutate(Random random, JsonNode root)
    {
        for (var change = random.Next(1, 6); change > 0; change--)
        {
            var parents = Flatten(root).Where(node => node is JsonObject { Count: > 0 } or JsonArray { Count: > 0 }).ToArray();
            if (parents.Length == 0)
            {
                break;
            }

            switch (parents[random.Next(parents.Length)])
            {
                case JsonObject json:
                    var key = json.ElementAt(random.Next(json.Count)).Key;
                    MutateMember(random, json, key, parents);
                    break;
                case JsonArray array:
                    var index = random.Next(array.Count);
                    if (random.Next(4) == 0)
                    {
                        array.Add(array[index]?.DeepClone());
                    }
                    else
                    {
                        array[index] = Odd(random, parents);
                    }

                    break;
            }
        }

        // A member that stands twice, and one in another case: no tree holds them, texts do.
        var text = root.ToJsonString();
        return random.Next(6) == 0
            ? text.Replace("\"name\":", random.Next(2) == 0 ? "\"name\":5,\"name\":" : "\"NAME\":\"other\",\"name\":", StringComparison.Ordinal)
            : text;
    }

    private static void MutateMember(Random random, JsonObject json, string key, JsonNode[] all)
    {
        switch (random.Next(5))
        {
            case 0:
                json.Remove(key);
                break;
            case 1:
                var value = json[key]?.DeepClone();
                json.Remove(key);
                json[OddTexts[random.Next(OddTexts.Length)]] = value;
                break;
            case 2:
                json[key + key.ToUpperInvariant()] = json[key]?.DeepClone();
                break;
            default:
                json[key] = Odd(random, all);
                break;
        }
    }

    private static JsonNode? Odd(Random random, JsonNode[] all) => random.Next(12) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => JsonNode.Parse(new[] { "0", "-1", "1e300", "12345678901234567890", "0.1", "2147483648" }[random.Next(6)]),
        3 => new JsonArray(),
        4 => new JsonObject(),
        5 => new JsonObject { ["type"] = "Expression", ["value"] = OddTexts[random.Next(OddTexts.Length)] },
        6 => new JsonObject { ["referenceName"] = OddTexts[random.Next(OddTexts.Length)], ["type"] = "DatasetReference" },
        7 => new string("@{a('"[random.Next(5)], random.Next(1, 100_000)),
        8 => all[random.Next(all.Length)].DeepClone(),
        _ => OddTexts[random.Next(OddTexts.Length)],
    };

    private static IEnumerable<JsonNode> Flatten(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(member => Flatten(member.Value)).Prepend(json),
        JsonArray array => array.SelectMany(Flatten).Prepend(array),
        _ => [],
    };

    private static DefinitionFile File(string path, string text) => new(path, Encoding.UTF8.GetBytes(text));
}
