using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Convert to Dataset": the table as it is, or with a text made missing, or with missing values or a text replaced. A
/// sparse form is not kept apart here; its action makes the named values missing.
/// </summary>
internal sealed class ConvertToDatasetModule : RowwiseModule
{
    private const string Action = "Action";
    private const string SetMissing = "SetMissingValues";
    private const string ReplaceValues = "ReplaceValues";
    private const string Sparse = "SparseOutput";
    private const string MissingValue = "Custom missing value";
    private const string Replace = "Replace";
    private const string CustomValue = "Custom value";
    private const string NewValue = "New value";
    private const string Remove = "Remove";
    private const string RemoveValue = "Remove value";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Convert to Dataset",
        Category = "Data Format Conversions",
        FamilyId = "72bf58e0fc874bb19704f1805003b975",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters =
        [
            Declare.Choice(Action, "None", ["None", SetMissing, ReplaceValues, Sparse]),
            Declare.Text(MissingValue, "?", when: Declare.When(Action, SetMissing)),
            Declare.Choice(Replace, "Missing", ["Missing", "Custom"], when: Declare.When(Action, ReplaceValues)),
            Declare.Text(CustomValue, "obs", when: Declare.When(Replace, "Custom")),
            Declare.Text(NewValue, "0", when: Declare.When(Action, ReplaceValues)),
            Declare.Choice(Remove, "Missing", ["Missing", "Custom"], when: Declare.When(Action, Sparse)),
            Declare.Text(RemoveValue, "?", when: Declare.When(Remove, "Custom")),
        ],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context)
    {
        var parameters = context.Parameters;
        var columns = ColumnwiseTransform.PassThrough(input);
        switch (parameters.Choice(Action))
        {
            case SetMissing:
                MakeMissing(columns, parameters.Required(MissingValue));
                break;
            case Sparse when parameters.Choice(Remove) == "Custom":
                MakeMissing(columns, parameters.Required(RemoveValue));
                break;
            case ReplaceValues when parameters.Choice(Replace) == "Missing":
                for (var i = 0; i < columns.Count; i++)
                {
                    columns[i] = FilledColumn.Create(i, input.Fields[i], Fill(input.Fields[i], parameters.Required(NewValue)));
                }

                break;
            case ReplaceValues:
                var old = parameters.Required(CustomValue);
                for (var i = 0; i < columns.Count; i++)
                {
                    // A text that is no value of the column's type cannot be in it.
                    if (FilledColumn.TryParse(old, input.Fields[i].Type) is { } value)
                    {
                        var fill = Fill(input.Fields[i], parameters.Required(NewValue));
                        var made = new EqualsMissing(i, ColumnText.Text(value, 0, CellFormat.File)!);
                        var filled = FilledColumn.Create(i, input.Fields[i], fill);
                        columns[i] = new OutputColumn(
                            filled.Field with { IsNullable = input.Fields[i].IsNullable }, new ReplacedColumn(i, made, filled.Function));
                    }
                }

                break;
            default:
                return new IdentityTransform(input);
        }

        return new ColumnwiseTransform(columns, input.Fields.Length);

        void MakeMissing(List<OutputColumn> output, string text)
        {
            for (var i = 0; i < output.Count; i++)
            {
                if (FilledColumn.TryParse(text, input.Fields[i].Type) is { } value)
                {
                    output[i] = new OutputColumn(
                        input.Fields[i] with { IsNullable = true }, new EqualsMissing(i, ColumnText.Text(value, 0, CellFormat.File)!));
                }
            }
        }
    }

    private static ColumnFill Fill(TableField field, string text) => FilledColumn.TryParse(text, field.Type) is { } value
        ? new ColumnFill(field.Name, field.Type, ColumnText.Text(value, 0, CellFormat.File)!, IsLabel: false)
        : field.Type == ColumnType.Boolean && text is "0" or "1"
            ? new ColumnFill(field.Name, field.Type, text == "1" ? "True" : "False", IsLabel: false)
            : throw new ModuleException(
                2, $"'{NewValue}' is '{text}', which is no {field.Type} as column '{field.Name}' needs; give another value, or select columns before.");

    /// <summary>A column whose values of one text are missing.</summary>
    private sealed class EqualsMissing(int index, string text) : ColumnFunction
    {
        private readonly byte[] _text = Encoding.UTF8.GetBytes(text);

        public override IEnumerable<int> Inputs => [index];

        public override Column Apply(TableBatch batch)
        {
            var column = batch.Columns[index];
            var rows = new int[column.Length];
            var isChanged = false;
            Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
            for (var row = 0; row < rows.Length; row++)
            {
                var equals = ColumnText.TryGetUtf8(column, row, CellFormat.File, scratch, out var utf8) && utf8.SequenceEqual(_text);
                rows[row] = equals ? -1 : row;
                isChanged |= equals;
            }

            return isChanged ? column.Take(rows) : column;
        }
    }

    /// <summary>Values of one text become another; those that were missing before stay so.</summary>
    private sealed class ReplacedColumn(int index, EqualsMissing missing, ColumnFunction fill) : ColumnFunction
    {
        public override IEnumerable<int> Inputs => [index];

        public override Column Apply(TableBatch batch)
        {
            var source = batch.Columns[index];
            var gaps = new TableBatch(batch.Schema, batch.Columns.SetItem(index, missing.Apply(batch)), batch.RowCount);
            var filled = fill.Apply(gaps);
            if (source.Validity is null)
            {
                return filled;
            }

            int[] rows = [.. Enumerable.Range(0, source.Length).Select(row => source.IsNull(row) ? -1 : row)];
            return filled.Take(rows);
        }
    }
}
