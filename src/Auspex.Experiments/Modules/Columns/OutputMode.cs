using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules.Columns;

/// <summary>A column made from one of the input, which it may stand in for.</summary>
internal readonly record struct MadeColumn(int Source, OutputColumn Column);

/// <summary>Where results go: behind all columns, in their sources' places and under their names, or alone.</summary>
internal static class OutputMode
{
    public const string Name = "Output mode";
    public const string Append = "Append";
    public const string Inplace = "Inplace";
    public const string ResultOnly = "ResultOnly";

    public static ModuleParameter Declare(string @default, string name = Name) =>
        Modules.Declare.Choice(name, @default, [Append, Inplace, ResultOnly]);

    public static List<OutputColumn> Arrange(TableSchema input, string mode, IReadOnlyCollection<MadeColumn> made)
    {
        var columns = mode == ResultOnly ? [] : ColumnwiseTransform.PassThrough(input);
        if (mode == Inplace)
        {
            foreach (var (source, column) in made)
            {
                columns[source] = column with { Field = column.Field with { Name = input.Fields[source].Name, Role = input.Fields[source].Role } };
            }

            return columns;
        }

        var taken = columns.Select(column => column.Field.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (_, column) in made)
        {
            columns.Add(column with
            {
                Field = ColumnRoles.Beside(columns.Select(other => other.Field), column.Field) with
                {
                    Name = ColumnNames.MakeUnique(column.Field.Name, 1, taken),
                },
            });
        }

        return columns;
    }

    public static ColumnwiseTransform Bind(TableSchema input, string mode, IReadOnlyCollection<MadeColumn> made) =>
        new(Arrange(input, mode, made), input.Fields.Length);
}

/// <summary>Checks of what columns hold.</summary>
internal static class NumericColumns
{
    /// <summary>Selected columns, all of them numbers.</summary>
    /// <exception cref="ModuleException">Error 17: one is not; and those of the selection.</exception>
    public static ImmutableArray<int> Of(ModuleContext context, string parameter, TableSchema schema, string module, int errorIfNone = 11)
    {
        var selected = context.Parameters.Columns(parameter, schema, errorIfNone);
        foreach (var index in selected)
        {
            Require(schema.Fields[index], module);
        }

        return selected;
    }

    /// <exception cref="ModuleException">Error 17: the column holds no numbers.</exception>
    public static void Require(TableField field, string module)
    {
        if (!field.IsNumeric || field.IsCategorical)
        {
            throw new ModuleException(
                17,
                $"Column '{field.Name}' is {(field.IsCategorical ? "categorical" : field.Type)}; {module} takes numeric columns only. "
                + "Leave it out, or change its type with Edit Metadata.");
        }
    }
}
