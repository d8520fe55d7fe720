using System.Collections.Immutable;
using Auspex.Expressions.Functions;
using Auspex.Expressions.Syntax;
using Auspex.Expressions.Values;

namespace Auspex.Expressions;

/// <summary>Collects the references of one expression.</summary>
internal sealed class ReferenceFinder(string jsonPath, ImmutableArray<ExpressionReference>.Builder references)
{
    public void Visit(SyntaxNode node)
    {
        JsonConversion.EnsureStack();
        switch (node)
        {
            case AccessNode { Target: CallNode call } access:
                Call(call, access.Steps);
                VisitKeys(access.Steps);
                break;
            case AccessNode access:
                VisitKeys(access.Steps);
                break;
            case CallNode call:
                Call(call, []);
                break;
        }
    }

    private void VisitKeys(ImmutableArray<AccessStep> steps)
    {
        foreach (var step in steps)
        {
            Visit(step.Key);
        }
    }

    private void Call(CallNode call, ImmutableArray<AccessStep> steps)
    {
        if (call.Function?.Family == ReferenceFunctions.FamilyName)
        {
            var known = steps.Select(Step).TakeWhile(step => step is not null).Select(step => step!.Value);
            Reference(call, [.. known], steps.Length);
        }

        foreach (var argument in call.Arguments)
        {
            Visit(argument);
        }
    }

    private void Reference(CallNode call, ImmutableArray<ReferenceStep> path, int stepCount)
    {
        switch (call.Function!.Name)
        {
            case "activity":
                Add(ExpressionReferenceKind.Activity, Argument(call), path);
                break;
            case "variables":
                Add(ExpressionReferenceKind.Variable, Argument(call), path);
                break;
            case "item":
                Add(ExpressionReferenceKind.Item, null, path);
                break;
            case "trigger":
                Add(ExpressionReferenceKind.Trigger, null, path);
                break;
            case "triggerBody":
                Add(ExpressionReferenceKind.TriggerBody, null, path);
                break;
            case "dataset":
                AddNamed(ExpressionReferenceKind.Dataset, path, 0);
                break;
            case "linkedService":
                AddNamed(ExpressionReferenceKind.LinkedService, path, 0);
                break;
            case "pipeline" when Is(path, "parameters"):
                AddNamed(ExpressionReferenceKind.Parameter, path, 1);
                break;
            case "pipeline" when Is(path, "globalParameters"):
                AddNamed(ExpressionReferenceKind.GlobalParameter, path, 1);
                break;
            case "pipeline" when path.Length > 0 || stepCount == 0:
                AddNamed(ExpressionReferenceKind.SystemVariable, path, 0);
                break;
        }
    }

    private static bool Is(ImmutableArray<ReferenceStep> path, string name) =>
        path.Length > 0 && path[0].Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private void AddNamed(ExpressionReferenceKind kind, ImmutableArray<ReferenceStep> path, int nameAt)
    {
        if (path.Length > nameAt)
        {
            Add(kind, path[nameAt].Name, path[(nameAt + 1)..], path[nameAt].IsGuarded);
        }
        else
        {
            Add(kind, null, []);
        }
    }

    private void Add(ExpressionReferenceKind kind, string? name, ImmutableArray<ReferenceStep> path, bool guarded = false) =>
        references.Add(new ExpressionReference(kind, name, path, guarded, jsonPath));

    private static string? Argument(CallNode call) =>
        call.Arguments is [LiteralNode { Value: { Type: ExpressionType.String } value }] ? value.AsText : null;

    private static ReferenceStep? Step(AccessStep step) => step.Key is LiteralNode { Value: var key }
        && key.Type is ExpressionType.String or ExpressionType.Integer
        ? new ReferenceStep(TextRendering.ToText(key), step.IsGuarded)
        : null;
}
