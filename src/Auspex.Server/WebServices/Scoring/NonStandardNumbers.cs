using System.Buffers;

namespace Auspex.Server.WebServices.Scoring;

/// <summary>
/// Some clients write <c>NaN</c> and <c>Infinity</c> into JSON, which knows neither. Only looked at once a body was found
/// not to be JSON.
/// </summary>
internal static class NonStandardNumbers
{
    /// <summary>The body with NaN as null and infinities as text; null when there is none of them.</summary>
    public static byte[]? TryReplace(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 64);
        var found = false;
        var copied = 0;
        var position = 0;
        while (position < json.Length)
        {
            var next = json[position..].IndexOfAny("\"NI-"u8);
            if (next < 0)
            {
                break;
            }

            position += next;
            if (json[position] == '"')
            {
                position = SkipText(json, position);
                continue;
            }

            var (length, replacement) = Match(json[position..]);
            if (length == 0)
            {
                position++;
                continue;
            }

            output.Write(json[copied..position]);
            output.Write(replacement);
            position += length;
            copied = position;
            found = true;
        }

        if (!found)
        {
            return null;
        }

        output.Write(json[copied..]);
        return output.WrittenSpan.ToArray();
    }

    private static (int Length, byte[] Replacement) Match(ReadOnlySpan<byte> json) =>
        json.StartsWith("NaN"u8) ? (3, "null"u8.ToArray())
        : json.StartsWith("Infinity"u8) ? (8, "\"Infinity\""u8.ToArray())
        : json.StartsWith("-Infinity"u8) ? (9, "\"-Infinity\""u8.ToArray())
        : (0, []);

    private static int SkipText(ReadOnlySpan<byte> json, int position)
    {
        position++;
        while (position < json.Length && json[position] != '"')
        {
            position += json[position] == '\\' ? 2 : 1;
        }

        return position + 1;
    }
}
