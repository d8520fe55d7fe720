using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Formats.Parquet;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Activities.DataMovement.Reading;

/// <summary>Opens files as tables.</summary>
internal static class TableFiles
{
    /// <summary>A source of no columns and no rows: what an empty file is.</summary>
    public static ITableSource Empty { get; } = TableBatches.ToSource(new TableSchema([]));

    /// <summary>Opens the content of a file, decompressed, as a table.</summary>
    /// <param name="dataset">A dataset of delimited text or Parquet; JSON has <see cref="DocumentTable"/>.</param>
    /// <param name="formatSettings">The source's <c>formatSettings</c>.</param>
    /// <param name="content">The file; its stream is closed with the source.</param>
    /// <param name="onBadRow">Decides about rows that cannot be read; null fails at the first.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    public static async Task<ITableSource> OpenAsync(
        ResolvedDataset dataset,
        PropertyReader formatSettings,
        FileContent content,
        Func<BadRow, BadRowAction>? onBadRow,
        CancellationToken cancellationToken)
    {
        if (dataset.Shape == DataShape.Parquet)
        {
            return await ParquetTableReader.OpenAsync(
                content.Stream, new TableReadOptions { Name = content.Name, OnBadRow = onBadRow }, cancellationToken);
        }

        var options = TextDialect.ReadOptions(dataset, formatSettings, content.Name) with { OnBadRow = onBadRow };
        try
        {
            return await DelimitedTextReader.OpenAsync(content.Stream, options, cancellationToken);
        }
        catch (TableFormatException empty) when (empty.Code == ErrorCode.NoHeader)
        {
            return Empty;
        }
    }

    /// <summary>A schema of text columns.</summary>
    public static TableSchema TextSchema(IEnumerable<string> names) =>
        new([.. names.Select(name => new TableField { Name = name, Type = ColumnType.String })]);
}
