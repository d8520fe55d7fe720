using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Columns;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Edit Metadata": type, category flag, role and name of columns, changed in this order.</summary>
/// <remarks>
/// Making a plain column categorical takes its levels from the rows of the run, so only a run can do it. Bound to a schema
/// alone, Booleans get their two levels and other columns stay plain: models take both the same way, level by level's text.
/// A module behind that needs categories refuses to be bound then, and the graph has to run on the whole table.
/// </remarks>
internal sealed class EditMetadataModule : IRowwiseModule
{
    private const string Selection = "Column";
    private const string DataType = "Data type";
    private const string Categorical = "Categorical";
    private const string Fields = "Fields";
    private const string NewNames = "New column names";
    private const string DateFormat = "Date and time format";
    private const string TimeFormat = "TimeSpan format";
    private const string Unchanged = "Unchanged";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Edit Metadata",
        Category = "Data Transformation/Manipulation",
        FamilyId = "370b6676c11c486fbf7335349f842a66",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters =
        [
            Declare.Columns(Selection),
            Declare.Choice(
                DataType, Unchanged, [Unchanged, "String", "Integer", "Double", "Boolean", "DateTime", "TimeSpan"], "Data Type"),
            Declare.Choice(
                Categorical, Unchanged, [Unchanged, "Categorical=Make categorical", "NonCategorical=Make non-categorical"]),
            Declare.Choice(
                Fields,
                Unchanged,
                [Unchanged, "Features", "Labels", "Weights", "ClearFeatures", "ClearLabels", "ClearScores", "ClearWeights"]),
            Declare.Text(NewNames, graphName: "New Column Name", isOptional: true),
            Declare.Text(
                DateFormat, graphName: "Date and time Format", isOptional: true, when: Declare.When(DataType, "DateTime")),
            Declare.Text(TimeFormat, graphName: "TimeSpan Format", isOptional: true, when: Declare.When(DataType, "TimeSpan")),
        ],
    };

    public IRowTransform Bind(TableSchema input, ModuleContext context) => Build(input, context, table: null);

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        context.Set("Results dataset", Build(table.Schema, context, table).Apply(table));
        return Task.CompletedTask;
    }

    private static ColumnwiseTransform Build(TableSchema input, ModuleContext context, TableBatch? table)
    {
        if (input.Fields.IsEmpty)
        {
            throw new ModuleException(20, "The dataset has no columns; Edit Metadata needs at least one.");
        }

        var parameters = context.Parameters;
        var selected = parameters.Columns(Selection, input, errorIfNone: 31);
        var columns = ColumnwiseTransform.PassThrough(input);
        foreach (var index in selected)
        {
            columns[index] = Categorize(Cast(index, input.Fields[index], parameters), parameters, table);
        }

        ColumnRoles.Assign(columns, selected, parameters.Choice(Fields));
        if (parameters.Text(NewNames) is { } names)
        {
            Rename(columns, selected, NameList.Parse(names));
        }

        return new ColumnwiseTransform(columns, input.Fields.Length);
    }

    private static OutputColumn Cast(int index, TableField field, ModuleParameters parameters)
    {
        ColumnType? target = parameters.Choice(DataType) switch
        {
            Unchanged => null,
            // Ticks need 64 bits; other integers are Studio's 32-bit ones.
            "Integer" when field.Type is ColumnType.Int64 or ColumnType.DateTime or ColumnType.TimeSpan => ColumnType.Int64,
            "Integer" => ColumnType.Int32,
            var name => Enum.Parse<ColumnType>(name),
        };
        if (target is not { } type || type == field.Type)
        {
            return new OutputColumn(field, new SourceColumn(index));
        }

        var format = type switch
        {
            ColumnType.DateTime => parameters.Text(DateFormat),
            ColumnType.TimeSpan => parameters.Text(TimeFormat),
            _ => null,
        };
        var cast = new ColumnCast(index, field, type, format);
        return new OutputColumn(cast.Output, cast);
    }

    private static OutputColumn Categorize(OutputColumn column, ModuleParameters parameters, TableBatch? table)
    {
        switch (parameters.Choice(Categorical))
        {
            case "NonCategorical" when column.Field.IsCategorical:
                return new OutputColumn(column.Field with { Categories = null }, new PlainColumn(column.Function, column.Field));
            case "Categorical" when !column.Field.IsCategorical:
                var domain = table is not null ? CategoryDomains.Of(column.Function.Apply(table))
                    : column.Field.Type == ColumnType.Boolean ? new CategoryDomain(["False", "True"])
                    : null;
                if (domain is null)
                {
                    return column;
                }

                return new OutputColumn(
                    column.Field with { Categories = domain }, new CategorizedColumn(column.Function, domain));
            default:
                return column;
        }
    }

    private static void Rename(List<OutputColumn> columns, ImmutableArray<int> selected, ImmutableArray<string> names)
    {
        if (names.Length != selected.Length)
        {
            throw new ModuleException(
                27, $"'{NewNames}' lists {names.Length} names for {selected.Length} selected columns; give one for each.");
        }

        var unique = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!unique.Add(name))
            {
                throw new ModuleException(28, $"'{NewNames}' lists '{name}' twice; column names must differ.");
            }
        }

        foreach (var column in columns.Where((_, index) => !selected.Contains(index)))
        {
            if (unique.Contains(column.Field.Name))
            {
                throw new ModuleException(
                    26, $"'{NewNames}' lists '{column.Field.Name}', which another column is named already; column names must differ.");
            }
        }

        for (var i = 0; i < selected.Length; i++)
        {
            var column = columns[selected[i]];
            columns[selected[i]] = column with { Field = column.Field with { Name = names[i] } };
        }
    }
}
