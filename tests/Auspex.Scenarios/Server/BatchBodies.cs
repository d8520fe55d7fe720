using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Auspex.Scenarios.Server;

/// <summary>What batch jobs of one input and one output are given.</summary>
internal static class BatchBodies
{
    /// <summary>The numbers from 0 in a column x.</summary>
    public static string Numbers(int rows)
    {
        var text = new StringBuilder("x\n");
        for (var row = 0; row < rows; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row}\n");
        }

        return text.ToString();
    }

    /// <summary>A submission; without an output the server chooses its place.</summary>
    public static JsonObject Body(ServerHarness server, string input, string? output)
    {
        var body = new JsonObject { ["Inputs"] = new JsonObject { ["input1"] = server.Blob(input) } };
        if (output is not null)
        {
            body["Outputs"] = new JsonObject { ["output1"] = server.Blob(output) };
        }

        return body;
    }
}
