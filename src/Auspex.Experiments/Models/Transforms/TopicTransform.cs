using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Text;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>How texts become numbered words.</summary>
/// <param name="Columns">The text columns, whose texts count as one.</param>
/// <param name="Size">Runs of up to so many words.</param>
/// <param name="Vocabulary">The known runs; null where words are numbered by hash.</param>
/// <param name="Bits">Bits of the hash.</param>
internal sealed record TopicTexts(ImmutableArray<string> Columns, int Size, ImmutableArray<string>? Vocabulary, int Bits)
{
    private readonly Dictionary<string, int>? _indexes =
        Vocabulary?.Select((gram, i) => KeyValuePair.Create(gram, i)).ToDictionary(StringComparer.Ordinal);

    public int Words => Vocabulary?.Length ?? 1 << Bits;

    /// <summary>The n-grams of a row's texts, in order.</summary>
    public static IEnumerable<string> Grams(TableBatch table, IReadOnlyList<int> columns, int row, int size) =>
        columns.Select(column => ColumnText.Text(table.Columns[column], row, CellFormat.File))
            .OfType<string>()
            .SelectMany(text => Modules.Text.Words.NGrams([.. Modules.Text.Words.Of(text).Select(word => word.ToLowerInvariant())], size, 0));

    public Document Read(TableBatch table, IReadOnlyList<int> columns, int row)
    {
        var counts = new SortedDictionary<int, double>();
        foreach (var gram in Grams(table, columns, row, Size))
        {
            var word = _indexes is null
                ? (int)(MurmurHash.Of(System.Text.Encoding.UTF8.GetBytes(gram), 0) & (uint)((1 << Bits) - 1))
                : _indexes.GetValueOrDefault(gram, -1);
            if (word >= 0)
            {
                counts[word] = counts.GetValueOrDefault(word) + 1;
            }
        }

        return new Document([.. counts.Keys], [.. counts.Values]);
    }
}

/// <summary>What Latent Dirichlet Allocation fitted: texts give way to the weights of topics in them.</summary>
internal sealed class TopicTransform(TopicTexts texts, double[][] lambda, double alpha, bool normalizes) : FittedTransform
{
    public const string KindName = "topics";

    private readonly double[][] _weights = TopicModel.Expected(lambda);

    public override string Kind => KindName;

    public override IRowTransform Bind(TableSchema input)
    {
        int[] sources = [.. texts.Columns.Select(name => ColumnNames.Find(input, name))];
        foreach (var field in sources.Select(index => input.Fields[index]).Where(field => field.Type != ColumnType.String))
        {
            throw new ModuleException(17, $"Column '{field.Name}' is {field.Type}; topics are found in text. Convert it with Edit Metadata.");
        }

        return new Bound(this, input, sources);
    }

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        TransformJson.WriteStrings(writer, "columns", texts.Columns);
        writer.WriteNumber("size", texts.Size);
        writer.WriteNumber("bits", texts.Bits);
        writer.WriteNumber("alpha", alpha);
        writer.WriteBoolean("normalizes", normalizes);
        if (texts.Vocabulary is { } vocabulary)
        {
            TransformJson.WriteStrings(writer, "vocabulary", vocabulary);
        }

        writer.WriteStartArray("topics");
        foreach (var topic in lambda)
        {
            writer.WriteStartObject();
            TransformJson.WriteDoubles(writer, "weights", topic);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static TopicTransform Read(JsonElement json) => new(
        new TopicTexts(
            TransformJson.ReadStrings(json.GetProperty("columns")),
            json.GetProperty("size").GetInt32(),
            json.TryGetProperty("vocabulary", out var vocabulary) ? TransformJson.ReadStrings(vocabulary) : null,
            json.GetProperty("bits").GetInt32()),
        [.. json.GetProperty("topics").EnumerateArray().Select(topic => TransformJson.ReadDoubles(topic.GetProperty("weights")))],
        json.GetProperty("alpha").GetDouble(),
        json.GetProperty("normalizes").GetBoolean());

    private double[] Topics(TableBatch batch, int[] sources, int row)
    {
        var gamma = TopicModel.Infer(texts.Read(batch, sources, row), _weights, alpha);
        var sum = gamma.Sum();
        return normalizes ? [.. gamma.Select(weight => weight / sum)] : gamma;
    }

    private sealed class Bound : IRowTransform
    {
        private readonly TopicTransform _transform;
        private readonly int[] _sources;
        private readonly ImmutableArray<int> _kept;
        private readonly int _topics;

        public Bound(TopicTransform transform, TableSchema input, int[] sources)
        {
            (_transform, _sources) = (transform, sources);
            _topics = transform._weights.Length;
            _kept = [.. Enumerable.Range(0, input.Fields.Length).Where(index => !sources.Contains(index))];
            var taken = _kept.Select(index => input.Fields[index].Name).ToHashSet(StringComparer.Ordinal);
            Output = new TableSchema(
            [
                .. _kept.Select(index => input.Fields[index]),
                .. Enumerable.Range(1, _topics).Select(topic => new TableField
                {
                    Name = ColumnNames.MakeUnique(FormattableString.Invariant($"Topic {topic}"), 1, taken),
                    Type = ColumnType.Double,
                }),
            ]);
            Flow = new ColumnFlow(
                [.. _kept, .. Enumerable.Repeat(-1, _topics)], [.. Enumerable.Range(0, input.Fields.Length).Select(index => sources.Contains(index))]);
        }

        public TableSchema Output { get; }

        public ColumnFlow Flow { get; }

        public TableBatch Apply(TableBatch batch)
        {
            double[][] topics = [.. Enumerable.Range(0, _topics).Select(_ => new double[batch.RowCount])];
            for (var row = 0; row < batch.RowCount; row++)
            {
                var ofRow = _transform.Topics(batch, _sources, row);
                for (var topic = 0; topic < _topics; topic++)
                {
                    topics[topic][row] = ofRow[topic];
                }
            }

            return new TableBatch(
                Output,
                [.. _kept.Select(index => batch.Columns[index]), .. topics.Select(values => new DoubleColumn(values, values.Length, null))],
                batch.RowCount);
        }
    }
}
