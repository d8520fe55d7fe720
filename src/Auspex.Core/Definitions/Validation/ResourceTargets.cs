using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Looks up what a reference names, and reports what is not there with the name that was most likely meant.</summary>
internal static class ResourceTargets
{
    public static LinkedServiceDefinition? CheckLinkedService(
        string name,
        JsonNode node,
        FactoryDefinition factory,
        DefinitionReport report)
    {
        if (factory.LinkedServices.TryGetValue(name, out var found))
        {
            CheckCase("linked service", found.Name, name, node, report);
            return found;
        }

        report.Error(
            ErrorCode.UnknownLinkedService,
            node,
            $"There is no linked service '{name}'.{Hint(name, factory.LinkedServices, entry => entry.Origin)} Add "
            + "it to linkedService/, or to "
            + "'linkedServices' of the overlay auspex.json.");
        return null;
    }

    public static DatasetDefinition? CheckDataset(
        string name,
        JsonNode node,
        FactoryDefinition factory,
        DefinitionReport report)
    {
        if (factory.Datasets.TryGetValue(name, out var found))
        {
            CheckCase("dataset", found.Name, name, node, report);
            return found;
        }

        report.Error(
            ErrorCode.UnknownDataset,
            node,
            $"There is no dataset '{name}'.{Hint(name, factory.Datasets, entry => entry.Origin)} Add it to dataset/.");
        return null;
    }

    public static void CheckPipeline(string name, JsonNode node, FactoryDefinition factory, DefinitionReport report)
    {
        if (factory.Pipelines.TryGetValue(name, out var found))
        {
            CheckCase("pipeline", found.Name, name, node, report);
        }
        else
        {
            report.Error(
                ErrorCode.UnknownPipeline,
                node,
                $"There is no pipeline '{name}'.{Hint(name, factory.Pipelines, entry => entry.Origin)} Add it to "
                + "pipeline/.");
        }
    }

    public static void CheckTrigger(string name, JsonNode node, FactoryDefinition factory, DefinitionReport report)
    {
        if (factory.Triggers.TryGetValue(name, out var found))
        {
            CheckCase("trigger", found.Name, name, node, report);
        }
        else
        {
            report.Error(
                ErrorCode.UnknownTrigger,
                node,
                $"There is no trigger '{name}'.{Hint(name, factory.Triggers, entry => entry.Origin)} Add it to "
                + "trigger/.");
        }
    }

    // Everything runs here whichever runtime is named, so that a missing one stops nothing.
    public static void CheckIntegrationRuntime(
        string name,
        JsonNode node,
        FactoryDefinition factory,
        DefinitionReport report)
    {
        var known = factory.Others
            .Where(other => other.Kind == ResourceKinds.FolderOf(ResourceKind.IntegrationRuntime))
            .Select(other => other.Name)
            .ToArray();
        if (!LinkedServiceLoader.IsAutomatic(name) && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            report.Warning(
                ErrorCode.UnknownIntegrationRuntime,
                node,
                $"There is no integration runtime '{name}'.{NearestName.Hint(name, known)} It runs on this "
                + "machine all the same.");
        }
    }

    /// <summary>Reports a name in another case than its declaration's, which finds it all the same.</summary>
    public static void CheckCase(string kind, string declared, string name, JsonNode node, DefinitionReport report)
    {
        if (declared != name && string.Equals(declared, name, StringComparison.OrdinalIgnoreCase))
        {
            report.AddAt(
                ErrorCode.CaseDiffers,
                DiagnosticSeverity.Warning,
                JsonPath.Of(node),
                $"The {kind} is called '{declared}'; here it is written '{name}', which only services and tools find that ignore case.",
                declared);
        }
    }

    // Identity is the inner name; a file that is called as the reference says deserves a word.
    private static string Hint<T>(string name, IReadOnlyDictionary<string, T> known, Func<T, DefinitionOrigin?> origin)
    {
        foreach (var (inner, resource) in known)
        {
            if (origin(resource)?.File is { } file && string.Equals(ResourceName.Stem(file), name, StringComparison.OrdinalIgnoreCase))
            {
                return $" The file {file} is called so, but what it defines is named '{inner}': refer to that name, or rename it.";
            }
        }

        return NearestName.Hint(name, known.Keys);
    }
}
