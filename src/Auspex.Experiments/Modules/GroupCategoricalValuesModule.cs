using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Columns;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Group Categorical Values": levels become fewer named ones, and what is not listed becomes the default. The lists of
/// names, and of old levels, stand for Studio's numbered fields: one for each new level, separated by semicolons.
/// </summary>
internal sealed class GroupCategoricalValuesModule : RowwiseModule
{
    private const string Selection = "Selected columns";
    private const string Default = "Default level name";
    private const string Count = "New number of levels";
    private const string Names = "Name of new level k";
    private const string Old = "Comma-separated list of old levels to map to new level k";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Group Categorical Values",
        Category = "Data Transformation/Manipulation",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters =
        [
            Declare.Columns(Selection, "CategoricalAll"),
            OutputMode.Declare(OutputMode.ResultOnly),
            Declare.Text(Default),
            Declare.Integer(Count, null, 2),
            Declare.Text(Names),
            Declare.Text(Old),
        ],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context)
    {
        var parameters = context.Parameters;
        var (names, old) = (Split(Names), Split(Old));
        var count = parameters.Integer(Count);
        if (names.Length != count - 1 || old.Length != count - 1)
        {
            throw new ModuleException(
                27,
                $"'{Count}' is {count}, so {count - 1} new levels besides the default are to be named; '{Names}' has {names.Length} and '{Old}' "
                + $"{old.Length}, separated by semicolons.");
        }

        ImmutableArray<string> levels = [.. names.Append(parameters.Required(Default)).Distinct(StringComparer.Ordinal)];
        var domain = new CategoryDomain(levels);
        var newOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            foreach (var level in NameList.Parse(old[i]))
            {
                if (!newOf.TryAdd(level, domain.IndexOf(names[i])))
                {
                    throw new ModuleException(28, $"'{Old}' lists '{level}' twice; an old level belongs to one new level.");
                }
            }
        }

        var made = new List<MadeColumn>();
        foreach (var index in parameters.Columns(Selection, input))
        {
            var field = input.Fields[index];
            if (!field.IsCategorical)
            {
                throw new ModuleException(56, $"Column '{field.Name}' is {field.Type} and not categorical; make it categorical with Edit Metadata first.");
            }

            made.Add(new MadeColumn(index, new OutputColumn(
                field with { Type = ColumnType.String, Categories = domain },
                new RegroupedColumn(index, domain, newOf, domain.IndexOf(parameters.Required(Default))))));
        }

        return OutputMode.Bind(input, parameters.Choice(OutputMode.Name), made);

        string[] Split(string name) => parameters.Required(name).Split(';', StringSplitOptions.TrimEntries);
    }

    private sealed class RegroupedColumn(int index, CategoryDomain domain, Dictionary<string, int> newOf, int other) : ColumnFunction
    {
        public override IEnumerable<int> Inputs => [index];

        public override Column Apply(TableBatch batch)
        {
            var column = batch.Columns[index];
            var codes = new int[column.Length];
            int[]? map = column is CategoryColumn categories
                ? [.. categories.Domain.Levels.Select(level => newOf.GetValueOrDefault(level, other))]
                : null;
            for (var row = 0; row < codes.Length; row++)
            {
                codes[row] = column.IsNull(row) ? -1
                    : map is not null ? map[((CategoryColumn)column).Values[row]]
                    : newOf.GetValueOrDefault(ColumnText.Text(column, row, CellFormat.File)!, other);
            }

            return new CategoryColumn(codes, codes.Length, domain, column.Validity);
        }
    }
}
