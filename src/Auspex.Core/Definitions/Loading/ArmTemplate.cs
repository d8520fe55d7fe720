using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>A resource found in a template: its JSON as the deployment would make it, and as the template writes it.</summary>
internal sealed record ArmResource(ResourceKind Kind, JsonObject Source, DefinitionOrigin Origin, JsonObject Written, ArmScope Scope);

/// <summary>Takes an ARM template of a factory or workspace apart: an export, or hand-written with resources inside resources.</summary>
internal sealed class ArmTemplate(DefinitionOrigin origin, ImmutableArray<Diagnostic>.Builder diagnostics)
{
    private readonly ImmutableArray<ArmResource>.Builder _resources = ImmutableArray.CreateBuilder<ArmResource>();
    private readonly HashSet<string> _reported = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All resources of the template that belong to a factory.</summary>
    /// <param name="template">The template.</param>
    /// <param name="values">The <c>parameters</c> of the parameters file beside it; null when there is none.</param>
    public ImmutableArray<ArmResource> Expand(JsonObject template, JsonObject? values)
    {
        Expand(template, new ArmScope(template, values));
        return _resources.ToImmutable();
    }

    /// <summary>The factory's or workspace's name when the template's parameters say it; null otherwise.</summary>
    public static string? FactoryName(JsonObject template, JsonObject? values)
    {
        var scope = new ArmScope(template, values);
        return scope.TryParameter("factoryName", out var name) || scope.TryParameter("workspaceName", out name) ? name.AsText() : null;
    }

    private void Expand(JsonObject parent, ArmScope scope)
    {
        foreach (var resource in parent.ArrayMember("resources")?.OfType<JsonObject>() ?? [])
        {
            var type = resource.TextMember("type") ?? string.Empty;
            if (string.Equals(type, "Microsoft.Resources/deployments", StringComparison.OrdinalIgnoreCase))
            {
                ExpandDeployment(resource);
                continue;
            }

            if (ResourceKinds.OfArmType(type) is { } kind)
            {
                Add(resource, kind, scope);
            }
            else
            {
                Ignore(resource, type);
            }

            Expand(resource, scope);
        }
    }

    // A deployment inside a deployment has a template of its own; one that links to another file has none here.
    private void ExpandDeployment(JsonObject deployment)
    {
        if (deployment.ObjectMember("properties") is { } properties && properties.ObjectMember("template") is { } inner)
        {
            Expand(inner, new ArmScope(inner, properties.ObjectMember("parameters")));
        }
    }

    private void Add(JsonObject resource, ResourceKind kind, ArmScope scope)
    {
        var members = new JsonObject();
        foreach (var (name, value) in resource)
        {
            if (name != "resources")
            {
                var report = name is "properties";
                members[name] = ArmValues.Resolve(value, scope, report ? Unresolved : static (_, _) => { }, name);
            }
        }

        members["name"] = ShortName(resource, scope);
        _resources.Add(new ArmResource(kind, members, origin with { Path = JsonPath.Join(origin.Path, JsonPath.Of(resource)) }, resource, scope));
    }

    private static string ShortName(JsonObject resource, ArmScope scope)
    {
        var written = resource.TextMember("name") ?? string.Empty;
        var name = written;
        if (ArmText.IsExpression(written))
        {
            scope.NamesStandForThemselves = true;
            var evaluated = new ArmExpression(written, scope).TryEvaluate(out var value, out _);
            scope.NamesStandForThemselves = false;
            name = evaluated && value.AsText() is { } text ? text : written.TrimEnd(']', ')', '\'', ' ');
        }

        return name[(name.LastIndexOf('/') + 1)..];
    }

    private void Unresolved(JsonNode node, string problem)
    {
        if (_reported.Add(problem))
        {
            diagnostics.Add(origin.Diagnose(
                ErrorCode.ArmExpressionWithoutValue,
                DiagnosticSeverity.Warning,
                $"The template expression {node.AsText()} was kept as text since {problem}. Give the template's "
                + "parameters file "
                + "beside it, or write the value in.",
                node));
        }
    }

    private void Ignore(JsonObject resource, string type)
    {
        if (_reported.Add(type))
        {
            diagnostics.Add(origin.Diagnose(
                ErrorCode.ArmResourceIgnored,
                DiagnosticSeverity.Warning,
                $"Resources of type '{type}' are no part of a factory; they were left out.",
                resource));
        }
    }
}
