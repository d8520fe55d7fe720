using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Tests.Engine;

internal static class Errors
{
    /// <summary>What an executor throws when its attempt failed.</summary>
    public static ActivityException Boom(string message = "boom") =>
        new(new ErrorCode("AUX0000"), "2200", message, FailureType.UserError);
}
