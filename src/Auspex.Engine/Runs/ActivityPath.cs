using System.Globalization;

namespace Auspex.Engine.Runs;

/// <summary>
/// Names an activity inside a run: the containers on the way, a loop's with its iteration: <c>ForEach1[3]/If1/Copy1</c>.
/// </summary>
/// <remarks>
/// <c>~</c>, <c>/</c> and <c>[</c> in a name are written <c>~0</c>, <c>~1</c> and <c>~2</c>, so that two activities
/// never share a path whatever their names.
/// </remarks>
internal static class ActivityPath
{
    /// <summary>The path of the scope that holds the pipeline's own activities.</summary>
    public const string Root = "";

    public static string Combine(string scope, string activityName)
    {
        var name = Escape(activityName);
        return scope.Length == 0 ? name : string.Concat(scope, "/", name);
    }

    /// <summary>The scope of a loop's iteration.</summary>
    public static string Iteration(string loop, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{loop}[{index}]");

    /// <summary>Splits a path into its scope and the activity's escaped name.</summary>
    public static (ReadOnlyMemory<char> Scope, ReadOnlyMemory<char> Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0
            ? (default, path.AsMemory())
            : (path.AsMemory(0, slash), path.AsMemory(slash + 1));
    }

    public static string Escape(string name) => name.AsSpan().IndexOfAny('~', '/', '[') < 0
        ? name
        : name.Replace("~", "~0", StringComparison.Ordinal)
            .Replace("/", "~1", StringComparison.Ordinal)
            .Replace("[", "~2", StringComparison.Ordinal);

    public static string Unescape(string escapedName) => !escapedName.Contains('~', StringComparison.Ordinal)
        ? escapedName
        : escapedName.Replace("~2", "[", StringComparison.Ordinal)
            .Replace("~1", "/", StringComparison.Ordinal)
            .Replace("~0", "~", StringComparison.Ordinal);
}
