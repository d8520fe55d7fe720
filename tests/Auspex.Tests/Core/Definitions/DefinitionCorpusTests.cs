using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Definitions.Validation;
using Auspex.Errors;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Core.Definitions;

/// <summary>
/// The corpus is the loader's and the validator's specification: each case is loaded and validated, and what comes out is
/// compared with the file beside it. A differing result is written there as <c>.received</c>; taking it over is a decision.
/// </summary>
public sealed class DefinitionCorpusTests
{
    private static readonly string Corpus = Path.Combine(RepositoryRoot.Path, "tests", "corpus", "definitions");

    private const int Rounds = 30;

    public static TheoryData<string> ValidCases =>
        [.. Directory.GetDirectories(Path.Combine(Corpus, "valid")).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    public static TheoryData<string> InvalidCases =>
        [.. Directory.GetFiles(Path.Combine(Corpus, "invalid"), "*.json").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(ValidCases))]
    public void ValidCase_LoadedAndValidated_GivesWhatIsExpectedAndNoError(string name)
    {
        var folder = Path.Combine(Corpus, "valid", name);

        var factory = FactoryDefinitionLoader.Load(DefinitionFolder.Read(folder), folder);
        var diagnostics = factory.Diagnostics.AddRange(DefinitionValidator.Validate(factory));

        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        AssertExpected(Path.Combine(folder, "expected.txt"), Describe(factory, diagnostics));
    }

    [Theory]
    [MemberData(nameof(InvalidCases))]
    public void InvalidCase_LoadedAndValidated_GivesTheExpectedDiagnosticsAndLosesNothing(string name)
    {
        var file = Path.Combine(Corpus, "invalid", name + ".json");

        var factory = FactoryDefinitionLoader.Load([new DefinitionFile(name + ".json", File.ReadAllBytes(file))]);
        var diagnostics = factory.Diagnostics.AddRange(DefinitionValidator.Validate(factory));

        Assert.NotEmpty(diagnostics);
        AssertExpected(Path.ChangeExtension(file, ".expected"), Describe(factory, diagnostics));
    }

    [Fact]
    public void AnyCase_DamagedAnywhere_IsLoadedAndValidatedWithoutAnException()
    {
        const int Seed = 20240831;
        var random = new Random(Seed);
        foreach (var file in Directory.EnumerateFiles(Corpus, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            for (var round = 0; round < Rounds && bytes.Length > 0; round++)
            {
                var damaged = Damage(bytes, random);
                try
                {
                    DefinitionValidator.Validate(FactoryDefinitionLoader.Load([new DefinitionFile("pipeline/x.json", damaged), new DefinitionFile("auspex.json", damaged)]));
                    DefinitionValidator.Validate(FactoryDefinitionLoader.Load([new DefinitionFile("x.json", damaged)]));
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    Assert.Fail($"{file}, seed {Seed}, round {round}: {exception}\n{Encoding.UTF8.GetString(damaged)}");
                }
            }
        }
    }

    // Drops, doubles, swaps or overwrites a piece: what an editor, a merge or a broken disk leaves behind.
    private static byte[] Damage(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length);
        var length = Math.Min(random.Next(1, 30), bytes.Length - at);
        var (before, piece, after) = (bytes[..at], bytes[at..(at + length)], bytes[(at + length)..]);
        return random.Next(5) switch
        {
            0 => [.. before, .. after],
            1 => [.. before, .. piece, .. piece, .. after],
            2 => [.. before, (byte)"{}[]\",:@0\\'\n"[random.Next(12)], .. after],
            3 => [.. before],
            _ => [.. before, .. "null"u8, .. after],
        };
    }

    private static string Describe(FactoryDefinition factory, ImmutableArray<Diagnostic> diagnostics)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"factory {factory.Name}\n");
        foreach (var pipeline in factory.Pipelines.Values.OrderBy(pipeline => pipeline.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"pipeline {pipeline.Name}\n");
            Describe(pipeline.Activities, "  ", text);
        }

        foreach (var linkedService in factory.LinkedServices.Values.OrderBy(linkedService => linkedService.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"linkedService {linkedService.Name}: {linkedService.Type}\n");
        }

        foreach (var dataset in factory.Datasets.Values.OrderBy(dataset => dataset.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"dataset {dataset.Name}: {dataset.Type} on {dataset.LinkedServiceName.ReferenceName}\n");
        }

        foreach (var trigger in factory.Triggers.Values.OrderBy(trigger => trigger.Name, StringComparer.Ordinal))
        {
            var pipelines = string.Join(", ", trigger.Pipelines.Select(pipeline => pipeline.Pipeline.ReferenceName));
            text.Append(CultureInfo.InvariantCulture, $"trigger {trigger.Name}: {trigger.Type} starts {pipelines}\n");
        }

        foreach (var other in factory.Others)
        {
            text.Append(CultureInfo.InvariantCulture, $"{other.Kind} {other.Name}\n");
        }

        foreach (var (name, value) in factory.GlobalParameters)
        {
            text.Append(CultureInfo.InvariantCulture, $"globalParameter {name} = {value?.ToJsonString()}\n");
        }

        foreach (var diagnostic in diagnostics)
        {
            text.Append(DiagnosticText.Format(diagnostic)).Append('\n');
        }

        return text.ToString();
    }

    private static void Describe(ImmutableArray<ActivityDefinition> activities, string indent, StringBuilder text)
    {
        foreach (var activity in activities)
        {
            var dependencies = activity.DependsOn.Select(dependency => $"{dependency.Activity} {string.Join('|', dependency.Conditions)}");
            var after = activity.DependsOn.IsEmpty ? string.Empty : $" after {string.Join(", ", dependencies)}";
            var state = activity.IsActive ? string.Empty : $" inactive as {activity.OnInactiveMarkAs}";
            text.Append(CultureInfo.InvariantCulture, $"{indent}{activity.Name}: {activity.Type}{after}{state}\n");
            foreach (var branch in activity.Branches)
            {
                text.Append(CultureInfo.InvariantCulture, $"{indent}  {branch.Name}\n");
                Describe(branch.Activities, indent + "    ", text);
            }
        }
    }

    private static void AssertExpected(string file, string received)
    {
        var expected = File.Exists(file) ? File.ReadAllText(file) : string.Empty;
        if (expected != received)
        {
            File.WriteAllText(file + ".received", received);
        }

        Assert.Equal(expected, received);
    }
}
