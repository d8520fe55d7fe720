using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Selection;

/// <summary>Which columns of a table a module works on: rules that add to or take from a running set, in order.</summary>
/// <remarks>
/// <para>A parameter's text may have any of these forms:</para>
/// <list type="bullet">
/// <item>Studio's: <c>{"isFilter":true,"rules":[{"ruleType":"ColumnNames","columns":["a"],"exclude":false}]}</c>, rule
/// types <c>AllColumns</c>, <c>ColumnNames</c>, <c>ColumnIndexes</c> (from 1, <c>"3-5"</c>) and <c>ColumnTypes</c> with
/// <c>columnTypes</c> and <c>columnKinds</c>; plain, URL-encoded, or with its quotes escaped by backslashes.</item>
/// <item>The SDK's: <c>[{"ColumnNames":["a"]},{"ColumnIndices":[1,"3-5"],"exclude":true},{"ColumnTypes":["Integer"]},"AllColumns"]</c>,
/// also inside <c>{"rules":[...],"KeepInputDataOrder":true}</c>.</item>
/// <item>A JSON array of names: <c>["age","hours, weekly"]</c>.</item>
/// <item>For people, a list separated by commas: <c>age, "hours, weekly", AllNumeric, -id</c>. A name with a comma or
/// quotes stands in double quotes, doubled inside; quoted it is always a name. A leading minus takes columns away; a list
/// that begins so starts with all columns. A word counts where no column bears it as its name: <c>AllColumns</c>, and
/// <c>AllNumeric</c>, <c>AllIntegers</c>, <c>AllDoubles</c>, <c>AllBooleans</c>, <c>AllStrings</c>, <c>AllDateTimes</c>,
/// <c>AllTimeSpans</c>, <c>AllCategorical</c>, <c>AllNonCategorical</c>, <c>AllFeatures</c>, <c>AllLabels</c>,
/// <c>AllScores</c>, <c>AllWeights</c>, also as <c>NumericAll</c>, <c>StringFeature</c>, <c>CategoricalAll</c>, <c>Label</c>
/// and <c>All features</c>, ignoring case and blanks.</item>
/// </list>
/// <para>Names and indexes give the order typed, types and kinds the table's order; a column counts where it first came.</para>
/// </remarks>
public sealed class ColumnSelector
{
    private readonly ImmutableArray<ColumnRule> _rules;
    private readonly bool _keepsTableOrder;

    internal ColumnSelector(ImmutableArray<ColumnRule> rules, bool keepsTableOrder = false)
    {
        _rules = rules;
        _keepsTableOrder = keepsTableOrder;
    }

    internal ImmutableArray<ColumnRule> Rules => _rules;

    /// <summary>Reads a parameter's text; see the type for its forms.</summary>
    /// <exception cref="ModuleException">Error 2: it is none of the forms. Error 59: an index is no number.</exception>
    public static ColumnSelector Parse(string text) => ColumnSelectorReader.Read(text);

    /// <summary>The indexes of the columns that are selected, without duplicates, in the selector's order; may be empty.</summary>
    /// <exception cref="ModuleException">Error 1: a name is not in the table. Errors 59 and 60: an index is no number or too large.</exception>
    public ImmutableArray<int> Select(TableSchema schema)
    {
        var selected = new List<int>();
        var present = new bool[schema.Fields.Length];
        var matches = new List<int>();
        foreach (var rule in _rules)
        {
            matches.Clear();
            rule.Match(schema, matches);
            foreach (var index in matches)
            {
                if (rule.Exclude && present[index])
                {
                    selected.Remove(index);
                    present[index] = false;
                }
                else if (!rule.Exclude && !present[index])
                {
                    selected.Add(index);
                    present[index] = true;
                }
            }
        }

        if (_keepsTableOrder)
        {
            selected.Sort();
        }

        return [.. selected];
    }
}
