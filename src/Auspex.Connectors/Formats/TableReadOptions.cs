using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

/// <summary>How a table file of any format is read. Immutable; change with <c>with</c>.</summary>
public sealed record TableReadOptions
{
    /// <summary>What to call the file in messages, such as <c>container/folder/file.parquet</c>. No secret.</summary>
    public string Name { get; init; } = "the file";

    /// <summary>
    /// The columns wanted, in the order wanted, with their types; found by exact name. Null takes all columns as the file has them.
    /// Columns of another type are converted: numbers where nothing is lost, all else by way of its text, as a delimited text with the same
    /// values would be read. A text that is no level of a wanted categorical column reads as a missing value.
    /// </summary>
    public TableSchema? Schema { get; init; }

    /// <summary>
    /// Chooses <see cref="Schema"/> by the columns that the file turns out to have; columns that cannot be read are not among them. Columns
    /// of delimited text are all strings then.
    /// </summary>
    public Func<TableSchema, TableSchema>? ChooseSchema { get; init; }

    /// <summary>What to do with columns that the schema does not name. Those that are left out are not decoded.</summary>
    public ExtraColumns ExtraColumns { get; init; }

    /// <summary>Names of the only columns to read; null reads all.</summary>
    public ImmutableHashSet<string>? Projection { get; init; }

    /// <summary>Texts that mean a missing value, blanks around them ignored, such as <c>?</c>.</summary>
    public ImmutableArray<string> MissingMarkers { get; init; } = [];

    /// <summary>For delimited text: how many rows types are inferred from; <see cref="DelimitedTextOptions.WholeFile"/> reads the file twice. Default 10,000.</summary>
    public int InferenceRows { get; init; } = 10_000;

    /// <summary>Most rows in a batch; default 8,192.</summary>
    public int BatchRows { get; init; } = 8192;

    /// <summary>Most rows in a batch by the rows of the file, in formats that tell them before the first is read; null takes <see cref="BatchRows"/>.</summary>
    public Func<long, int>? ChooseBatchRows { get; init; }

    /// <summary>Bytes of text after which a batch is closed; default 4 MiB.</summary>
    public int BatchBytes { get; init; } = 4 << 20;

    /// <summary>For delimited text: the longest row in bytes; a longer one is a bad row. Default 16 MiB.</summary>
    public int MaxRecordBytes { get; init; } = DelimitedTextOptions.DefaultMaxRecordBytes;

    /// <summary>
    /// The most that one block of a file may take in memory once it is unpacked: a page of a Parquet column, the wanted columns of an Arrow
    /// record batch. Larger ones are refused, whatever the file promises. Default 1 GiB.
    /// </summary>
    public long MaxBlockBytes { get; init; } = 1L << 30;

    /// <summary>Decides about rows with a cell that is no value of its column's type; null fails at the first. The row's bytes are its cells as delimited text.</summary>
    public Func<BadRow, BadRowAction>? OnBadRow { get; init; }

    /// <summary>The same for delimited text.</summary>
    /// <param name="path">Its extension says delimiter and header.</param>
    public DelimitedTextOptions ToDelimitedText(string path) => DelimitedTextOptions.ForPath(path) with
    {
        Name = Name,
        Schema = Schema,
        ExtraColumns = ExtraColumns,
        Projection = Projection,
        MissingMarkers = MissingMarkers,
        InferenceRows = InferenceRows,
        BatchRows = BatchRows,
        BatchBytes = BatchBytes,
        MaxRecordBytes = MaxRecordBytes,
        OnBadRow = OnBadRow,
    };
}
