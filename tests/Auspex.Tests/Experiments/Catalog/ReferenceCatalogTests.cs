using System.Text.Json;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Modules;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Experiments.Catalog;

/// <summary>Compares the catalogue with the facts about Studio's modules, where those lie beside the checkout.</summary>
public sealed class ReferenceCatalogTests
{
    private static readonly Dictionary<string, string> OurNames = new(StringComparer.Ordinal)
    {
        ["Input"] = "Web Service Input",
        ["Output"] = "Web Service Output",
    };

    // Parameters that Studio's modules did not have; they stand last.
    private static readonly HashSet<string> Ours = ["Reasons per row"];

    // The reference misplaces this condition in the field for graph names.
    private static readonly HashSet<string> NoGraphName = ["Relational expression"];

    // The reference describes these choices instead of listing them.
    private static readonly HashSet<string> NoValues =
    [
        "Apply Math Operation, 'Trigonometric operation'", "Extract N-Gram Features from Text, 'Feature scoring method'",
    ];

    // A default that the reference describes.
    private static readonly HashSet<string> NoDefault = ["Python script", "R Script"];

    [Fact]
    public void Modules_OfTheCatalogue_AreDeclaredAsStudioDid()
    {
        var file = ReferenceFile();
        Assert.SkipUnless(File.Exists(file), "The reference catalogue does not lie beside the checkout (shared/reference/modules.json).");
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var catalog = ModuleCatalog.CreateDefault();
        var compared = 0;
        foreach (var reference in document.RootElement.EnumerateArray())
        {
            var name = reference.GetProperty("name").GetString()!;
            if (catalog.TryFind(OurNames.GetValueOrDefault(name, name), out var module))
            {
                compared++;
                Compare(reference, module.Descriptor);
            }
        }

        Assert.True(compared >= 18, $"Only {compared} modules were found in the reference.");
    }

    private static void Compare(JsonElement reference, ModuleDescriptor descriptor)
    {
        Assert.Equal(reference.GetProperty("category").GetString(), descriptor.Category);
        Assert.Equal(reference.GetProperty("moduleId").GetString(), descriptor.FamilyId);
        Assert.Equal(
            reference.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()),
            descriptor.Parameters.Select(parameter => parameter.Name).Where(parameter => !Ours.Contains(parameter)));
        if (!descriptor.Category.Equals("Web Service", StringComparison.Ordinal))
        {
            Assert.Equal(
                reference.GetProperty("inputs").EnumerateArray().Select(port => port.GetProperty("name").GetString()),
                descriptor.Inputs.Select(port => port.Name));
            var outputs = reference.GetProperty("outputs").EnumerateArray().Select(port => port.GetProperty("name").GetString()).ToArray();
            Assert.Equal(outputs, descriptor.Outputs.Select(port => port.Name).Take(outputs.Length));
        }

        foreach (var (expected, parameter) in reference.GetProperty("parameters").EnumerateArray().Zip(descriptor.Parameters))
        {
            var where = $"{descriptor.Name}, '{parameter.Name}'";
            var graphName = expected.TryGetProperty("graphName", out var given) ? given.GetString() : null;
            Assert.True(
                graphName == parameter.GraphName || graphName == parameter.Name || NoGraphName.Contains(parameter.Name),
                $"{where}: graph name '{parameter.GraphName}', expected '{graphName}'.");
            Assert.True(
                expected.GetProperty("default").GetString() == parameter.Default || NoDefault.Contains(parameter.Name),
                $"{where}: default '{parameter.Default}', expected '{expected.GetProperty("default").GetString()}'.");
            if (parameter.Kind == ParameterKind.Enum && !NoValues.Contains(where))
            {
                // "same" stands for the values of the choice before.
                var values = expected.GetProperty("range_or_values").GetString()!.Split(" (later")[0];
                if (values.StartsWith("same", StringComparison.Ordinal))
                {
                    continue;
                }

                Assert.Equal(values, string.Join(';', parameter.Values.Select(
                    value => parameter.Labels.TryGetValue(value, out var label) ? $"{value}={label}" : value)));
            }
        }
    }

    private static string ReferenceFile()
    {
        var beside = Path.Combine(RepositoryRoot.Path, "..", "shared", "reference", "modules.json");
        return File.Exists(beside)
            ? beside
            : Path.Combine(Environment.GetEnvironmentVariable("AUSPEX_SHARED") ?? "", "reference", "modules.json");
    }
}
