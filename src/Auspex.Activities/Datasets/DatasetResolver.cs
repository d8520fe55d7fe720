using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Activities.Datasets;

/// <summary>Makes a reference to a dataset usable: finds it, binds its arguments, evaluates it, resolves its linked service.</summary>
/// <param name="linkedServices">Resolves the store.</param>
/// <param name="clock">The clock of expressions.</param>
internal sealed class DatasetResolver(LinkedServiceResolver linkedServices, TimeProvider clock)
{
    /// <summary>Resolves a linked service that an activity itself names.</summary>
    public ResolvedLinkedService ResolveStore(ActivityAttempt attempt, ResourceReference reference) =>
        linkedServices.Resolve(attempt.Factory, reference);

    /// <summary>Resolves a reference; expressions see <c>dataset()</c>, and the pipeline's own parameters where they name those.</summary>
    /// <exception cref="ActivityException">Unknown name, missing argument, an expression that fails, or an unsupported type.</exception>
    public ResolvedDataset Resolve(ActivityAttempt attempt, ResourceReference reference)
    {
        if (!attempt.Factory.Datasets.TryGetValue(reference.ReferenceName, out var definition))
        {
            throw new ActivityException(
                ErrorCode.DatasetUnusable,
                "BadRequest",
                $"Dataset '{reference.ReferenceName}' that activity '{attempt.Activity.Name}' names was not found; add "
                + $"dataset/{reference.ReferenceName}.json or correct the reference.",
                FailureType.UserError);
        }

        var scope = attempt.PipelineScope?.Invoke();
        var context = new ExpressionContext
        {
            Pipeline = scope?.Pipeline,
            Parameters = scope?.Parameters,
            GlobalParameters = scope?.GlobalParameters ?? attempt.Factory.GlobalParameters,
            Dataset = ParameterArguments.Bind(
                $"dataset '{definition.Name}'", ErrorCode.DatasetUnusable, definition.Parameters, reference.Parameters),
            Clock = clock,
        };
        JsonObject properties;
        JsonObject? storeArguments;
        try
        {
            properties = (JsonObject)ExpressionEvaluator.Evaluate(definition.TypeProperties, context)!;
            storeArguments = ExpressionEvaluator.Evaluate(definition.LinkedServiceName.Parameters, context) as JsonObject;
        }
        catch (ExpressionException exception)
        {
            throw new ActivityException(
                exception.Code,
                "InvalidTemplate",
                $"Dataset '{definition.Name}': {exception.Message}",
                FailureType.UserError,
                inner: exception);
        }

        var store = linkedServices.Resolve(attempt.Factory, definition.LinkedServiceName with { Parameters = storeArguments });
        var (type, modern) = LegacyDatasets.Modernize(definition.Name, definition.Type, properties);
        return new ResolvedDataset(definition.Name, type, modern, store);
    }

    /// <summary>The dataset that an activity names in a property such as <c>dataset</c>.</summary>
    /// <exception cref="ActivityException">It names none, or one that cannot be used.</exception>
    public ResolvedDataset ResolveMember(ActivityAttempt attempt, PropertyReader properties, string member)
    {
        var reference = Definitions.Loading.ReferenceLoader.Load(properties.Json.Member(member))
            ?? throw properties.Missing(member);
        return Resolve(attempt, reference);
    }
}
