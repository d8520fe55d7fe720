using System.Globalization;
using System.Text.Json;

namespace Auspex.Experiments.Models.Import.Xgboost;

/// <summary>Numbers of XGBoost's JSON, which writes many as text.</summary>
internal static class XgboostJson
{
    public static double Number(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.GetDouble(),

        // From version 3 on a number per target, in brackets.
        JsonValueKind.String => double.Parse(json.GetString()!.Trim('[', ']'), NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => throw new FormatException($"found {json.ValueKind} where a number should stand."),
    };

    public static int[] Integers(JsonElement json) =>
    [
        .. json.EnumerateArray().Select(element => element.ValueKind switch
        {
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            _ => element.GetInt32(),
        }),
    ];
}
