using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Text;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>How values are counted.</summary>
/// <param name="Classes">The label's values, in order.</param>
/// <param name="Bits">Bits of a value's hash.</param>
/// <param name="Seed">Seed of the hash.</param>
/// <param name="Depth">Rows of a count-min sketch; 0 for a dictionary of exact counts.</param>
/// <param name="Width">Bits of a sketch's cell number.</param>
internal sealed record CountingScheme(ImmutableArray<string> Classes, int Bits, int Seed, int Depth, int Width)
{
    /// <summary>The keys that a value is counted under: one, or one for each row of the sketch.</summary>
    public long[] Keys(ReadOnlySpan<byte> value)
    {
        var hash = MurmurHash.Of(value, (uint)Seed) & (uint)((1L << Bits) - 1);
        if (Depth == 0)
        {
            return [hash];
        }

        var keys = new long[Depth];
        for (var row = 0; row < Depth; row++)
        {
            var cell = MurmurHash.Of(value, (uint)(Seed + row + 1)) & (uint)((1L << Width) - 1);
            keys[row] = ((long)(row + 1) << 32) | cell;
        }

        return keys;
    }
}

/// <summary>How counts become features.</summary>
/// <param name="GarbageThreshold">A value that was seen less often counts as rare.</param>
/// <param name="PriorExamples">Made-up examples of the classes' shares, added before odds are taken.</param>
/// <param name="NoiseScale">The scale of Laplacian noise on counts; 0 for none.</param>
/// <param name="GivesCounts">Whether counts are features.</param>
/// <param name="GivesOdds">Whether logarithms of odds are features.</param>
/// <param name="GivesBackOff">Whether it is a feature that a value is rare.</param>
internal sealed record CountingFeatures(
    double GarbageThreshold, double PriorExamples, double NoiseScale, bool GivesCounts, bool GivesOdds, bool GivesBackOff)
{
    public static CountingFeatures Default { get; } = new(10, 42, 0, true, true, true);
}

/// <summary>A column's counts: for each key the examples of each class.</summary>
internal sealed record ColumnCounts(string Column, ImmutableDictionary<long, double[]> Counts);

/// <summary>What Build Counting Transform counted: for each value of a column how often each class came with it.</summary>
internal sealed class CountingTransform(CountingScheme scheme, CountingFeatures features, ImmutableArray<ColumnCounts> columns) : FittedTransform
{
    public const string KindName = "counts";

    public override string Kind => KindName;

    public CountingScheme Scheme => scheme;

    public CountingFeatures Features => features;

    public ImmutableArray<ColumnCounts> Columns => columns;

    public override IRowTransform Bind(TableSchema input)
    {
        var output = ColumnwiseTransform.PassThrough(input);
        var taken = output.Select(column => column.Field.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            var source = new Lookup(ColumnNames.Find(input, column.Column), this, column);
            var classes = scheme.Classes;
            for (var i = 0; features.GivesCounts && i < classes.Length; i++)
            {
                Add($"{column.Column}_{classes[i]}_Count", source, i);
            }

            // With two classes one logarithm says it all.
            for (var i = 1; features.GivesOdds && i < classes.Length; i++)
            {
                Add(classes.Length == 2 ? $"{column.Column}_LogOdds" : $"{column.Column}_{classes[i]}_LogOdds", source, classes.Length + i);
            }

            if (features.GivesBackOff)
            {
                Add($"{column.Column}_IsBackOff", source, -1);
            }
        }

        return new ColumnwiseTransform(output, input.Fields.Length);

        void Add(string name, Lookup source, int value) => output.Add(new OutputColumn(
            new TableField { Name = ColumnNames.MakeUnique(name, 1, taken), Type = ColumnType.Double, IsNullable = false },
            new CountFeature(source, value)));
    }

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        TransformJson.WriteStrings(writer, "classes", scheme.Classes);
        writer.WriteNumber("bits", scheme.Bits);
        writer.WriteNumber("seed", scheme.Seed);
        writer.WriteNumber("depth", scheme.Depth);
        writer.WriteNumber("width", scheme.Width);
        writer.WriteNumber("garbage", features.GarbageThreshold);
        writer.WriteNumber("prior", features.PriorExamples);
        writer.WriteNumber("noise", features.NoiseScale);
        writer.WriteBoolean("counts", features.GivesCounts);
        writer.WriteBoolean("odds", features.GivesOdds);
        writer.WriteBoolean("backOff", features.GivesBackOff);
        writer.WriteStartArray("columns");
        foreach (var column in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Column);
            writer.WriteStartArray("table");
            foreach (var (key, counts) in column.Counts.OrderBy(entry => entry.Key))
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(key);
                foreach (var count in counts)
                {
                    writer.WriteNumberValue(count);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static CountingTransform Read(JsonElement json) => new(
        new CountingScheme(
            TransformJson.ReadStrings(json.GetProperty("classes")), json.GetProperty("bits").GetInt32(), json.GetProperty("seed").GetInt32(),
            json.GetProperty("depth").GetInt32(), json.GetProperty("width").GetInt32()),
        new CountingFeatures(
            json.GetProperty("garbage").GetDouble(), json.GetProperty("prior").GetDouble(), json.GetProperty("noise").GetDouble(),
            json.GetProperty("counts").GetBoolean(), json.GetProperty("odds").GetBoolean(), json.GetProperty("backOff").GetBoolean()),
        [
            .. json.GetProperty("columns").EnumerateArray().Select(column => new ColumnCounts(
                column.GetProperty("name").GetString() ?? throw new FormatException("A column has no name."),
                column.GetProperty("table").EnumerateArray().ToImmutableDictionary(
                    row => row[0].GetInt64(), row => row.EnumerateArray().Skip(1).Select(count => count.GetDouble()).ToArray()))),
        ]);

    /// <summary>The counts of a column's values, with what is rare put together.</summary>
    private sealed class Lookup
    {
        private readonly CountingTransform _transform;
        private readonly ColumnCounts _counts;
        private readonly double[] _rare;
        private readonly double[] _shares;

        public Lookup(int index, CountingTransform transform, ColumnCounts counts)
        {
            Index = index;
            _transform = transform;
            _counts = counts;
            var classes = transform.Scheme.Classes.Length;
            _rare = new double[classes];
            var all = new double[classes];

            // A sketch holds each example once in each of its rows; one row has them all.
            foreach (var row in counts.Counts.Where(entry => entry.Key >> 32 <= 1).Select(entry => entry.Value))
            {
                var isRare = row.Sum() < transform.Features.GarbageThreshold;
                for (var i = 0; i < classes; i++)
                {
                    all[i] += row[i];
                    _rare[i] += isRare ? row[i] : 0;
                }
            }

            var total = all.Sum();
            _shares = [.. all.Select(count => total > 0 ? count / total : 1.0 / classes)];
        }

        public int Index { get; }

        public double Value(ReadOnlySpan<byte> text, bool isMissing, int value)
        {
            var (counts, isRare) = Counts(text, isMissing);
            var classes = counts.Length;
            if (value < 0)
            {
                return isRare ? 1 : 0;
            }

            if (value < classes)
            {
                return counts[value];
            }

            var prior = _transform.Features.PriorExamples;
            var own = counts[value - classes] + (prior * _shares[value - classes]);
            var others = counts.Sum() + prior - own;
            return own > 0 && others > 0 ? Math.Log(own / others) : 0;
        }

        private (double[] Counts, bool IsRare) Counts(ReadOnlySpan<byte> text, bool isMissing)
        {
            double[]? least = null;
            if (!isMissing)
            {
                foreach (var key in _transform.Scheme.Keys(text))
                {
                    var row = _counts.Counts.GetValueOrDefault(key) ?? new double[_rare.Length];
                    least = least is null ? row : [.. least.Zip(row, Math.Min)];
                }
            }

            return least is null || least.Sum() < _transform.Features.GarbageThreshold ? (_rare, true) : (Noisy(least, text), false);
        }

        // Drawn by the value itself, so that it is the same each time the value comes.
        private double[] Noisy(double[] counts, ReadOnlySpan<byte> text)
        {
            var scale = _transform.Features.NoiseScale;
            if (scale <= 0)
            {
                return counts;
            }

            var random = new SeededRandom(MurmurHash.Of(text, (uint)_transform.Scheme.Seed));
            return
            [
                .. counts.Select(count =>
                {
                    var part = random.NextDouble() - 0.5;
                    return Math.Max(0, count - (scale * Math.Sign(part) * Math.Log(1 - (2 * Math.Abs(part)))));
                }),
            ];
        }
    }

    private sealed class CountFeature(Lookup source, int value) : ColumnFunction
    {
        public override IEnumerable<int> Inputs => [source.Index];

        public override Column Apply(TableBatch batch)
        {
            var column = batch.Columns[source.Index];
            var results = new double[column.Length];
            var known = new Dictionary<string, double>(StringComparer.Ordinal);
            Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
            for (var row = 0; row < results.Length; row++)
            {
                var isThere = ColumnText.TryGetUtf8(column, row, CellFormat.File, scratch, out var utf8);
                var text = isThere ? Encoding.UTF8.GetString(utf8) : "\0";
                if (!known.TryGetValue(text, out var result))
                {
                    result = source.Value(utf8, !isThere, value);
                    known.Add(text, result);
                }

                results[row] = result;
            }

            return new DoubleColumn(results, results.Length, null);
        }
    }
}
