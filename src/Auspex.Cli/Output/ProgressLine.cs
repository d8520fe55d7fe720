using System.Globalization;

namespace Auspex.Cli.Output;

/// <summary>
/// Shows how far long work is: rows, rows per second, time left. One line that is rewritten in a terminal; a plain line
/// every few seconds when the output is piped.
/// </summary>
/// <remarks>Thread-safe, and cheap to call for every batch.</remarks>
internal sealed class ProgressLine(TextWriter writer, bool isTerminal, TimeProvider clock)
{
    private static readonly TimeSpan TerminalPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PipedPause = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly long _started = clock.GetTimestamp();
    private long _shown;
    private int _width;

    /// <summary>Reports progress of one piece of work.</summary>
    /// <param name="what">What is being done, such as <c>scoring</c>.</param>
    /// <param name="done">Rows (or other units) done; null when nothing is counted.</param>
    /// <param name="total">In all; null when not known.</param>
    /// <param name="unit">What is counted.</param>
    public void Report(string what, long? done, long? total, string unit = "rows")
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            var pause = isTerminal ? TerminalPause : PipedPause;
            if (_shown == 0 && !isTerminal)
            {
                // Work shorter than the pause needs no progress in a log.
                _shown = now;
                return;
            }

            if (_shown != 0 && clock.GetElapsedTime(_shown, now) < pause)
            {
                return;
            }

            _shown = now;
            var text = Describe(what, done, total, unit, clock.GetElapsedTime(_started, now));
            if (isTerminal)
            {
                writer.Write('\r' + text.PadRight(_width));
                _width = text.Length;
            }
            else
            {
                writer.WriteLine(text);
            }
        }
    }

    /// <summary>Removes the line from a terminal, so that what follows starts clean.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            if (isTerminal && _width > 0)
            {
                writer.Write('\r' + new string(' ', _width) + '\r');
                _width = 0;
            }
        }
    }

    internal static string Describe(string what, long? counted, long? total, string unit, TimeSpan elapsed)
    {
        if (counted is not { } done)
        {
            return what;
        }

        var rate = elapsed.TotalSeconds > 0 ? done / elapsed.TotalSeconds : 0;
        var text = total is { } all && all > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{what}: {done:N0} of {all:N0} {unit} ({100.0 * done / all:0} %)")
            : string.Create(CultureInfo.InvariantCulture, $"{what}: {done:N0} {unit}");
        if (rate > 0)
        {
            text += string.Create(CultureInfo.InvariantCulture, $", {rate:N0} {unit}/s");
        }

        if (total is { } rows && rate > 0 && rows > done)
        {
            text += ", " + Remaining(TimeSpan.FromSeconds((rows - done) / rate)) + " left";
        }

        return text;
    }

    private static string Remaining(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min")
        : time.TotalMinutes >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, time.Seconds)} s");
}
