using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Statistics;
using Auspex.Experiments.Modules.Text;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Extract N-Gram Features from Text": a column for each n-gram of a vocabulary, which is made of the texts, taken from
/// another table, or both. Texts without any known n-gram are marked.
/// </summary>
internal sealed class ExtractNGramFeaturesFromTextModule : IModule
{
    private const string Target = "Text column";
    private const string Mode = "Vocabulary mode";
    private const string ReadOnly = "ReadOnly";
    private const string Size = "N-Grams size";
    private const string Skips = "K-Skip size";
    private const string Weighting = "Weighting function";
    private const string ShortestWord = "Minimum word length";
    private const string LongestWord = "Maximum word length";
    private const string LeastDocuments = "Minimum n-gram document absolute frequency";
    private const string MostRatio = "Maximum n-gram document ratio";
    private const string DetectUnknown = "Detect out-of-vocabulary rows";
    private const string MarkBegin = "Mark begin-of-sentence";
    private const string Normalize = "Normalize n-gram feature vectors";
    private const string Selects = "Use filter-based feature selection";
    private const string Method = "Feature scoring method";
    private const string TargetColumn = "Target column";
    private const string Desired = "Number of desired features";
    private const string NonZero = "Minimum number of non-zero elements";
    private const string VocabularyPort = "Input vocabulary";
    private const string BeginMark = "^";

    private static readonly string[] Methods = FeatureScores.Methods;
    private static readonly string[] WithTarget = [.. Methods.Where(method => method != FeatureScores.CountBased)];

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Extract N-Gram Features from Text",
        Category = "Text Analytics",
        FamilyId = "a8a662d089bb48c985629b9589124c4a",
        Inputs = [Declare.Dataset("Dataset"), Declare.Dataset(VocabularyPort, isOptional: true)],
        Outputs = [Declare.Dataset("Results dataset"), Declare.Dataset("Result vocabulary")],
        Parameters =
        [
            Declare.Columns(Target, "StringFeature"),
            Declare.Choice(Mode, "Create", ["Create", ReadOnly, "Update", "Merge"]),
            Declare.Integer(Size, "1", 1, when: Declare.When(Mode, "Create", "Update", "Merge")),
            Declare.Integer(Skips, "0", 0),
            Declare.Choice(Weighting, "Binary Weight", ["Binary Weight", "TF Weight", "IDF Weight", "TF-IDF Weight", "Graph Weight"]),
            Declare.Integer(ShortestWord, "3", 1),
            Declare.Integer(LongestWord, "25", 2),
            new() { Name = LeastDocuments, Kind = ParameterKind.Float, Default = "5", Minimum = 1 },
            new() { Name = MostRatio, Kind = ParameterKind.Float, Default = "1", Minimum = 0.0001 },
            Declare.Boolean(DetectUnknown, true),
            Declare.Boolean(MarkBegin, false),
            Declare.Boolean(Normalize, true),
            Declare.Choice(Selects, "True", ["True", "False"]),
            Declare.Choice(Method, "Fisher Score", Methods, when: Declare.When(Selects, "True")),
            Declare.Columns(TargetColumn, when: Declare.When(Method, WithTarget)),
            Declare.Integer(Desired, "1", 1, when: Declare.When(Method, WithTarget)),
            Declare.Integer(NonZero, "1", 1, when: Declare.When(Method, FeatureScores.CountBased)),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var parameters = context.Parameters;
        var target = parameters.SingleColumn(Target, table.Schema);
        if (table.Schema.Fields[target].Type != ColumnType.String)
        {
            throw new ModuleException(17, $"Column '{table.Schema.Fields[target].Name}' is {table.Schema.Fields[target].Type}; n-grams are taken from text. Select a text column, or convert this one with Edit Metadata.");
        }

        if (table.RowCount == 0)
        {
            throw new ModuleException(21, "The dataset has no rows; at least one text is needed.");
        }

        var mode = parameters.Choice(Mode);
        if (mode != "Create" && !context.Has(VocabularyPort))
        {
            throw new ModuleException(3, $"'{Mode}' is '{mode}', and nothing is connected to '{VocabularyPort}'; connect a vocabulary.");
        }

        var given = mode == "Create" ? NGramVocabulary.Empty : NGramVocabulary.Read(context.Table(VocabularyPort));
        var size = mode == ReadOnly ? given.Grams.Select(gram => gram.Split('_').Length).DefaultIfEmpty(1).Max() : parameters.Integer(Size);
        var documents = ReadDocuments(table.Columns[target], parameters, size, cancellationToken);
        var vocabulary = mode == ReadOnly ? given : given.With(NGramVocabulary.Build(
            [.. documents.OfType<List<string>>().Select(grams => grams.ToHashSet(StringComparer.Ordinal))],
            parameters.Float(LeastDocuments),
            parameters.Float(MostRatio)));
        var features = Features(documents, vocabulary, parameters, cancellationToken);
        var prefix = table.Schema.Fields[target].Name;
        int[] kept = parameters.Choice(Selects) == "True" && mode != ReadOnly
            ? Select(features, table, parameters)
            : [.. Enumerable.Range(0, features.Length)];
        var fields = table.Schema.Fields.ToBuilder();
        var columns = table.Columns.ToBuilder();
        var taken = fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var i in kept)
        {
            Add($"{prefix}.[{vocabulary.Grams[i]}]", features[i]);
        }

        if (parameters.Boolean(DetectUnknown))
        {
            var known = vocabulary.Grams.ToHashSet(StringComparer.Ordinal);
            Add($"{prefix}.[OutOfVocabulary]", [.. documents.Select(grams => grams is null || grams.Exists(known.Contains) ? 0.0 : 1)]);
        }

        context.Set("Results dataset", new TableBatch(new TableSchema(fields.ToImmutable()), columns.ToImmutable(), table.RowCount));
        context.Set("Result vocabulary", new NGramVocabulary(
            [.. kept.Select(i => vocabulary.Grams[i])],
            [.. kept.Select(i => vocabulary.DocumentFrequencies[i])],
            [.. kept.Select(i => vocabulary.InverseFrequencies[i])]).Table());
        return Task.CompletedTask;

        void Add(string name, double[] values)
        {
            fields.Add(new TableField { Name = ColumnNames.MakeUnique(name, 1, taken), Type = ColumnType.Double, IsNullable = false });
            columns.Add(new DoubleColumn(values, values.Length, null));
        }
    }

    private static List<string>?[] ReadDocuments(Column texts, ModuleParameters parameters, int size, CancellationToken cancellationToken)
    {
        var (skips, shortest, longest) = (parameters.Integer(Skips), parameters.Integer(ShortestWord), parameters.Integer(LongestWord));
        if (shortest > longest)
        {
            throw new ModuleException(7, $"'{ShortestWord}' is {shortest}; it must be at most '{LongestWord}', which is {longest}.");
        }

        var marks = parameters.Boolean(MarkBegin);
        var documents = new List<string>?[texts.Length];
        for (var row = 0; row < documents.Length; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ColumnText.Text(texts, row, CellFormat.File) is not { } text)
            {
                continue;
            }

            var grams = new List<string>();
            foreach (var sentence in marks ? text.Split(["|||", ".", "!", "?"], StringSplitOptions.RemoveEmptyEntries) : [text])
            {
                var words = Words.Of(sentence).Where(word => word.Length >= shortest && word.Length <= longest).ToList();
                if (marks && words.Count > 0)
                {
                    words.Insert(0, BeginMark);
                }

                grams.AddRange(Words.NGrams(words, size, skips).Where(gram => gram != BeginMark));
            }

            documents[row] = grams;
        }

        return documents;
    }

    private static double[][] Features(
        List<string>?[] documents, NGramVocabulary vocabulary, ModuleParameters parameters, CancellationToken cancellationToken)
    {
        const int MostColumns = 1 << 16;
        if (vocabulary.Grams.Length > MostColumns)
        {
            throw new ModuleException(
                129, $"The vocabulary has {vocabulary.Grams.Length} n-grams; at most {MostColumns} columns are made. Raise '{LeastDocuments}'.");
        }

        var weighting = parameters.Choice(Weighting);
        var indexes = vocabulary.Grams.Select((gram, i) => KeyValuePair.Create(gram, i)).ToDictionary(StringComparer.Ordinal);
        var features = vocabulary.Grams.Select(_ => new double[documents.Length]).ToArray();
        for (var row = 0; row < documents.Length; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (documents[row] is not { Count: > 0 } grams)
            {
                continue;
            }

            var ranks = weighting == "Graph Weight" ? GraphWeights.Of(grams) : null;
            var squares = 0.0;
            var ofRow = new List<(int Index, double Weight)>();
            foreach (var group in grams.GroupBy(gram => gram, StringComparer.Ordinal))
            {
                if (indexes.TryGetValue(group.Key, out var index))
                {
                    var frequency = (double)group.Count() / grams.Count;
                    var weight = weighting switch
                    {
                        "Binary Weight" => 1,
                        "TF Weight" => frequency,
                        "IDF Weight" => vocabulary.InverseFrequencies[index],
                        "TF-IDF Weight" => frequency * vocabulary.InverseFrequencies[index],
                        _ => ranks![group.Key],
                    };
                    ofRow.Add((index, weight));
                    squares += weight * weight;
                }
            }

            var length = parameters.Boolean(Normalize) && squares > 0 ? Math.Sqrt(squares) : 1;
            foreach (var (index, weight) in ofRow)
            {
                features[index][row] = weight / length;
            }
        }

        return features;
    }

    private static int[] Select(double[][] features, TableBatch table, ModuleParameters parameters)
    {
        var method = parameters.Choice(Method);
        var columns = features.Select(values => new DoubleColumn(values, values.Length, null)).ToArray();
        if (method == FeatureScores.CountBased)
        {
            var least = parameters.Integer(NonZero);
            return [.. Enumerable.Range(0, columns.Length).Where(i => FeatureScores.Count(columns[i]) >= least)];
        }

        if (parameters.Text(TargetColumn) is null)
        {
            throw new ModuleException(24, $"'{TargetColumn}' is empty; '{method}' chooses n-grams by what they tell about a column. Give one, or choose '{FeatureScores.CountBased}'.");
        }

        var target = parameters.SingleColumn(TargetColumn, table.Schema);
        var field = new TableField { Name = "", Type = ColumnType.Double };
        double[] scores = [.. columns.Select(column => FeatureScores.Of(method, field, column, table.Schema.Fields[target], table.Columns[target]))];
        return
        [
            .. Enumerable.Range(0, columns.Length).OrderByDescending(i => scores[i]).Take(parameters.Integer(Desired)).Order(),
        ];
    }
}
