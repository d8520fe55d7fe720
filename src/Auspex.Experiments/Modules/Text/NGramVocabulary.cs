using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Text;

/// <summary>N-grams, in how many documents each is, and how much that says.</summary>
/// <param name="Grams">In their order as columns.</param>
/// <param name="DocumentFrequencies">For each the number of documents that have it.</param>
/// <param name="InverseFrequencies">For each the logarithm of documents by that number.</param>
internal sealed record NGramVocabulary(
    ImmutableArray<string> Grams, ImmutableArray<double> DocumentFrequencies, ImmutableArray<double> InverseFrequencies)
{
    public static NGramVocabulary Empty { get; } = new([], [], []);

    /// <summary>Counts the documents of each n-gram, and keeps those that are neither rare nor everywhere.</summary>
    public static NGramVocabulary Build(IReadOnlyList<HashSet<string>> documents, double least, double mostRatio)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var gram in documents.SelectMany(document => document))
        {
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }

        var kept = counts.Where(entry => entry.Value >= least && entry.Value <= mostRatio * documents.Count)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .ToList();
        return new NGramVocabulary(
            [.. kept.Select(entry => entry.Key)],
            [.. kept.Select(entry => (double)entry.Value)],
            [.. kept.Select(entry => Math.Log((double)documents.Count / entry.Value))]);
    }

    /// <summary>Those of this one, and behind them what only the other has.</summary>
    public NGramVocabulary With(NGramVocabulary other)
    {
        var known = Grams.ToHashSet(StringComparer.Ordinal);
        int[] added = [.. Enumerable.Range(0, other.Grams.Length).Where(i => !known.Contains(other.Grams[i]))];
        return new NGramVocabulary(
            [.. Grams, .. added.Select(i => other.Grams[i])],
            [.. DocumentFrequencies, .. added.Select(i => other.DocumentFrequencies[i])],
            [.. InverseFrequencies, .. added.Select(i => other.InverseFrequencies[i])]);
    }

    public TableBatch Table()
    {
        var table = new TableBatchBuilder(new TableSchema(
        [
            new() { Name = "Id", Type = ColumnType.Int32 },
            new() { Name = "NGram", Type = ColumnType.String },
            new() { Name = "DF", Type = ColumnType.Double },
            new() { Name = "IDF", Type = ColumnType.Double },
        ]));
        for (var i = 0; i < Grams.Length; i++)
        {
            table.AppendRow(i, Grams[i], DocumentFrequencies[i], InverseFrequencies[i]);
        }

        return table.Build();
    }

    /// <exception cref="ModuleException">Error 18: the table is no vocabulary. Error 28: it lists an n-gram twice.</exception>
    public static NGramVocabulary Read(TableBatch table)
    {
        var (gram, frequency, inverse) = (Find("NGram"), Find("DF"), Find("IDF"));
        ImmutableArray<string> grams = [.. Enumerable.Range(0, table.RowCount).Select(row => ColumnText.Text(table.Columns[gram], row, CellFormat.File) ?? "")];
        return grams.Distinct(StringComparer.Ordinal).Count() == grams.Length
            ? new NGramVocabulary(grams, Numbers(frequency), Numbers(inverse))
            : throw new ModuleException(28, "The input vocabulary lists an n-gram twice; remove the duplicates, for example with Remove Duplicate Rows on column 'NGram'.");

        int Find(string name) => table.Schema.IndexOf(name) is var index && index >= 0
            ? index
            : throw new ModuleException(18, $"The input vocabulary has no column '{name}'; connect the result vocabulary of another such module.");

        ImmutableArray<double> Numbers(int index) => table.Schema.Fields[index] is { IsNumeric: true, IsCategorical: false }
            ? [.. Models.Transforms.NumericValues.Of(table.Columns[index])]
            : throw new ModuleException(18, $"Column '{table.Schema.Fields[index].Name}' of the input vocabulary holds no numbers.");
    }
}
