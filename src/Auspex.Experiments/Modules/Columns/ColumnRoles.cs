using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules.Columns;

/// <summary>The "Fields" choice of Edit Metadata, and what keeps a table to one label and one weight column.</summary>
internal static class ColumnRoles
{
    /// <summary>Gives the selected columns a role or takes one away; a cleared column stays, hidden from learners.</summary>
    /// <exception cref="ModuleException">Error 37: several labels. Error 122: several weights. Error 124: a weight that is no number.</exception>
    public static void Assign(List<OutputColumn> columns, ImmutableArray<int> selected, string choice)
    {
        switch (choice)
        {
            case "Features":
                Change(_ => true, field => field with { Role = ColumnRole.Feature, Score = null });
                break;
            case "Labels":
                RequireOne(37, "label");
                TakeAway(ColumnRole.Label);
                Change(_ => true, field => field with { Role = ColumnRole.Label });
                break;
            case "Weights":
                RequireOne(122, "weight");
                RequireNumber(columns[selected[0]].Field);
                TakeAway(ColumnRole.Weight);
                Change(_ => true, field => field with { Role = ColumnRole.Weight });
                break;
            case "ClearFeatures":
                Change(field => field.Role == ColumnRole.Feature, field => field with { Role = ColumnRole.None });
                break;
            case "ClearLabels":
                Change(field => field.Role == ColumnRole.Label, field => field with { Role = ColumnRole.None });
                break;
            case "ClearWeights":
                Change(field => field.Role == ColumnRole.Weight, field => field with { Role = ColumnRole.None });
                break;
            case "ClearScores":
                Change(_ => true, field => field with { Score = null });
                break;
            default:
                break;
        }

        void Change(Func<TableField, bool> applies, Func<TableField, TableField> change)
        {
            foreach (var index in selected.Where(index => applies(columns[index].Field)))
            {
                columns[index] = columns[index] with { Field = change(columns[index].Field) };
            }
        }

        void TakeAway(ColumnRole role)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                if (columns[i].Field.Role == role)
                {
                    columns[i] = columns[i] with { Field = columns[i].Field with { Role = ColumnRole.None } };
                }
            }
        }

        void RequireOne(int error, string role)
        {
            if (selected.Length > 1)
            {
                throw new ModuleException(
                    error,
                    $"{selected.Length} columns are selected: {ColumnNames.Listed(selected.Select(index => columns[index].Field.Name))}; "
                    + $"a dataset has at most one {role} column, so select one.");
            }
        }
    }

    /// <summary>A field for a table that has these roles already: a second label or weight column is carried along only.</summary>
    public static TableField Beside(IEnumerable<TableField> others, TableField field) =>
        field.Role is ColumnRole.Label or ColumnRole.Weight && others.Any(other => other.Role == field.Role)
            ? field with { Role = ColumnRole.None }
            : field;

    private static void RequireNumber(TableField field)
    {
        if (!field.IsNumeric || field.IsCategorical)
        {
            throw new ModuleException(
                124, $"Column '{field.Name}' is {(field.IsCategorical ? "categorical" : field.Type)}; a weight column must be numeric. Convert it first, or select another.");
        }
    }
}
