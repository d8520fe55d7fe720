using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>The members of one overlay file, each laid over what lies below.</summary>
internal sealed partial class OverlayValues(JsonObject json, string? folder, DefinitionReport report)
{
    // As many as the server takes.
    private const int MostChallengers = 8;

    private static readonly string[] BadRowPolicies = ["fail", "skip", "quarantine"];
    private static readonly string[] GateMembers = ["metric", "margin"];
    private static readonly string[] SecretMembers = ["env", "file", "value"];
    private static readonly string[] LinkedServiceMembers = ["type", "typeProperties", "connectVia", "description", "parameters", "annotations"];

    public ImmutableDictionary<string, JsonObject> LinkedServices(ImmutableDictionary<string, JsonObject> below)
    {
        foreach (var (name, value) in Entries("linkedServices"))
        {
            if (value is not JsonObject written)
            {
                Invalid("linkedServices", name, "an object such as {\"type\": \"FileServer\", \"typeProperties\": {\"host\": \"./data\"}}");
                continue;
            }

            var replaced = written.ObjectMember("properties") ?? written;
            foreach (var (member, _) in replaced)
            {
                if (!LinkedServiceMembers.Contains(member, StringComparer.OrdinalIgnoreCase))
                {
                    report.Add(
                        ErrorCode.UnknownOverlayMember,
                        DiagnosticSeverity.Warning,
                        replaced,
                        member,
                        $"A linked service of the overlay knows no '{member}'; connector properties belong into "
                        + "'typeProperties'."
                        + NearestName.Hint(member, LinkedServiceMembers));
                }
            }

            below = below.SetItem(name, below.TryGetValue(name, out var lower)
                ? LinkedServiceOverlay.Merge(lower, replaced)
                : replaced.DeepClone().AsObject());
        }

        return below;
    }

    public ImmutableArray<EndpointOverride> Endpoints(ImmutableArray<EndpointOverride> below)
    {
        foreach (var (from, value) in Entries("endpoints"))
        {
            if (value.AsText() is not { } to || (to != "self" && !IsAddress(to)))
            {
                Invalid("endpoints", from, "\"self\" or an address such as \"http://127.0.0.1:5240\"");
                continue;
            }

            if (!IsAddress(from))
            {
                report.Add(
                    ErrorCode.InvalidOverlay,
                    DiagnosticSeverity.Error,
                    json.ObjectMember("endpoints")!,
                    from,
                    $"Found '{from}' as an endpoint to replace, expected the beginning of an address such as "
                    + "\"https://host\".");
                continue;
            }

            below = [.. below.Where(entry => entry.From != from), new EndpointOverride(from, to)];
        }

        return below;
    }

    public ImmutableDictionary<string, SecretSource> Secrets(ImmutableDictionary<string, SecretSource> below)
    {
        foreach (var (name, value) in Entries("secrets"))
        {
            var source = value as JsonObject;
            var set = source?.Where(member => SecretMembers.Contains(member.Key, StringComparer.OrdinalIgnoreCase)).ToArray() ?? [];
            if (set.Length != 1 || source!.Count != 1 || set[0].Value?.GetValueKind() != JsonValueKind.String)
            {
                // A value written in the wrong place must not turn up in a message: only the name is told.
                Invalid("secrets", name, "exactly one of {\"env\": \"NAME\"}, {\"file\": \"path\"} or {\"value\": \"...\"}");
                continue;
            }

            if (name.IndexOf('.', StringComparison.Ordinal) is <= 0 || name.EndsWith('.'))
            {
                Invalid("secrets", name, "a name such as \"LinkedService.property\"");
                continue;
            }

            var file = source.TextMember("file");
            below = below.SetItem(name, new SecretSource(
                source.TextMember("env"), file is null ? null : Absolute(file), source.TextMember("value")));
        }

        return below;
    }

    public JsonObject GlobalParameters(JsonObject below)
    {
        var merged = below.DeepClone().AsObject();
        foreach (var (name, value) in Entries("globalParameters"))
        {
            merged[merged.MemberName(name) ?? name] = GlobalParameterValues.Value(value)?.DeepClone();
        }

        return merged;
    }

    public ImmutableDictionary<string, BadRowsOverlay> BadRows(ImmutableDictionary<string, BadRowsOverlay> below)
    {
        foreach (var (activity, value) in Entries("badRows"))
        {
            var entry = value as JsonObject;
            var policy = entry?.TextMember("policy");
            var limit = entry?.Member("limit").AsText();
            var longest = 0;
            if (entry is null
                || !BadRowPolicies.Contains(policy, StringComparer.OrdinalIgnoreCase)
                || (entry.Member("maxRecordBytes") is { } bytes && !(int.TryParse(bytes.AsText(), NumberStyles.None, CultureInfo.InvariantCulture, out longest) && longest > 0))
                || (entry.Member("limit") is not null && (limit is null || !LimitPattern().IsMatch(limit))))
            {
                Invalid(
                    "badRows",
                    activity,
                    "an object such as {\"policy\": \"quarantine\", \"limit\": \"0.5%\"}, with fail, skip or quarantine, a number of rows or a share, and \"maxRecordBytes\", a whole number, where longer rows are right");
                continue;
            }

            below = below.SetItem(activity, new BadRowsOverlay(policy!.ToLowerInvariant(), limit, longest > 0 ? longest : null));
        }

        return below;
    }

    public ImmutableDictionary<string, ModelGateOverlay> ModelGates(ImmutableDictionary<string, ModelGateOverlay> below)
    {
        foreach (var (activity, value) in Entries("modelGates"))
        {
            var gate = value as JsonObject;
            var margin = 0.0;
            if (gate?.TextMember("metric") is not { Length: > 0 } metric
                || gate.Any(member => !GateMembers.Contains(member.Key, StringComparer.OrdinalIgnoreCase))
                || (gate.Member("margin") is { } given
                    && (given.GetValueKind() != JsonValueKind.Number || !double.IsFinite(margin = given.GetValue<double>()) || margin < 0)))
            {
                Invalid("modelGates", activity, "an object such as {\"metric\": \"AUC\", \"margin\": 0.01}, the margin a number of 0 or more");
                continue;
            }

            below = below.SetItem(activity, new ModelGateOverlay(metric, margin));
        }

        return below;
    }

    public ImmutableDictionary<string, bool> DriftReports(ImmutableDictionary<string, bool> below)
    {
        foreach (var (activity, value) in Entries("driftReports"))
        {
            if (value?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
            {
                Invalid("driftReports", activity, "true or false");
                continue;
            }

            below = below.SetItem(activity, value.GetValue<bool>());
        }

        return below;
    }

    public ImmutableDictionary<string, ImmutableArray<int>> Challengers(ImmutableDictionary<string, ImmutableArray<int>> below)
    {
        foreach (var (activity, value) in Entries("challengers"))
        {
            var versions = ImmutableArray.CreateBuilder<int>();
            var isSound = value is JsonArray { Count: <= MostChallengers } given && given.All(entry =>
            {
                if (entry?.GetValueKind() != JsonValueKind.Number || !entry.AsValue().TryGetValue<int>(out var version) || version < 1)
                {
                    return false;
                }

                versions.Add(version);
                return true;
            });
            if (!isSound)
            {
                Invalid("challengers", activity, $"at most {MostChallengers} numbers of versions such as [3], or [] for none");
                continue;
            }

            below = below.SetItem(activity, [.. versions.Distinct()]);
        }

        return below;
    }

    public ImmutableDictionary<string, string> TriggerLinkedServices(ImmutableDictionary<string, string> below)
    {
        foreach (var (name, value) in Entries("triggers"))
        {
            if (value is JsonObject { Count: 1 } trigger && trigger.TextMember("linkedService") is { Length: > 0 } linkedService)
            {
                below = below.SetItem(name, linkedService);
            }
            else
            {
                Invalid("triggers", name, "{\"linkedService\": \"the name of the storage that the trigger watches\"}");
            }
        }

        return below;
    }

    public ImmutableArray<string> FileRoots(ImmutableArray<string> below)
    {
        if (json.Member("fileRoots") is not { } node)
        {
            return below;
        }

        var roots = ImmutableArray.CreateBuilder<string>();
        foreach (var root in node is JsonArray array ? array.ToArray() : [node])
        {
            if (root.AsText() is { Length: > 0 } path && root!.GetValueKind() == JsonValueKind.String)
            {
                roots.Add(Absolute(path));
            }
            else
            {
                report.Error(
                    ErrorCode.InvalidOverlay,
                    root ?? node,
                    $"Found {root.Describe()} in 'fileRoots', expected folders such as [\"./data\"], relative to "
                    + "the overlay's folder.");
            }
        }

        return roots.ToImmutable();
    }

    private string Absolute(string path) => folder is null ? path : Path.GetFullPath(path, folder);

    private JsonObject Entries(string member)
    {
        if (json.ObjectMember(member) is { } entries)
        {
            return entries;
        }

        if (json.Member(member) is not null)
        {
            report.Add(
                ErrorCode.InvalidOverlay,
                DiagnosticSeverity.Error,
                json,
                member,
                $"Found {json.Member(member).Describe()} for '{member}', expected an object.");
        }

        return [];
    }

    private void Invalid(string member, string name, string expected) =>
        report.Add(
            ErrorCode.InvalidOverlay,
            DiagnosticSeverity.Error,
            json.ObjectMember(member)!,
            name,
            $"'{name}' in '{member}' is not as expected: it should be {expected}. It was ignored.");

    [GeneratedRegex("^([0-9]{1,18}|(100|[0-9]{1,2})(\\.[0-9]+)?%)$", RegexOptions.CultureInvariant)]
    private static partial Regex LimitPattern();

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}
