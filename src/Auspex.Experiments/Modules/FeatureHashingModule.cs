using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Text;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Feature Hashing": counts of the n-grams of text columns, each in one of 2^bits columns by its hash. The text columns
/// stay. A missing text has no n-grams.
/// </summary>
internal sealed class FeatureHashingModule : RowwiseModule
{
    private const string Target = "Target columns";
    private const string Bits = "Hashing bitsize";
    private const string Size = "N-grams";

    // Columns are held whole here, not sparsely.
    private const int MostColumns = 1 << 16;

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Feature Hashing",
        Category = "Text Analytics",
        FamilyId = "c9a826602d9c411d81224d9e0b3ce92a",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Transformed dataset")],
        Parameters = [Declare.Columns(Target, "StringFeature"), Declare.Integer(Bits, "10", 1, 31), Declare.Integer(Size, "2", 0, 10)],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context)
    {
        var targets = context.Parameters.Columns(Target, input);
        foreach (var field in targets.Select(index => input.Fields[index]).Where(field => field.Type != ColumnType.String))
        {
            throw new ModuleException(17, $"Column '{field.Name}' is {field.Type}; Feature Hashing takes text columns.");
        }

        var bits = context.Parameters.Integer(Bits);
        return (long)targets.Length << bits is var made && made <= MostColumns
            ? new Hashing(input, [.. targets], bits, context.Parameters.Integer(Size))
            : throw new ModuleException(
                129, $"'{Bits}' of {bits} for {targets.Length} columns makes {made} columns; at most {MostColumns} are made here.");
    }

    private sealed class Hashing : IRowTransform
    {
        private readonly int[] _targets;
        private readonly int _bits;
        private readonly int _size;

        public Hashing(TableSchema input, int[] targets, int bits, int size)
        {
            (_targets, _bits, _size) = (targets, bits, size);
            var taken = input.Fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
            Output = new TableSchema(
            [
                .. input.Fields,
                .. targets.SelectMany(target => Enumerable.Range(1, 1 << bits).Select(number => new TableField
                {
                    Name = ColumnNames.MakeUnique(FormattableString.Invariant($"{input.Fields[target].Name}_HashingFeature.{number}"), 1, taken),
                    Type = ColumnType.Double,
                    IsNullable = false,
                })),
            ]);
            Flow = new ColumnFlow(
                [.. Enumerable.Range(0, input.Fields.Length), .. Enumerable.Repeat(-1, targets.Length << bits)],
                [.. Enumerable.Range(0, input.Fields.Length).Select(index => targets.Contains(index))]);
        }

        public TableSchema Output { get; }

        public ColumnFlow Flow { get; }

        public TableBatch Apply(TableBatch batch)
        {
            var columns = batch.Columns.ToBuilder();
            foreach (var target in _targets)
            {
                var counts = new double[1 << _bits][];
                for (var i = 0; i < counts.Length; i++)
                {
                    counts[i] = new double[batch.RowCount];
                }

                for (var row = 0; row < batch.RowCount; row++)
                {
                    if (ColumnText.Text(batch.Columns[target], row, CellFormat.File) is { } text)
                    {
                        foreach (var hash in Hashes(text))
                        {
                            counts[hash & (uint)(counts.Length - 1)][row]++;
                        }
                    }
                }

                columns.AddRange(counts.Select(values => new DoubleColumn(values, values.Length, null)));
            }

            return new TableBatch(Output, columns.ToImmutable(), batch.RowCount);
        }

        private IEnumerable<uint> Hashes(string text) =>
            _size == 0 ? [MurmurHash.Of(Encoding.UTF8.GetBytes(text), 0)] : Words.HashedNGrams(Words.Of(text), _size);
    }
}
