using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Reads activities, those inside containers included.</summary>
internal static class ActivityLoader
{
    public static ImmutableArray<ActivityDefinition> LoadList(JsonObject parent, string member, DefinitionReport report)
    {
        switch (parent.Member(member))
        {
            case null:
                return [];
            case JsonArray list:
                var loaded = ImmutableArray.CreateBuilder<ActivityDefinition>(list.Count);
                for (var index = 0; index < list.Count; index++)
                {
                    if (list[index] is JsonObject json)
                    {
                        loaded.Add(Load(json, index, report));
                    }
                    else
                    {
                        report.Error(
                            ErrorCode.WrongType,
                            list[index] ?? list,
                            $"Found {list[index].Describe()} in '{member}', expected an activity: an object with "
                            + "'name' and 'type'.");
                    }
                }

                return loaded.ToImmutable();
            case JsonObject single:
                report.WrongType(parent, member, "an array of activities; it was read as an array of one");
                return [Load(single, 0, report)];
            default:
                report.WrongType(parent, member, "an array of activities");
                return [];
        }
    }

    public static ActivityDefinition Load(JsonObject source, int index, DefinitionReport report)
    {
        var type = source.TextMember("type");
        if (string.IsNullOrWhiteSpace(type))
        {
            report.Add(
                ErrorCode.MissingMember,
                DiagnosticSeverity.Error,
                source,
                "type",
                $"{Named(source)} has no 'type'; expected one such as \"AzureMLBatchExecution\" or \"Copy\".");
        }

        var typeProperties = TypeProperties(source, report);
        return new ActivityDefinition
        {
            Name = Name(source, type, index, report),
            Type = type ?? string.Empty,
            Description = source.TextMember("description"),
            IsActive = !string.Equals(source.TextMember("state"), "Inactive", StringComparison.OrdinalIgnoreCase),
            OnInactiveMarkAs = Mark(source, report),
            DependsOn = DependencyLoader.Load(source, report),
            Policy = PolicyLoader.Load(source, report),
            LinkedServiceName = ReferenceLoader.Load(source.Member("linkedServiceName")),
            TypeProperties = Normalized(type, typeProperties),
            Branches = BranchLoader.Load(type, typeProperties, report),
            Source = source,
        };
    }

    private static string Name(JsonObject source, string? type, int index, DefinitionReport report)
    {
        if (source.TextMember("name") is { } name && !string.IsNullOrWhiteSpace(name))
        {
            return name;
        }

        var standIn = string.Create(CultureInfo.InvariantCulture, $"{type ?? "Activity"}{index + 1}");
        report.Add(
            ErrorCode.MissingMember,
            DiagnosticSeverity.Error,
            source,
            "name",
            $"An activity has no 'name'; it was called '{standIn}'. Give it a name that is unique in the pipeline.");
        return standIn;
    }

    private static JsonObject TypeProperties(JsonObject source, DefinitionReport report)
    {
        switch (source.Member("typeProperties"))
        {
            case JsonObject json:
                return json;
            case null:
            case var open when ArmText.IsExpression(open):
                return [];
            default:
                report.WrongType(source, "typeProperties", "an object");
                return [];
        }
    }

    // An official article writes Switch with `expression` for `on`.
    private static JsonObject Normalized(string? type, JsonObject typeProperties)
    {
        if (!string.Equals(type, "Switch", StringComparison.OrdinalIgnoreCase)
            || typeProperties.Member("on") is not null
            || typeProperties.Member("expression") is not { } expression)
        {
            return typeProperties;
        }

        var copy = typeProperties.DeepClone().AsObject();
        copy["on"] = expression.DeepClone();
        return copy;
    }

    private static InactiveMark Mark(JsonObject source, DefinitionReport report)
    {
        if (source.TextMember("onInactiveMarkAs") is not { } text)
        {
            return InactiveMark.Succeeded;
        }

        if (Enum.TryParse<InactiveMark>(text, ignoreCase: true, out var mark) && Enum.IsDefined(mark))
        {
            return mark;
        }

        report.Add(
            ErrorCode.UnknownValue,
            DiagnosticSeverity.Error,
            source,
            "onInactiveMarkAs",
            $"Found '{text}' for 'onInactiveMarkAs', expected Succeeded, Failed or Skipped; Succeeded was taken.");
        return InactiveMark.Succeeded;
    }

    private static string Named(JsonObject source) =>
        source.TextMember("name") is { } name ? $"Activity '{name}'" : "An activity";
}
