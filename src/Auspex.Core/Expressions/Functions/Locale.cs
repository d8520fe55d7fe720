using System.Collections.Frozen;
using System.Globalization;

namespace Auspex.Expressions.Functions;

/// <summary>
/// The separators and names that a locale argument of <c>float</c> and <c>formatDateTime</c> selects. A table of its
/// own, since the product runs without the culture data of the machine so that results are the same everywhere.
/// </summary>
internal sealed class Locale
{
    private static readonly FrozenDictionary<string, Locale> ByLanguage = Build();

    private Locale(NumberFormatInfo numbers, DateTimeFormatInfo dates)
    {
        Numbers = numbers;
        Dates = dates;
    }

    public static Locale English => ByLanguage["en"];

    public NumberFormatInfo Numbers { get; }

    public DateTimeFormatInfo Dates { get; }

    /// <summary>Finds a locale by a tag such as <c>de-DE</c>: the language decides, the region does not.</summary>
    public static Locale? Find(string tag) =>
        ByLanguage.TryGetValue(tag.Split('-', '_')[0], out var locale) ? locale : null;

    public static ExpressionException Unknown(CallArguments arguments, string tag) => arguments.Invalid(
        $"The locale '{ExpressionErrors.Quoted(tag)}' is not known; known languages are " +
        $"{string.Join(", ", ByLanguage.Keys.Order(StringComparer.Ordinal))}.");

    private static FrozenDictionary<string, Locale> Build() =>
        new Dictionary<string, Locale>(StringComparer.OrdinalIgnoreCase)
        {
            ["en"] = new(NumberFormatInfo.InvariantInfo, EnglishDates()),
            ["de"] = new(
                Separators(",", "."),
                Names(
                    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
                    "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
                    "Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag",
                    "So Mo Di Mi Do Fr Sa",
                    "dd.MM.yyyy", "dddd, d. MMMM yyyy", "d. MMMM")),
            ["es"] = new(
                Separators(",", "."),
                Names(
                    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
                    "ene feb mar abr may jun jul ago sep oct nov dic",
                    "domingo lunes martes miércoles jueves viernes sábado",
                    "dom lun mar mié jue vie sáb",
                    "dd/MM/yyyy", "dddd, d 'de' MMMM 'de' yyyy", "d 'de' MMMM")),
            ["fr"] = new(
                Separators(",", " "),
                Names(
                    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
                    "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
                    "dimanche lundi mardi mercredi jeudi vendredi samedi",
                    "dim. lun. mar. mer. jeu. ven. sam.",
                    "dd/MM/yyyy", "dddd d MMMM yyyy", "d MMMM")),
            ["it"] = new(
                Separators(",", "."),
                Names(
                    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
                    "gen feb mar apr mag giu lug ago set ott nov dic",
                    "domenica lunedì martedì mercoledì giovedì venerdì sabato",
                    "dom lun mar mer gio ven sab",
                    "dd/MM/yyyy", "dddd d MMMM yyyy", "d MMMM")),
            ["nl"] = new(
                Separators(",", "."),
                Names(
                    "januari februari maart april mei juni juli augustus september oktober november december",
                    "jan feb mrt apr mei jun jul aug sep okt nov dec",
                    "zondag maandag dinsdag woensdag donderdag vrijdag zaterdag",
                    "zo ma di wo do vr za",
                    "dd-MM-yyyy", "dddd d MMMM yyyy", "d MMMM")),
            ["pt"] = new(
                Separators(",", "."),
                Names(
                    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
                    "jan fev mar abr mai jun jul ago set out nov dez",
                    "domingo segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado",
                    "dom seg ter qua qui sex sáb",
                    "dd/MM/yyyy", "dddd, d 'de' MMMM 'de' yyyy", "d 'de' MMMM")),
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static NumberFormatInfo Separators(string point, string group) =>
        NumberFormatInfo.ReadOnly(new NumberFormatInfo { NumberDecimalSeparator = point, NumberGroupSeparator = group });

    // Not CultureInfo("en-US"): without culture data that is the invariant culture, which writes day before month and
    // 24 hours; with newer culture data it puts a narrow blank before AM and PM, where the service has an ordinary one.
    private static DateTimeFormatInfo EnglishDates() => DateTimeFormatInfo.ReadOnly(new DateTimeFormatInfo
    {
        ShortDatePattern = "M/d/yyyy",
        LongDatePattern = "dddd, MMMM d, yyyy",
        ShortTimePattern = "h:mm tt",
        LongTimePattern = "h:mm:ss tt",
        FullDateTimePattern = "dddd, MMMM d, yyyy h:mm:ss tt",
        MonthDayPattern = "MMMM d",
        YearMonthPattern = "MMMM yyyy",
    });

    private static DateTimeFormatInfo Names(
        string months, string shortMonths, string days, string shortDays, string shortDate, string longDate, string monthDay)
    {
        string[] monthNames = [.. months.Split(' '), ""];
        string[] shortMonthNames = [.. shortMonths.Split(' '), ""];
        return DateTimeFormatInfo.ReadOnly(new DateTimeFormatInfo
        {
            MonthNames = monthNames,
            MonthGenitiveNames = monthNames,
            AbbreviatedMonthNames = shortMonthNames,
            AbbreviatedMonthGenitiveNames = shortMonthNames,
            DayNames = days.Split(' '),
            AbbreviatedDayNames = shortDays.Split(' '),
            ShortDatePattern = shortDate,
            LongDatePattern = longDate,
            ShortTimePattern = "HH:mm",
            LongTimePattern = "HH:mm:ss",
            FullDateTimePattern = longDate + " HH:mm:ss",
            MonthDayPattern = monthDay,
            YearMonthPattern = "MMMM yyyy",
        });
    }
}
