using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Training;

namespace Auspex.Experiments.Evaluation;

/// <summary>Actual and predicted classes of the rows that have both, as indexes into the classes.</summary>
/// <param name="Classes">All values of the two columns, ordered as classes are.</param>
/// <param name="Rows">The rows in the scored table.</param>
/// <param name="Labels">Actual classes.</param>
/// <param name="Predictions">Predicted classes.</param>
internal sealed record LabelPairs(ImmutableArray<string> Classes, int[] Rows, int[] Labels, int[] Predictions)
{
    public static LabelPairs Read(TableBatch scored, int label, int predicted)
    {
        var (labelField, predictedField) = (scored.Schema.Fields[label], scored.Schema.Fields[predicted]);
        var isNumeric = labelField.IsNumeric && predictedField.IsNumeric;
        if (!isNumeric && labelField.Type != predictedField.Type)
        {
            throw new ModuleException(
                58, $"Label column '{labelField.Name}' is of type {labelField.Type}, and the predicted labels are {predictedField.Type}; "
                + "the model was trained on another label. Mark that one as label, or score with the model that belongs to this one.");
        }

        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        var labelTexts = new LabelTexts(scored.Columns[label]);
        var predictedTexts = new LabelTexts(scored.Columns[predicted]);
        List<int> rows = [], labels = [], predictions = [];
        for (var row = 0; row < scored.RowCount; row++)
        {
            if (labelTexts.Text(row) is { } actual && predictedTexts.Text(row) is { } claimed)
            {
                rows.Add(row);
                labels.Add(Index(actual));
                predictions.Add(Index(claimed));
            }
        }

        string[] ordered = isNumeric
            ? [.. indexes.Keys.OrderBy(text => double.Parse(text, CultureInfo.InvariantCulture))]
            : [.. indexes.Keys.Order(StringComparer.Ordinal)];
        var places = new int[ordered.Length];
        for (var i = 0; i < ordered.Length; i++)
        {
            places[indexes[ordered[i]]] = i;
        }

        return new LabelPairs(
            [.. ordered], [.. rows], [.. labels.Select(index => places[index])], [.. predictions.Select(index => places[index])]);

        int Index(string text)
        {
            // A whole number reads the same whether its column holds integers or doubles.
            if (!indexes.TryGetValue(text, out var index))
            {
                index = indexes.Count;
                indexes.Add(text, index);
            }

            return index;
        }
    }
}
