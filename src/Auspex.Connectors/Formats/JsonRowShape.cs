using System.Collections.Immutable;

namespace Auspex.Connectors.Formats;

/// <summary>Where the columns of a table stand in a JSON document.</summary>
public sealed class JsonRowShape
{
    private JsonRowShape(ImmutableArray<Member> members) => Members = members;

    /// <summary>The document's members in order.</summary>
    internal ImmutableArray<Member> Members { get; }

    /// <summary>A member per column, under its name.</summary>
    public static JsonRowShape Of(IEnumerable<string> columns) =>
        new([.. columns.Select((name, position) => new Member(name, position, false, []))]);

    /// <summary>Columns at paths; those that begin alike share their outer objects.</summary>
    /// <param name="paths">For each column, in order, the names from the outermost on.</param>
    /// <param name="isJson">For each column whether its text is JSON to be written as it is.</param>
    public static JsonRowShape At(IReadOnlyList<IReadOnlyList<string>> paths, IReadOnlyList<bool> isJson) =>
        new(Group([.. paths.Select((path, column) => (path, column))], 0, isJson));

    private static ImmutableArray<Member> Group(
        List<(IReadOnlyList<string> Path, int Column)> columns, int depth, IReadOnlyList<bool> isJson) =>
    [
        .. columns.GroupBy(column => column.Path[depth], StringComparer.Ordinal).Select(group =>
        {
            var leaf = group.FirstOrDefault(column => column.Path.Count == depth + 1, ([], -1));
            return leaf.Column >= 0
                ? new Member(group.Key, leaf.Column, isJson[leaf.Column], [])
                : new Member(group.Key, -1, false, Group([.. group], depth + 1, isJson));
        }),
    ];

    /// <summary>A member: a column's value, or an object.</summary>
    internal sealed record Member(string Name, int Column, bool IsJson, ImmutableArray<Member> Inner);
}
