using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Import;

namespace Auspex.TestKit.Import;

/// <summary>Imports and scores for tests.</summary>
public static class ImportedModels
{
    public static ImportedModel Read(string text, ModelImportOptions? options = null) => Read(Encoding.UTF8.GetBytes(text), options);

    public static ImportedModel Read(byte[] bytes, ModelImportOptions? options = null)
    {
        using var stream = new MemoryStream(bytes);
        return ModelImport.Read(stream, options ?? new ModelImportOptions { FileName = "model" });
    }

    /// <summary>The model after it was written to a file of ours and read back.</summary>
    public static TrainedModel Saved(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ModelContainer.WriteModel(model, stream);
        stream.Position = 0;
        return ModelContainer.ReadModel(stream);
    }

    /// <summary>A table of the model's columns, all of double precision; NaN is a missing value in every other row.</summary>
    public static TableBatch Table(TrainedModel model, double[][] rows)
    {
        TableField[] fields = [.. model.Features.Fields.Select(field => new TableField { Name = field.Name, Type = ColumnType.Double })];
        var builder = new TableBatchBuilder(new TableSchema([.. fields]), rows.Length);
        for (var row = 0; row < rows.Length; row++)
        {
            var isNull = row % 2 == 0;
            builder.AppendRow([.. rows[row].Select(value => isNull && double.IsNaN(value) ? null : (object?)value)]);
        }

        return builder.Build();
    }

    /// <summary>The score columns of double precision, one after the other: a probability, one per class, or the number.</summary>
    public static double[][] Score(TrainedModel model, double[][] rows) => Score(model, Table(model, rows));

    public static double[][] Score(TrainedModel model, TableBatch table)
    {
        var scored = model.Bind(table.Schema, appendScores: false).Apply(table);
        return
        [
            .. scored.Schema.Fields.Select((field, index) => (field, index))
                .Where(entry => entry.field.Score is not null && entry.field.Type == ColumnType.Double
                    && (model.Task == ModelTask.Regression || entry.field.Name.StartsWith("Scored Probabilities", StringComparison.Ordinal)))
                .Select(entry => ((DoubleColumn)scored.Columns[entry.index]).Values.ToArray()),
        ];
    }

    /// <summary>The scored labels, as text.</summary>
    public static string[] Labels(TrainedModel model, TableBatch table)
    {
        var scored = model.Bind(table.Schema, appendScores: false).Apply(table);
        var labels = scored.Columns[scored.Schema.IndexOf("Scored Labels")];
        return [.. Enumerable.Range(0, table.RowCount).Select(row => ColumnText.Text(labels, row, CellFormat.File) ?? "")];
    }
}
