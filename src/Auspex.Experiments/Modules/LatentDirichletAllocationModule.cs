using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Text;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Latent Dirichlet Allocation": the weights of topics in each row's texts, which give way to them; the weight of each
/// n-gram in each topic; and the transform. Nothing is left to chance between runs.
/// </summary>
internal sealed class LatentDirichletAllocationModule : IModule
{
    private const string Target = "Target column(s)";
    private const string Topics = "Number of topics to model";
    private const string Size = "N-grams";
    private const string Normalize = "Normalize";
    private const string All = "Show all options";
    private const string Rho = "Rho parameter";
    private const string Alpha = "Alpha parameter";
    private const string Documents = "Estimated number of documents";
    private const string Batch = "Size of the batch";
    private const string First = "Initial value of iteration used in learning rate update schedule";
    private const string Power = "Power applied to the iteration during updates";
    private const string Passes = "Number of training iterations";
    private const string Dictionary = "Build dictionary of ngrams";
    private const string MostGrams = "Maximum size of ngram dictionary";
    private const string Bits = "Number of hash bits";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Latent Dirichlet Allocation",
        Category = "Text Analytics",
        FamilyId = "1aec5388415d4f7cb33fc9e9f4c0ce56",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Transformed dataset"), Declare.Dataset("Feature topic matrix"), Declare.Transform("LDA transformation")],
        Parameters =
        [
            Declare.Columns(Target, "StringFeature"),
            Declare.Integer(Topics, "5", 1, 1000),
            Declare.Integer(Size, "2", 1, 10),
            Declare.Boolean(Normalize, true),
            Declare.Boolean(All, false),
            Declare.Float(Rho, "0.01", 1e-5, 1, Declare.When(All, "True")),
            Declare.Float(Alpha, "0.01", 1e-5, 1, Declare.When(All, "True")),
            Declare.Integer(Documents, "1000", 1, when: Declare.When(All, "True")),
            Declare.Integer(Batch, "32", 1, 1024, when: Declare.When(All, "True")),
            Declare.Integer(First, "0", 0, when: Declare.When(All, "True")),
            Declare.Float(Power, "0.5", 0, 1, Declare.When(All, "True")),
            Declare.Integer(Passes, "25", 1, 1024, when: Declare.When(All, "True")),
            Declare.Boolean(Dictionary, true),
            Declare.Integer(MostGrams, "20000", 1, when: Declare.When(Dictionary, "True")),
            Declare.Integer(Bits, "12", 1, 31, when: Declare.When(Dictionary, "False")),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var parameters = context.Parameters;
        var targets = parameters.Columns(Target, table.Schema);
        foreach (var field in targets.Select(index => table.Schema.Fields[index]).Where(field => field.Type != ColumnType.String))
        {
            throw new ModuleException(17, $"Column '{field.Name}' is {field.Type}; topics are found in text. Select a text column, or convert this one with Edit Metadata.");
        }

        if (table.RowCount == 0)
        {
            throw new ModuleException(21, "The dataset has no rows; at least one text is needed to learn topics from.");
        }

        var texts = Texts(table, targets, parameters);
        if (texts.Words == 0)
        {
            throw new ModuleException(80, $"The selected columns hold no words: {ColumnNames.Listed(targets.Select(index => table.Schema.Fields[index].Name))}; topics are learned of words. Select columns of text.");
        }

        var options = new TopicOptions { Topics = parameters.Integer(Topics), Documents = table.RowCount };
        if (parameters.Boolean(All))
        {
            options = options with
            {
                Rho = parameters.Float(Rho),
                Alpha = parameters.Float(Alpha),
                Documents = parameters.Integer(Documents),
                BatchSize = parameters.Integer(Batch),
                FirstIteration = parameters.Integer(First),
                Power = parameters.Float(Power),
                Passes = parameters.Integer(Passes),
            };
        }

        var lambda = TopicModel.Fit(
            [.. Enumerable.Range(0, table.RowCount).Select(row => texts.Read(table, targets, row))], texts.Words, options, cancellationToken);
        var normalizes = parameters.Boolean(Normalize);
        var transform = new TopicTransform(texts, lambda, options.Alpha, normalizes);
        context.Set("Transformed dataset", transform.Bind(table.Schema).Apply(table));
        context.Set("Feature topic matrix", Matrix(texts, lambda, normalizes));
        context.Set("LDA transformation", new TransformValue(transform));
        return Task.CompletedTask;
    }

    private static TopicTexts Texts(TableBatch table, ImmutableArray<int> targets, ModuleParameters parameters)
    {
        ImmutableArray<string> names = [.. targets.Select(index => table.Schema.Fields[index].Name)];
        var size = parameters.Integer(Size);
        if (!parameters.Boolean(Dictionary))
        {
            const int MostBits = 20;
            var bits = parameters.Integer(Bits);
            return bits <= MostBits
                ? new TopicTexts(names, size, null, bits)
                : throw new ModuleException(129, $"'{Bits}' is {bits}, which makes more than {1 << MostBits} words; take at most {MostBits} here.");
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < table.RowCount; row++)
        {
            foreach (var gram in TopicTexts.Grams(table, targets, row, size))
            {
                counts[gram] = counts.GetValueOrDefault(gram) + 1;
            }
        }

        return new TopicTexts(
            names,
            size,
            [
                .. counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal)
                    .Take(parameters.Integer(MostGrams)).Select(entry => entry.Key).Order(StringComparer.Ordinal),
            ],
            0);
    }

    private static TableBatch Matrix(TopicTexts texts, double[][] lambda, bool normalizes)
    {
        var names = new StringColumnBuilder(texts.Words);
        for (var word = 0; word < texts.Words; word++)
        {
            names.Append(texts.Vocabulary?[word] ?? FormattableString.Invariant($"Hash {word}"));
        }

        return new TableBatch(
            new TableSchema(
            [
                new() { Name = "Feature", Type = ColumnType.String },
                .. lambda.Select((_, topic) => new TableField { Name = FormattableString.Invariant($"Topic {topic + 1}"), Type = ColumnType.Double }),
            ]),
            [
                names.Build(),
                .. lambda.Select(topic =>
                {
                    var sum = normalizes ? topic.Sum() : 1;
                    return new DoubleColumn([.. topic.Select(weight => weight / sum)], topic.Length, null);
                }),
            ],
            texts.Words);
    }
}
