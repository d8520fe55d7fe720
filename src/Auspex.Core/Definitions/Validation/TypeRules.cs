using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Expressions;
using Auspex.Expressions.Syntax;
using Auspex.Expressions.Typing;

namespace Auspex.Definitions.Validation;

/// <summary>Types of expressions, as far as they can be known: what a function or a member takes, and what it would get.</summary>
internal sealed class TypeRules(PipelineDefinition pipeline, ActivityScope scope, FactoryDefinition factory, DefinitionReport report)
{
    private readonly Dictionary<ActivityDefinition, OutputShape> _shapes = new(ReferenceEqualityComparer.Instance);

    /// <summary>What an activity of this pipeline gives.</summary>
    public OutputShape ShapeOf(ActivityDefinition activity)
    {
        if (!_shapes.TryGetValue(activity, out var shape))
        {
            shape = ActivityOutputs.Of(activity, factory);
            _shapes.Add(activity, shape);
        }

        return shape;
    }

    /// <summary>Checks the expressions of one member of an activity.</summary>
    public void Check(ActivityPlace place, JsonObject parent, string member)
    {
        var expected = parent == place.Activity.Source.ObjectMember("typeProperties") ? Expected(place, member) : null;
        var value = parent[member];
        foreach (var (template, path) in ExpressionParser.FindTemplates(value))
        {
            // The whole of the member is this one expression, and not a text somewhere inside it.
            var wanted = path == JsonPath.Root ? expected : null;
            if (!Check(template, path, wanted, trustsParameters: false, place, parent, member))
            {
                Check(template, path, wanted, trustsParameters: true, place, parent, member);
            }
        }
    }

    // Arguments may differ from what a parameter declares, so that what rests on a declaration alone is a warning.
    private bool Check(
        Template template,
        string path,
        (ValueTypes Types, ValueTypes Converted, string Needed)? wanted,
        bool trustsParameters,
        ActivityPlace place,
        JsonObject parent,
        string member)
    {
        var found = false;
        void Found(DiagnosticSeverity severity, string message)
        {
            found = true;
            ExpressionRules.Report(
                ErrorCode.ExpressionType,
                trustsParameters ? DiagnosticSeverity.Warning : severity,
                parent,
                member,
                path,
                $"{message} ({place.Activity.Type} '{place.Activity.Name}')",
                report);
        }

        var known = new PipelineTypes(pipeline, scope, this, trustsParameters);
        var types = new TypeInference(known, Found).Of(template);
        if (wanted is var (allowed, converted, needed) && types != ValueTypes.None && (types & allowed) == ValueTypes.None)
        {
            var isConverted = (types & converted) != ValueTypes.None;
            Found(
                isConverted ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error,
                $"'{member}' needs {needed}; the expression gives {types.Describe()}"
                + (isConverted ? ", which is converted where that can be done, and fails otherwise." : "."));
        }

        return found;
    }

    private (ValueTypes, ValueTypes, string)? Expected(ActivityPlace place, string member)
    {
        var name = member.ToUpperInvariant();
        return place.Activity.Type.ToUpperInvariant() switch
        {
            "IFCONDITION" or "UNTIL" when name == "EXPRESSION" => Boolean,
            "FILTER" when name == "CONDITION" => Boolean,
            "FILTER" or "FOREACH" when name == "ITEMS" => (ValueTypes.Array, ValueTypes.None, "an array"),
            "SWITCH" when name is "ON" or "EXPRESSION" => (ValueTypes.Scalar, ValueTypes.None, "text"),
            "SETVARIABLE" when name == "VALUE" => VariableType(place),
            _ => ActivityShapes.Find(place.Activity.Type)?.Members.FirstOrDefault(
                candidate => string.Equals(candidate.Name, member, StringComparison.OrdinalIgnoreCase))?.Shape switch
            {
                MemberShape.Integer => (ValueTypes.Number, ValueTypes.Text, "a whole number"),
                MemberShape.Boolean => Boolean,
                MemberShape.Array => (ValueTypes.Array, ValueTypes.Text, "an array"),
                MemberShape.Object => (ValueTypes.Object, ValueTypes.Text, "an object"),
                _ => null,
            },
        };
    }

    private static (ValueTypes, ValueTypes, string) Boolean => (ValueTypes.Boolean, ValueTypes.Text, "true or false");

    private (ValueTypes, ValueTypes, string)? VariableType(ActivityPlace place)
    {
        var name = place.Activity.TypeProperties.TextMember("variableName");
        var variable = pipeline.Variables.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase));
        return variable is null || place.Activity.TypeProperties.BooleanMember("setSystemVariable") == true
            ? null
            : ValueTypeNames.OfDeclaration(variable.Type) switch
            {
                ValueTypes.Text => (ValueTypes.Text | ValueTypes.Null, ValueTypes.None, $"text, since the variable '{variable.Name}' is a {variable.Type}"),
                ValueTypes.Boolean => (ValueTypes.Boolean | ValueTypes.Null, ValueTypes.Text, $"true or false, since the variable '{variable.Name}' is a {variable.Type}"),
                ValueTypes.Integer => (ValueTypes.Integer | ValueTypes.Null, ValueTypes.Text, $"a whole number, since the variable '{variable.Name}' is a {variable.Type}"),
                ValueTypes.Array => (ValueTypes.Array | ValueTypes.Null, ValueTypes.None, $"an array, since the variable '{variable.Name}' is a {variable.Type}"),
                _ => null,
            };
    }

    private sealed class PipelineTypes(PipelineDefinition pipeline, ActivityScope scope, TypeRules rules, bool trustsParameters) : ITypeScope
    {
        public ValueTypes Variable(string name) =>
            pipeline.Variables.FirstOrDefault(variable => string.Equals(variable.Name, name, StringComparison.OrdinalIgnoreCase)) is { } found
            && ValueTypeNames.OfDeclaration(found.Type) is var types && types is ValueTypes.Text or ValueTypes.Boolean or ValueTypes.Integer or ValueTypes.Array
                ? types
                : ValueTypes.Any;

        public ValueTypes Parameter(string name)
        {
            var found = trustsParameters
                ? pipeline.Parameters.FirstOrDefault(parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase))
                : null;
            return found is null || !Agrees(found) ? ValueTypes.Any : ValueTypeNames.OfDeclaration(found.Type);
        }

        public ValueTypes Activity(string name, IReadOnlyList<string> steps) =>
            scope.Find(name) is { } target ? OutputRules.Follow(rules.ShapeOf(target), steps).Types : ValueTypes.Any;

        // A String parameter whose default is an array: its author does not take the declaration at its word, nor do we.
        private static bool Agrees(ParameterDefinition parameter) => parameter.DefaultValue is not (JsonArray or JsonObject)
            || ValueTypeNames.OfDeclaration(parameter.Type) is ValueTypes.Array or ValueTypes.Object;
    }
}
