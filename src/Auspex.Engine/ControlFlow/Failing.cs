using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Engine.ControlFlow;

/// <summary>Fail: ends badly, with the message and code that its author wrote.</summary>
internal static class Failing
{
    public static async ValueTask BeginAsync(ActivityBeginning beginning)
    {
        var message = ExpressionEvaluator.ToText(beginning.Evaluate("message"));
        var errorCode = ExpressionEvaluator.ToText(beginning.Evaluate("errorCode"));
        await beginning.StartAsync(new JsonObject { ["message"] = message, ["errorCode"] = errorCode });
        throw new ActivityException(ErrorCode.ActivityFailedOnPurpose, errorCode, message, FailureType.UserError);
    }
}
