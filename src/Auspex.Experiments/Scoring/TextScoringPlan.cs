using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>
/// A row transform compiled for delimited text: which columns are parsed, which fields are copied as the bytes they are,
/// and which cells are written anew. Immutable and thread-safe.
/// </summary>
public sealed class TextScoringPlan
{
    private readonly IRowTransform _transform;
    private readonly ImmutableArray<Piece> _pieces;
    private readonly DelimitedTextOptions _input;
    private readonly DelimitedTextWriterOptions _output;
    private readonly ImmutableArray<string> _fileColumns;
    private readonly ImmutableArray<bool> _isParsed;
    private readonly ImmutableArray<FieldRun> _runs;

    private TextScoringPlan(
        IRowTransform transform,
        DelimitedTextOptions input,
        ImmutableArray<string> fileColumns,
        DelimitedTextWriterOptions output)
    {
        _transform = transform;
        _input = input;
        _output = output;
        _fileColumns = fileColumns;
        _isParsed = transform.Flow.Reads;
        (_pieces, _runs) = CutPieces(transform, input, fileColumns, output);
    }

    /// <summary>The columns that are written.</summary>
    public TableSchema Output => _transform.Output;

    /// <summary>Compiles a transform.</summary>
    /// <param name="transform">Bound to the schema of <paramref name="input"/>.</param>
    /// <param name="input">How the text is read; its schema says what the columns mean.</param>
    /// <param name="fileColumns">The columns of the file.</param>
    /// <param name="output">How the result is written.</param>
    public static TextScoringPlan Compile(
        IRowTransform transform,
        DelimitedTextOptions input,
        ImmutableArray<string> fileColumns,
        DelimitedTextWriterOptions output)
    {
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(input.Schema);
        return new TextScoringPlan(transform, input, fileColumns, output);
    }

    /// <summary>The header row of the result; empty when it has none.</summary>
    public ReadOnlyMemory<byte> Header()
    {
        var encoder = new DelimitedTextEncoder(_output) { IsAtFileStart = true };
        if (_output.HasHeader)
        {
            encoder.WriteHeader(Output);
        }

        return encoder.Written;
    }

    internal BlockParser CreateParser() => new(_input, _fileColumns, _isParsed, _runs);

    internal DelimitedTextEncoder CreateEncoder() => new(_output);

    /// <summary>Takes what scoring a block found out, in input order.</summary>
    internal void Settle(object? observed, long firstRow)
    {
        if (observed is not null)
        {
            ((IObservingTransform)_transform).Settle(observed, firstRow);
        }
    }

    /// <summary>Scores the parsed rows of a block into a text; returns what is to be settled, if anything.</summary>
    // Optimized from the first call, as all that runs once per row: a file may be through before its turn would come.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal object? Score(BlockParser parsed, DelimitedTextEncoder text)
    {
        object? observed = null;
        var scored = _transform is IObservingTransform observing ? observing.Apply(parsed.Batch, out observed) : _transform.Apply(parsed.Batch);
        var columns = scored.Columns.AsSpan();
        var isOnly = columns.Length == 1;
        for (var row = 0; row < scored.RowCount; row++)
        {
            for (var i = 0; i < _pieces.Length; i++)
            {
                text.WriteDelimiter(i);
                var (kind, index) = _pieces[i];
                switch (kind)
                {
                    case PieceKind.Cell:
                        text.WriteCell(columns[index], row, isOnly);
                        break;
                    case PieceKind.Bytes:
                        text.WriteRaw(parsed.Raw(row, index));
                        break;
                    default:
                        WriteField(text, parsed, row, index, isOnly);
                        break;
                }
            }

            text.EndRow();
        }

        return observed;
    }

    private static void WriteField(DelimitedTextEncoder text, BlockParser parsed, int row, int run, bool isOnly)
    {
        if (parsed.Raw(row, run).IsEmpty)
        {
            text.WriteMissing(isOnly);
        }
        else
        {
            text.WriteText(parsed.Text(row, run));
        }
    }

    private static (ImmutableArray<Piece> Pieces, ImmutableArray<FieldRun> Runs) CutPieces(
        IRowTransform transform,
        DelimitedTextOptions input,
        ImmutableArray<string> fileColumns,
        DelimitedTextWriterOptions output)
    {
        var fields = input.Schema!.Fields.Select(field => fileColumns.IndexOf(field.Name)).ToArray();
        var isSameDialect = input.Delimiter == output.Delimiter
            && input.Quote == output.Quote
            && (input.Quote is null || input.Escape == output.Escape)
            && output.NullText.Length == 0
            && !output.QuoteAllText;
        var pieces = ImmutableArray.CreateBuilder<Piece>();
        var runs = ImmutableArray.CreateBuilder<FieldRun>();
        for (var column = 0; column < transform.Output.Fields.Length; column++)
        {
            var source = transform.Flow.Sources[column];
            if (source < 0)
            {
                pieces.Add(new Piece(PieceKind.Cell, column));
                continue;
            }

            var field = fields[source];
            if (isSameDialect && pieces is [.., { Kind: PieceKind.Bytes }] && runs[^1].Last == field - 1)
            {
                runs[^1] = runs[^1] with { Last = field };
                continue;
            }

            pieces.Add(new Piece(isSameDialect ? PieceKind.Bytes : PieceKind.Field, runs.Count));
            runs.Add(new FieldRun(field, field));
        }

        return (pieces.ToImmutable(), runs.ToImmutable());
    }

    private enum PieceKind
    {
        /// <summary>A cell of an output column.</summary>
        Cell,

        /// <summary>Fields of the input as they are.</summary>
        Bytes,

        /// <summary>A field of the input, its quotes made to fit.</summary>
        Field,
    }

    // What is written between two delimiters: a column of the output, or a run of fields.
    private readonly record struct Piece(PieceKind Kind, int Index);
}
