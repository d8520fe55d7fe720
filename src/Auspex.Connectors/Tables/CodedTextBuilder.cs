namespace Auspex.Connectors.Tables;

/// <summary>Collects texts as codes of levels, which stay when the next column is begun: for columns of few different texts.</summary>
internal sealed class CodedTextBuilder : ColumnBuilder<int>
{
    public CodedTextBuilder()
        : base(capacity: 0)
    {
    }

    public TextLevels Levels { get; } = new();

    /// <inheritdoc/>
    public override bool TryAppendText(ReadOnlySpan<byte> utf8)
    {
        Append(Levels.CodeOf(utf8));
        return true;
    }

    /// <inheritdoc/>
    public override void Append(object? value)
    {
        if (value is null)
        {
            AppendNull();
            return;
        }

        Append(Levels.CodeOf(System.Text.Encoding.UTF8.GetBytes(value as string ?? throw Mismatch(value, "a text"))));
    }

    /// <inheritdoc/>
    public override void AppendRange(Column column, int start, int length)
    {
        var source = Fitting<StringColumn>(column);
        for (var row = start; row < start + length; row++)
        {
            if (source.IsNull(row))
            {
                AppendNull();
            }
            else
            {
                TryAppendText(source.Bytes(row));
            }
        }
    }

    private protected override Column MakeColumn(ulong[]? validity) => new StringColumn(Levels, HandOver(), Count, validity);

    private protected override void AppendDefault() => Append(-1);
}
