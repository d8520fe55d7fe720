using Auspex.Activities.LinkedServices;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.MachineLearning;

/// <summary>The <c>AzureML</c> linked service of a Machine Learning activity.</summary>
internal static class MachineLearningService
{
    /// <summary>Resolves the activity's linked service and demands its type.</summary>
    /// <exception cref="ActivityException">There is none, or one of another type.</exception>
    public static async Task<ResolvedLinkedService> ResolveAsync(
        ActivityAttempt attempt, LinkedServiceResolver linkedServices, CancellationToken cancellationToken)
    {
        var reference = attempt.LinkedServiceName ?? throw WebServiceFile.Missing(attempt, "linkedServiceName");
        var service = await linkedServices.ResolveAsync(attempt.Factory, reference, cancellationToken);
        return service.Type.Equals("AzureML", StringComparison.OrdinalIgnoreCase)
            ? service
            : throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "2110",
                $"The linked service type '{service.Type}' is not supported for '{attempt.Activity.Type}' activities; expected AzureML.",
                FailureType.UserError);
    }
}
