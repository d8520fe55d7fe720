using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Selection;

/// <summary>Reads column selectors of module parameters against a table, with Studio's errors for selections that do not fit.</summary>
internal static class ColumnSelection
{
    /// <summary>The selected columns, as many as there are.</summary>
    /// <exception cref="ModuleException">
    /// Error 3: blank. Error 1, 59 or 60: see <see cref="ColumnSelector.Select"/>. <paramref name="errorIfNone"/>: none selected.
    /// </exception>
    public static ImmutableArray<int> Columns(
        this ModuleParameters parameters,
        string name,
        TableSchema schema,
        int errorIfNone = 11)
    {
        var selected = ColumnSelector.Parse(parameters.Required(name)).Select(schema);
        return selected.IsEmpty
            ? throw new ModuleException(
                errorIfNone,
                $"Parameter '{name}' selects none of the table's {schema.Fields.Length} columns; expected at least one.")
            : selected;
    }

    /// <summary>The one selected column.</summary>
    /// <exception cref="ModuleException">Error 22: none or several are selected; and as above.</exception>
    public static int SingleColumn(this ModuleParameters parameters, string name, TableSchema schema)
    {
        var selected = ColumnSelector.Parse(parameters.Required(name)).Select(schema);
        return selected.Length == 1
            ? selected[0]
            : throw new ModuleException(22, $"Parameter '{name}' selects {selected.Length} columns; expected exactly one.");
    }
}
