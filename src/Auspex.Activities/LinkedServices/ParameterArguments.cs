using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.LinkedServices;

/// <summary>Gives the declared parameters of a dataset or linked service their values: the reference's argument, else the default.</summary>
internal static class ParameterArguments
{
    /// <summary>Binds arguments; names are matched ignoring case.</summary>
    /// <param name="what">What is referred to, for messages: <c>dataset 'D'</c>.</param>
    /// <param name="code">The code of a missing argument.</param>
    /// <param name="parameters">The declarations.</param>
    /// <param name="given">The reference's arguments, evaluated.</param>
    /// <exception cref="ActivityException">A parameter has neither.</exception>
    public static JsonObject Bind(
        string what, ErrorCode code, ImmutableArray<ParameterDefinition> parameters, JsonObject? given)
    {
        var arguments = new JsonObject();
        foreach (var parameter in parameters)
        {
            if (given?.MemberName(parameter.Name) is { } name)
            {
                arguments[parameter.Name] = given[name]?.DeepClone();
            }
            else if (parameter.HasDefault)
            {
                arguments[parameter.Name] = parameter.DefaultValue?.DeepClone();
            }
            else
            {
                throw new ActivityException(
                    code,
                    "BadRequest",
                    $"The value of parameter '{parameter.Name}' of {what} is not provided; "
                    + "pass it in the reference's parameters or declare a defaultValue.",
                    FailureType.UserError);
            }
        }

        return arguments;
    }
}
