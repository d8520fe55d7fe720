namespace Auspex.Activities.DataMovement.Copying.Mapping;

/// <summary><c>typeConversionSettings</c> of a translator.</summary>
internal sealed record ConversionSettings
{
    /// <summary>How dates are written and, where a format is given, read.</summary>
    public const string DefaultDateTimeFormat = "yyyy-MM-dd HH:mm:ss.fffffff";

    /// <summary>Whether numbers may lose their fraction.</summary>
    public bool AllowsTruncation { get; init; } = true;

    /// <summary>Whether true becomes 1 where a number is wanted; else it is no number.</summary>
    public bool TreatsBooleanAsNumber { get; init; }

    /// <summary>The format of dates; null for the default in writing, and for any in reading.</summary>
    public string? DateTimeFormat { get; init; }

    /// <summary>The format of durations; null for <c>[-][d.]hh:mm:ss</c>.</summary>
    public string? TimeSpanFormat { get; init; }

    /// <summary>Reads them.</summary>
    public static ConversionSettings Read(PropertyReader translator)
    {
        var settings = translator.Object("typeConversionSettings");
        var culture = settings.Text("culture") ?? translator.Text("culture");
        if (culture is not null && culture.Length > 0
            && !culture.StartsWith("en", StringComparison.OrdinalIgnoreCase)
            && !culture.Equals("invariant", StringComparison.OrdinalIgnoreCase))
        {
            throw ActivityFailures.Unsupported(
                $"The culture '{culture}' in {settings.At("culture")} of activity '{translator.Activity}' is not supported; supported are en-us and the invariant one.");
        }

        return new ConversionSettings
        {
            AllowsTruncation = settings.Boolean("allowDataTruncation", true),
            TreatsBooleanAsNumber = settings.Boolean("treatBooleanAsNumber", false),
            DateTimeFormat = settings.Text("dateTimeFormat") ?? settings.Text("dateTimeOffsetFormat"),
            TimeSpanFormat = settings.Text("timeSpanFormat"),
        };
    }
}
