using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;

namespace Auspex.Definitions.Triggers;

/// <summary>Reads what the windows of a trigger wait for.</summary>
internal static class WindowDependencyReader
{
    private const string OnOther = "TumblingWindowTriggerDependencyReference";
    private const string OnSelf = "SelfDependencyTumblingWindowTriggerReference";

    public static ImmutableArray<WindowDependency> Read(TriggerDefinition trigger, TriggerMembers members)
    {
        var read = ImmutableArray.CreateBuilder<WindowDependency>();
        var entries = members.Array("dependsOn");
        if (entries.Count > 5)
        {
            members.OutsideRange("dependsOn", "The service allows at most 5 dependencies.");
        }

        foreach (var entry in entries)
        {
            if (entry is not JsonObject json)
            {
                members.WrongType("dependsOn", "an array of dependency references");
                continue;
            }

            var dependency = members.In(json);
            var isSelf = dependency.OneOf("type", [OnOther, OnSelf]) == OnSelf;
            var other = ReferenceLoader.Load(json.Member("referenceTrigger"))?.ReferenceName;
            isSelf |= string.Equals(other, trigger.Name, StringComparison.OrdinalIgnoreCase);
            if (!isSelf && other is null)
            {
                dependency.Missing("referenceTrigger", "the trigger whose windows are waited for");
                continue;
            }

            var offset = dependency.Span("offset");
            var size = dependency.Span("size");
            if (isSelf && !(offset < TimeSpan.Zero))
            {
                dependency.Wrong("offset", "A trigger that depends on itself needs a negative 'offset', such as \"-01:00:00\": a window cannot wait for itself or for later ones.");
            }
            else if (isSelf && size > -offset)
            {
                dependency.Wrong("size", "'size' reaches from 'offset' beyond the window's own start, so that the window would wait for itself.");
            }

            if (size <= TimeSpan.Zero)
            {
                dependency.Wrong("size", "'size' must be longer than nothing.");
            }

            read.Add(new WindowDependency(isSelf ? null : other, offset ?? TimeSpan.Zero, size));
        }

        return read.ToImmutable();
    }
}
