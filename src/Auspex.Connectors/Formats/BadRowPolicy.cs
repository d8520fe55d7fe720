using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Auspex.Connectors.Formats;

/// <summary>What becomes of rows that cannot be read.</summary>
public enum BadRowMode
{
    /// <summary>The first one stops the job, as in Studio.</summary>
    Fail,

    /// <summary>They are left out and counted.</summary>
    Skip,

    /// <summary>They are left out, counted, and kept in a file beside the output, for whoever mends them.</summary>
    Quarantine,
}

/// <summary>What becomes of bad rows, and how many may be left out.</summary>
/// <param name="Mode">What becomes of them.</param>
/// <param name="MaxRows">The most that may be left out; null for any number.</param>
/// <param name="MaxShare">The largest share of all rows that may be left out, 0 to 1; null for any share. Known at the end alone.</param>
public sealed record BadRowPolicy(BadRowMode Mode, long? MaxRows = null, double? MaxShare = null)
{
    /// <summary>The least that <see cref="MaxRecordBytes"/> may be, so that any table has rows that are short enough.</summary>
    public const int LeastRecordBytes = 1024;

    /// <summary>
    /// Bytes of the longest row of text that is read, <see cref="LeastRecordBytes"/> to <see cref="DelimitedTextOptions.MostRecordBytes"/>; a longer one is
    /// a bad row. Null where nobody has said: 16 MiB then.
    /// </summary>
    public int? MaxRecordBytes { get; init; }

    /// <summary>The longest row of text that is read, in bytes.</summary>
    [JsonIgnore]
    public int LongestRecord => MaxRecordBytes ?? DelimitedTextOptions.DefaultMaxRecordBytes;

    /// <summary>Fails at the first bad row.</summary>
    public static BadRowPolicy Fail { get; } = new(BadRowMode.Fail);

    /// <summary>Reads a mode and a limit as people write them.</summary>
    /// <param name="mode"><c>fail</c>, <c>skip</c> or <c>quarantine</c>, in any case; null for <c>fail</c>.</param>
    /// <param name="limit">A number of rows such as <c>1000</c>, or a share such as <c>0.5%</c>; null for no limit.</param>
    /// <param name="policy">What they mean.</param>
    /// <param name="problem">What was found and what is expected, when they mean nothing.</param>
    public static bool TryParse(
        string? mode,
        string? limit,
        [NotNullWhen(true)] out BadRowPolicy? policy,
        [NotNullWhen(false)] out string? problem)
    {
        policy = null;
        problem = null;
        var known = BadRowMode.Fail;
        if (mode is not null && (!Enum.TryParse(mode, ignoreCase: true, out known) || !char.IsAsciiLetter(mode[0])))
        {
            problem = $"found '{mode}' for bad rows; expected fail, skip or quarantine.";
        }
        else if (limit is null)
        {
            policy = new BadRowPolicy(known);
        }
        else if (limit.EndsWith('%')
            && double.TryParse(limit.AsSpan(0, limit.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent is >= 0 and <= 100)
        {
            policy = new BadRowPolicy(known, MaxShare: percent / 100);
        }
        else if (long.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var rows))
        {
            policy = new BadRowPolicy(known, MaxRows: rows);
        }
        else
        {
            problem = $"found '{limit}' as the limit of bad rows; expected a number of rows such as 1000, or a share such as 0.5%.";
        }

        return policy is not null;
    }

    /// <summary>Reads the length of the longest row as people write it: a number of bytes.</summary>
    /// <param name="text">The number; null where nobody says.</param>
    /// <param name="bytes">What it means.</param>
    /// <param name="problem">What was found and what is expected, when it means nothing.</param>
    public static bool TryParseRecordBytes(string? text, out int? bytes, [NotNullWhen(false)] out string? problem)
    {
        (bytes, problem) = (null, null);
        if (text is null)
        {
            return true;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is >= LeastRecordBytes and <= DelimitedTextOptions.MostRecordBytes)
        {
            bytes = number;
            return true;
        }

        problem = $"found '{text}' as the bytes of the longest row; expected {LeastRecordBytes} to {DelimitedTextOptions.MostRecordBytes}, such as 67108864 for 64 MiB.";
        return false;
    }
}
