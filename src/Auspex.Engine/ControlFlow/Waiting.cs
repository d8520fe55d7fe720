using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Journal;

namespace Auspex.Engine.ControlFlow;

/// <summary>Wait: its end is fixed when it begins, so a restart in between does not lengthen it.</summary>
internal static class Waiting
{
    public static async ValueTask BeginAsync(ActivityBeginning beginning)
    {
        var seconds = ActivityPolicyReader.ReadInteger(
            beginning.Evaluate("waitTimeInSeconds"), "waitTimeInSeconds", beginning.Name, 0, int.MaxValue);
        await beginning.StartAsync(new JsonObject { ["waitTimeInSeconds"] = seconds });
        beginning.Emit(new WaitStarted(
            beginning.Now, beginning.Activity.Path, beginning.Now + TimeSpan.FromSeconds(seconds)));
    }
}
