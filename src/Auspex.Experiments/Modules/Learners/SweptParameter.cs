using System.Globalization;
using System.Text.Json;
using Auspex.Experiments.Execution;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>A learner's parameter and the numbers that a sweep tries.</summary>
/// <param name="Name">The parameter that takes one number.</param>
/// <param name="Values">In the order given; at least one.</param>
/// <param name="IsInteger">Whether it takes whole numbers only.</param>
/// <param name="IsLogarithmic">Whether a draw between the least and the greatest goes by their logarithms.</param>
internal sealed record SweptParameter(string Name, double[] Values, bool IsInteger, bool IsLogarithmic)
{
    // From here on a list such as 20; 100; 500 is taken to span magnitudes and not a distance.
    private const double LogarithmicRatio = 10;

    /// <summary>
    /// Reads a list <c>1; 4; 16</c>, or what the range builder makes, an object with <c>min</c>, <c>max</c>, <c>count</c> and <c>log</c>.
    /// </summary>
    /// <exception cref="ModuleException">Error 2: neither. Error 8: a number is out of the parameter's bounds.</exception>
    public static SweptParameter Read(string name, bool isInteger, ModuleParameter range, string text)
    {
        var (values, isLogarithmic) = text.TrimStart().StartsWith('{') ? Built(range.Name, text) : Listed(range.Name, text);
        if (isInteger)
        {
            // The range builder divides evenly; the learner counts.
            values = [.. values.Select(value => Math.Round(value)).Distinct()];
        }

        foreach (var value in values)
        {
            if (value < range.Minimum || (range.MinimumIsExclusive && value <= range.Minimum) || value > range.Maximum)
            {
                throw new ModuleException(8, FormattableString.Invariant($"Parameter '{range.Name}' has {value}, which is out of its bounds."));
            }
        }

        return new SweptParameter(
            name,
            values,
            isInteger,
            isLogarithmic ?? (values.Min() > 0 && values.Max() / values.Min() >= LogarithmicRatio));
    }

    /// <summary>The text of the first number of a range, for training without a sweep; null where there is none.</summary>
    public static string? FirstOf(string text)
    {
        if (!text.TrimStart().StartsWith('{'))
        {
            return text.Split([';', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        }

        try
        {
            return Built("", text).Values[0].ToString("R", CultureInfo.InvariantCulture);
        }
        catch (ModuleException)
        {
            return null;
        }
    }

    /// <summary>A number between the least and the greatest of the values.</summary>
    public double Draw(SeededRandom random)
    {
        var (least, greatest) = (Values.Min(), Values.Max());
        var part = random.NextDouble();
        var value = IsLogarithmic && least > 0
            ? Math.Exp(Math.Log(least) + (part * (Math.Log(greatest) - Math.Log(least))))
            : least + (part * (greatest - least));
        return Math.Clamp(IsInteger ? Math.Round(value) : value, least, greatest);
    }

    private static (double[] Values, bool? IsLogarithmic) Listed(string range, string text)
    {
        var values = new List<double>();
        foreach (var part in text.Split([';', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            {
                throw Unreadable(range, text);
            }

            if (!values.Contains(value))
            {
                values.Add(value);
            }
        }

        return values.Count > 0 ? ([.. values], null) : throw Unreadable(range, text);
    }

    private static (double[] Values, bool? IsLogarithmic) Built(string range, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var members = document.RootElement.EnumerateObject()
                .ToDictionary(member => member.Name, member => member.Value, StringComparer.OrdinalIgnoreCase);
            var (least, greatest) = (Number("min", "first"), Number("max", "last"));
            var count = (int)Number("count", "number");
            var isLogarithmic = Member("log", "isLogarithmic") is { } flag && bool.Parse(flag.ToString());
            if (count < 1 || least > greatest || (isLogarithmic && least <= 0))
            {
                throw new FormatException("The numbers do not make a range.");
            }

            var values = Enumerable.Range(0, count).Select(i => count == 1 ? least
                : isLogarithmic ? least * Math.Pow(greatest / least, (double)i / (count - 1))
                : least + ((greatest - least) * i / (count - 1)));
            return ([.. values.Distinct()], isLogarithmic);

            JsonElement? Member(string name, string other) =>
                members.TryGetValue(name, out var value) || members.TryGetValue(other, out value) ? value : null;

            double Number(string name, string other) => Member(name, other) is { } value
                ? double.Parse(value.ToString(), CultureInfo.InvariantCulture)
                : throw new FormatException($"'{name}' is not there.");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            throw Unreadable(range, text);
        }
    }

    private static ModuleException Unreadable(string range, string text) => new(
        2, $"Parameter '{range}' is '{text}'; expected numbers separated by semicolons, such as 1; 4; 16, or an object with min, max, count and log.");
}
