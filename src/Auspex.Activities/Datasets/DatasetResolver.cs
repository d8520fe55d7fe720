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
    public Task<ResolvedLinkedService> ResolveStoreAsync(
        ActivityAttempt attempt, ResourceReference reference, CancellationToken cancellationToken) =>
        linkedServices.ResolveAsync(attempt.Factory, reference, cancellationToken);

    /// <summary>Resolves a reference; expressions see <c>dataset()</c>, and the pipeline's own parameters where they name those.</summary>
    /// <exception cref="ActivityException">Unknown name, missing argument, an expression that fails, or an unsupported type.</exception>
    public async Task<ResolvedDataset> ResolveAsync(
        ActivityAttempt attempt, ResourceReference reference, CancellationToken cancellationToken)
    {
        var (definition, properties, storeArguments) = Evaluate(attempt, reference);
        var store = await linkedServices.ResolveAsync(
            attempt.Factory, definition.LinkedServiceName with { Parameters = storeArguments }, cancellationToken);
        var (type, modern) = LegacyDatasets.Modernize(definition.Name, definition.Type, properties);
        return new ResolvedDataset(definition.Name, type, modern, store);
    }

    /// <summary>The whole resource with its expressions evaluated, for programs that are handed it.</summary>
    /// <exception cref="ActivityException">Unknown name, missing argument, or an expression that fails.</exception>
    public JsonObject Describe(ActivityAttempt attempt, ResourceReference reference)
    {
        var (definition, properties, storeArguments) = Evaluate(attempt, reference);
        var resource = ResourceDocument.Of(definition.Name, definition.Type, definition.Source, properties);
        if (storeArguments is not null)
        {
            var store = definition.LinkedServiceName;
            resource["properties"]!["linkedServiceName"] = new JsonObject
            {
                ["referenceName"] = store.ReferenceName,
                ["type"] = "LinkedServiceReference",
                ["parameters"] = storeArguments,
            };
        }

        return resource;
    }

    private (DatasetDefinition Definition, JsonObject Properties, JsonObject? StoreArguments) Evaluate(
        ActivityAttempt attempt, ResourceReference reference)
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
        try
        {
            return (
                definition,
                (JsonObject)ExpressionEvaluator.Evaluate(definition.TypeProperties, context)!,
                ExpressionEvaluator.Evaluate(definition.LinkedServiceName.Parameters, context) as JsonObject);
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
    }

    /// <summary>The dataset that an activity names in a property such as <c>dataset</c>.</summary>
    /// <exception cref="ActivityException">It names none, or one that cannot be used.</exception>
    public async Task<ResolvedDataset> ResolveMemberAsync(
        ActivityAttempt attempt, PropertyReader properties, string member, CancellationToken cancellationToken)
    {
        var reference = Definitions.Loading.ReferenceLoader.Load(properties.Json.Member(member))
            ?? throw properties.Missing(member);
        return await ResolveAsync(attempt, reference, cancellationToken);
    }
}
