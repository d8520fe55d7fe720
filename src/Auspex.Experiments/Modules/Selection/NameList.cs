using System.Collections.Immutable;

namespace Auspex.Experiments.Modules.Selection;

/// <summary>Parameters that list names separated by commas, such as new column names or a table's columns.</summary>
internal static class NameList
{
    /// <summary>The names in order, blanks around them removed; a name with a comma stands in double quotes.</summary>
    /// <exception cref="ModuleException">Error 2: a quote is not closed.</exception>
    public static ImmutableArray<string> Parse(string list) =>
    [
        .. PlainColumnList.Items(list).Select(item => item.IsMinus ? "-" + item.Text : item.Text),
    ];
}
