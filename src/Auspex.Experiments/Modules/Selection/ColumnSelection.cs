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
    /// <exception cref="ModuleException">
    /// Error 22: several are selected. <paramref name="errorIfNone"/>: none is. And as above.
    /// </exception>
    public static int SingleColumn(this ModuleParameters parameters, string name, TableSchema schema, int errorIfNone = 22)
    {
        var selected = ColumnSelector.Parse(parameters.Required(name)).Select(schema);
        return selected.Length switch
        {
            1 => selected[0],
            0 => throw new ModuleException(
                errorIfNone, $"Parameter '{name}' selects none of the table's {schema.Fields.Length} columns; expected exactly one."),
            _ => throw new ModuleException(
                22,
                $"Parameter '{name}' selects {selected.Length} columns: {ColumnNames.Listed(selected.Select(index => schema.Fields[index].Name))}; "
                + "expected exactly one."),
        };
    }

    /// <summary>The one selected column, which is the label.</summary>
    /// <exception cref="ModuleException">Error 24: none is selected, so there is no label column; and as above.</exception>
    public static int LabelColumn(this ModuleParameters parameters, string name, TableSchema schema) =>
        parameters.SingleColumn(name, schema, errorIfNone: 24);
}
