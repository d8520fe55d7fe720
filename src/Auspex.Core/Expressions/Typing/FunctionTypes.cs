using System.Collections.Frozen;

namespace Auspex.Expressions.Typing;

/// <summary>What a function takes and gives.</summary>
/// <param name="Arguments">The types that each argument may have; further arguments are as the last.</param>
/// <param name="Result">The types that the result may have.</param>
internal sealed record FunctionType(IReadOnlyList<ValueTypes> Arguments, ValueTypes Result)
{
    public ValueTypes Argument(int index) => Arguments.Count == 0 ? ValueTypes.Any : Arguments[Math.Min(index, Arguments.Count - 1)];
}

/// <summary>The types of the language's functions, as the evaluator enforces them; a test compares the two.</summary>
internal static class FunctionTypes
{
    // A line per result: n null, b boolean, i whole number, f decimal number, s text, a array, o object, * anything. References
    // and the functions whose result is one of their arguments (if, coalesce, first, last) are worked out where they stand.
    private const string Table =
        """
        concat(*) s
        endsWith(s,s) b
        guid(s) s
        indexOf(s,s) i
        lastIndexOf(s,s) i
        replace(s,s,s) s
        split(s,s) a
        startsWith(s,s) b
        substring(s,i,i) s
        toLower(s) s
        toUpper(s) s
        trim(s) s
        contains(sao,*) b
        empty(nsao) b
        first(sa) *
        intersection(ao) ao
        join(a,s) s
        last(sa) *
        length(sa) i
        skip(a,i) a
        take(sa,i) sa
        union(ao) ao
        and(b) b
        equals(*) b
        greater(ifs) b
        greaterOrEquals(ifs) b
        if(b,*) *
        less(ifs) b
        lessOrEquals(ifs) b
        not(b) b
        or(b) b
        array(bifsao) a
        bool(bifs) b
        coalesce(*) *
        createArray(*) a
        float(ifs,s) f
        int(bifs) i
        json(nso) *
        string(*) s
        base64(so) s
        base64ToBinary(s) o
        base64ToString(s) s
        binary(so) o
        dataUri(so) s
        dataUriToBinary(s) o
        dataUriToString(s) s
        decodeBase64(s) s
        decodeDataUri(s) *
        decodeUriComponent(s) s
        encodeUriComponent(*) s
        uriComponent(*) s
        uriComponentToBinary(s) o
        uriComponentToString(s) s
        xml(so) o
        xpath(o,s) *
        add(if) if
        div(if) if
        max(ifa) if
        min(ifa) if
        mod(if) if
        mul(if) if
        sub(if) if
        rand(i) i
        range(i) a
        addDays(s,i,s) s
        addHours(s,i,s) s
        addMinutes(s,i,s) s
        addSeconds(s,i,s) s
        addToTime(s,i,s) s
        convertFromUtc(s) s
        convertTimeZone(s) s
        convertToUtc(s) s
        dayOfMonth(s) i
        dayOfWeek(s) i
        dayOfYear(s) i
        formatDateTime(s) s
        getFutureTime(i,s) s
        getPastTime(i,s) s
        startOfDay(s) s
        startOfHour(s) s
        startOfMonth(s) s
        subtractFromTime(s,i,s) s
        ticks(s) i
        utcNow(s) s
        """;

    private static readonly FrozenDictionary<string, FunctionType> ByName = Table
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split('(', ')'))
        .ToFrozenDictionary(
            parts => parts[0],
            parts => new FunctionType([.. parts[1].Split(',').Select(Types)], Types(parts[2].Trim())),
            StringComparer.OrdinalIgnoreCase);

    /// <summary>The types of a function; null for a reference.</summary>
    public static FunctionType? Find(string name) => ByName.GetValueOrDefault(name);

    private static ValueTypes Types(string letters) => letters.Aggregate(ValueTypes.None, (types, letter) => types | letter switch
    {
        'n' => ValueTypes.Null,
        'b' => ValueTypes.Boolean,
        'i' => ValueTypes.Integer,
        'f' => ValueTypes.Float,
        's' => ValueTypes.Text,
        'a' => ValueTypes.Array,
        'o' => ValueTypes.Object,
        _ => ValueTypes.Any,
    });
}
