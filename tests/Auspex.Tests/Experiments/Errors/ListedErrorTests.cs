using System.Text.Json;
using Auspex.Experiments.Catalog;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>The errors that Studio listed for each module, where the facts about them lie beside the checkout.</summary>
public sealed class ListedErrorTests
{
    [Fact]
    public void Errors_ListedForAModule_AreProvokedOrExcused()
    {
        var file = new[] { Path.Combine(RepositoryRoot.Path, "..", "shared"), Environment.GetEnvironmentVariable("AUSPEX_SHARED") ?? "" }
            .Select(folder => Path.Combine(folder, "reference", "modules.json"))
            .FirstOrDefault(File.Exists);
        Assert.SkipUnless(file is not null, "The reference catalogue is not beside the checkout, nor under AUSPEX_SHARED.");
        using var document = JsonDocument.Parse(File.ReadAllText(file!));
        var catalog = ModuleCatalog.CreateDefault();
        var provoked = ErrorCases.All.Select(provoked => (provoked.Module, provoked.Number)).ToHashSet();
        var excused = ExcusedErrors.OfModules.SelectMany(line => line.Numbers.Select(number => (line.Module, Number: number))).ToHashSet();
        var listed = document.RootElement.EnumerateArray()
            .Select(module => (Name: module.GetProperty("name").GetString()!, Numbers: module.GetProperty("errors")))
            .Where(module => catalog.TryFind(module.Name, out _) && !ExcusedErrors.OtherSuites.Contains(module.Name))
            .SelectMany(module => module.Numbers.EnumerateArray().Select(number => (Module: module.Name, Number: number.GetInt32())))
            .ToHashSet();

        Assert.Empty(listed.Except(provoked).Except(excused));
        Assert.Empty(excused.Except(listed));
        Assert.Empty(excused.Intersect(provoked));
        Assert.True(listed.Count > 200, $"Only {listed.Count} listed errors were found.");
    }
}
