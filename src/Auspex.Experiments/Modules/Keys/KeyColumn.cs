using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Keys;

/// <summary>A column of keys: its values' hashes, and whether two are equal. Text and categories compare by text.</summary>
internal abstract class KeyColumn(Column column)
{
    public const ulong MissingHash = 0x6A09E667F3BCC908;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    public bool IsMissing(int row) => column.IsNull(row);

    /// <summary>A value's hash; the same for equal values of any column.</summary>
    public abstract ulong Hash(int row);

    /// <summary>Whether a value equals one of another column of the same kind; neither is missing.</summary>
    public abstract bool IsEqual(int row, KeyColumn other, int otherRow);

    /// <param name="column">The values.</param>
    /// <param name="matchesCase">False: letters that differ in case only are equal.</param>
    public static KeyColumn Create(Column column, bool matchesCase) => column switch
    {
        StringColumn texts => new TextKeys(matchesCase ? texts : Fold(texts)),
        CategoryColumn categories => new LevelKeys(categories, matchesCase),
        DoubleColumn doubles => new DoubleKeys(doubles),
        BooleanColumn booleans => new BooleanKeys(booleans),
        Column<long> whole => new WholeKeys(whole),
        _ => throw new ArgumentException($"Not a kind of column: {column.GetType().Name}.", nameof(column)),
    };

    protected static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 32)) * Multiplier;
        value = (value ^ (value >> 29)) * 0xBF58476D1CE4E5B9;
        return value ^ (value >> 32);
    }

    private static ulong HashText(ReadOnlySpan<byte> text)
    {
        var hash = (ulong)text.Length * Multiplier;
        while (text.Length >= 8)
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text)) * Multiplier, 31);
            text = text[8..];
        }

        ulong rest = 0;
        for (var i = 0; i < text.Length; i++)
        {
            rest |= (ulong)text[i] << (8 * i);
        }

        return Mix(hash ^ rest);
    }

    private static StringColumn Fold(StringColumn column)
    {
        var builder = new StringColumnBuilder(column.Length);
        for (var row = 0; row < column.Length; row++)
        {
            builder.Append(column.Text(row)?.ToUpperInvariant());
        }

        return (StringColumn)builder.Build();
    }

    private sealed class WholeKeys(Column<long> column) : KeyColumn(column)
    {
        public override ulong Hash(int row) => Mix((ulong)column.Values[row]);

        public override bool IsEqual(int row, KeyColumn other, int otherRow) => Value(row) == ((WholeKeys)other).Value(otherRow);

        private long Value(int row) => column.Values[row];
    }

    private sealed class BooleanKeys(BooleanColumn column) : KeyColumn(column)
    {
        public override ulong Hash(int row) => Mix(column.Values[row] ? 1UL : 0UL);

        public override bool IsEqual(int row, KeyColumn other, int otherRow) => Value(row) == ((BooleanKeys)other).Value(otherRow);

        private bool Value(int row) => column.Values[row];
    }

    // By bits, so that NaN equals NaN; 0 and -0 are one.
    private sealed class DoubleKeys(DoubleColumn column) : KeyColumn(column)
    {
        public override ulong Hash(int row) => Mix(Bits(row));

        public override bool IsEqual(int row, KeyColumn other, int otherRow) => Bits(row) == ((DoubleKeys)other).Bits(otherRow);

        private ulong Bits(int row)
        {
            var value = column.Values[row];
            return double.IsNaN(value) ? ulong.MaxValue : value == 0 ? 0 : BitConverter.DoubleToUInt64Bits(value);
        }
    }

    private abstract class Texts(Column column) : KeyColumn(column)
    {
        public abstract ReadOnlySpan<byte> Bytes(int row);

        public override bool IsEqual(int row, KeyColumn other, int otherRow) =>
            Bytes(row).SequenceEqual(((Texts)other).Bytes(otherRow));
    }

    private sealed class TextKeys(StringColumn column) : Texts(column)
    {
        public override ulong Hash(int row) => HashText(column.Bytes(row));

        public override ReadOnlySpan<byte> Bytes(int row) => column.Bytes(row);
    }

    private sealed class LevelKeys : Texts
    {
        private readonly CategoryColumn _column;
        private readonly byte[][] _levels;
        private readonly ulong[] _hashes;

        public LevelKeys(CategoryColumn column, bool matchesCase)
            : base(column)
        {
            _column = column;
            _levels = [.. column.Domain.Levels.Select(level => Encoding.UTF8.GetBytes(matchesCase ? level : level.ToUpperInvariant()))];
            _hashes = [.. _levels.Select(level => HashText(level))];
        }

        public override ulong Hash(int row) => _hashes[_column.Values[row]];

        public override ReadOnlySpan<byte> Bytes(int row) => _levels[_column.Values[row]];
    }
}
