using System.Collections.Frozen;

namespace Auspex.Expressions.Functions;

/// <summary>Every function of the language by name, ignoring case.</summary>
internal static class FunctionCatalog
{
    private static readonly FrozenSet<string> LogicAppsOnly = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "action", "actionBody", "actionOutputs", "actions", "addProperty", "body", "chunk", "dateDifference", "decimal",
        "formDataValue", "formatNumber", "isFloat", "isInt", "items", "iterationIndexes", "listCallbackUrl", "multipartBody",
        "nthIndexOf", "outputs", "parameters", "parseDateTime", "removeProperty", "result", "results", "reverse",
        "setProperty", "slice", "sort", "triggerFormDataValue", "triggerOutputs", "uriHost", "uriPath",
        "uriPathAndQuery", "uriPort", "uriQuery", "uriScheme", "workflow", "xslt");

    private static readonly FrozenDictionary<string, FunctionDefinition> Functions = Build();

    private static readonly FrozenDictionary<string, FunctionDefinition>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        Functions.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>In the order of families and of registration.</summary>
    public static IReadOnlyList<FunctionDefinition> All { get; } = List();

    public static FunctionDefinition? Find(ReadOnlySpan<char> name) =>
        BySpan.TryGetValue(name, out var found) ? found : null;

    /// <summary>
    /// Whether Logic Apps, the sibling with the wider catalogue, has this function and Data Factory does not.
    /// </summary>
    public static bool IsLogicAppsOnly(string name) => LogicAppsOnly.Contains(name);

    /// <summary>The function that was probably meant; null when none is near.</summary>
    public static string? Nearest(string name)
    {
        if (name.Length > 40)
        {
            return null;
        }

        string? nearest = null;
        var best = Math.Max(1, name.Length / 3) + 1;
        foreach (var function in Functions.Keys.Order(StringComparer.Ordinal))
        {
            var distance = Distance(name, function);
            if (distance < best)
            {
                (best, nearest) = (distance, function);
            }
        }

        return nearest;
    }

    private static List<FunctionDefinition> List()
    {
        var functions = new List<FunctionDefinition>();
        StringFunctions.Register(new FunctionFamily("String", functions));
        CollectionFunctions.Register(new FunctionFamily("Collection", functions));
        LogicalFunctions.Register(new FunctionFamily("Logical and comparison", functions));
        ConversionFunctions.Register(new FunctionFamily("Conversion", functions));
        EncodingFunctions.Register(new FunctionFamily("Encoding", functions));
        XmlFunctions.Register(new FunctionFamily("XML", functions));
        MathFunctions.Register(new FunctionFamily("Math", functions));
        DateFunctions.Register(new FunctionFamily("Date and time", functions));
        ReferenceFunctions.Register(new FunctionFamily(ReferenceFunctions.FamilyName, functions));
        return functions;
    }

    private static FrozenDictionary<string, FunctionDefinition> Build() =>
        List().ToFrozenDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);

    // Edits between the two names, case aside.
    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                var replaced = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
