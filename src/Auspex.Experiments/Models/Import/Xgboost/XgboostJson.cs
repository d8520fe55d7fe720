using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Auspex.Experiments.Models.Import.Xgboost;

/// <summary>Numbers of XGBoost's JSON, which writes many as text.</summary>
internal static class XgboostJson
{
    /// <summary>
    /// Puts empty texts where bare NaN and Infinity stand, which are no JSON: XGBoost writes one per categorical node, where it
    /// says nothing. Where a number is wanted, an empty text is refused.
    /// </summary>
    public static void HideNonFinite(Span<byte> json)
    {
        var inText = false;
        for (var i = 0; i < json.Length; i++)
        {
            if (inText)
            {
                i += json[i] == (byte)'\\' ? 1 : 0;
                inText = i >= json.Length || json[i] != (byte)'"';
                continue;
            }

            inText = json[i] == (byte)'"';
            foreach (var word in (ReadOnlySpan<string>)["NaN", "-Infinity", "Infinity"])
            {
                if (json[i] == word[0] && json.Length - i >= word.Length && Ascii.Equals(json.Slice(i, word.Length), word))
                {
                    json.Slice(i, word.Length).Fill((byte)' ');
                    "\"\""u8.CopyTo(json[i..]);
                    i += word.Length - 1;
                    break;
                }
            }
        }
    }

    public static double Number(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.GetDouble(),

        // From version 3 on a number per target, in brackets.
        JsonValueKind.String when double.TryParse(
            json.GetString()!.Trim('[', ']'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        var kind => throw new FormatException($"Found {kind} where a number should stand; the file is damaged, or a number is not finite."),
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
