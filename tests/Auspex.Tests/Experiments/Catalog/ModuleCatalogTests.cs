using Auspex.Experiments.Catalog;
using Auspex.Experiments.Modules;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Experiments.Catalog;

public sealed class ModuleCatalogTests
{
    private const string Begin = "<!-- modules: begin -->\n";
    private const string End = "<!-- modules: end -->\n";

    private static readonly IReadOnlyList<IModule> Modules = ModuleCatalog.CreateDefault().Modules;

    /// <summary>Accepting a change is moving <c>modules.received.json</c> over <c>modules.json</c>, in review.</summary>
    [Fact]
    public void Manifest_OfTheCatalogue_IsTheReviewedOne()
    {
        var file = Path.Combine(RepositoryRoot.Path, "tests", "baselines", "modules.json");
        var actual = CatalogManifest.Json(Modules.OrderBy(module => module.Descriptor.Name, StringComparer.Ordinal));
        var reviewed = File.Exists(file) ? File.ReadAllText(file) : "";

        if (actual != reviewed)
        {
            File.WriteAllText(Path.ChangeExtension(file, ".received.json"), actual);
        }

        Assert.Equal(reviewed, actual);
    }

    [Fact]
    public void Document_OfCompatibility_HasTheCataloguesTable()
    {
        var file = Path.Combine(RepositoryRoot.Path, "docs", "compat", "modules.md");
        var text = File.ReadAllText(file);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var expected = CatalogManifest.Table(Modules);

        if (text[begin..end] != expected)
        {
            File.WriteAllText(Path.ChangeExtension(file, ".received.md"), text[..begin] + expected + text[end..]);
        }

        Assert.Equal(expected, text[begin..end]);
    }

    [Fact]
    public void VisibilityConditions_OfEveryParameter_NameAParameterAndItsValues()
    {
        foreach (var descriptor in Modules.Select(module => module.Descriptor))
        {
            foreach (var parameter in descriptor.Parameters.Where(parameter => parameter.VisibleWhen is not null))
            {
                var condition = parameter.VisibleWhen!;
                var master = Assert.Single(descriptor.Parameters, other => other.Name == condition.Parameter);
                Assert.All(condition.Values, value => Assert.True(
                    master.Values.IsEmpty || master.Values.Contains(value),
                    $"{descriptor.Name}, '{parameter.Name}': '{condition.Parameter}' has no value '{value}'."));
            }
        }
    }

    [Fact]
    public void Defaults_OfChoices_AreListedValues()
    {
        foreach (var descriptor in Modules.Select(module => module.Descriptor))
        {
            Assert.All(
                descriptor.Parameters.Where(parameter => parameter is { Kind: ParameterKind.Enum, Default: not null }),
                parameter => Assert.Contains(parameter.Default!, parameter.Values));
            Assert.Equal(descriptor.Parameters.Length, descriptor.Parameters.Select(parameter => parameter.Name).Distinct().Count());
        }
    }
}
