using System.Text;
using Auspex.Connectors.Tables;
using CsCheck;
using Xunit;

namespace Auspex.Tests.Connectors.Tables;

public sealed class TextLevelsTests
{
    // Texts that end in NUL, begin alike over more than a key, are longest keys and one more: what a wrong comparison would mix up.
    private static readonly Gen<byte[]> Text = Gen.Frequency(
        (4, Gen.OneOf("a", "b", "ab", "Married-civ-spouse", "?", " ").Select(Encoding.UTF8.GetBytes)),
        (1, Gen.OneOf("a\0"u8.ToArray(), "\0"u8.ToArray(), [])),
        (2, Gen.Select(Gen.Int[0, 40], Gen.OneOf("", "x", "y", "xz")).Select((length, end) => Encoding.UTF8.GetBytes(new string('l', length) + end))),
        (1, Gen.Byte.Array[1, 60]));

    [Fact]
    public void CodeOf_AnyTexts_GivesEachTheCodeThatMeansIt() =>
        Text.Array[0, 300].Sample(texts =>
        {
            var levels = new TextLevels();
            var codes = texts.Select(text => levels.CodeOf(text)).ToArray();

            Assert.Equal(texts.Select(Convert.ToHexString), codes.Select(code => Convert.ToHexString(levels[code])));
            Assert.Equal(texts.Select(Convert.ToHexString).Distinct().Count(), levels.Count);
            Assert.Equal(codes, texts.Select(text => levels.Find(text)));
        });

    [Fact]
    public void CodeOf_HundredThousandTexts_KeepsThemAll()
    {
        var levels = new TextLevels();
        for (var i = 0; i < 100_000; i++)
        {
            levels.CodeOf(Encoding.UTF8.GetBytes($"text number {i}"));
        }

        Assert.InRange(levels.Count, 100_000, 101_000);
        for (var i = 0; i < 100_000; i++)
        {
            var text = $"text number {i}";
            Assert.Equal(text, Encoding.UTF8.GetString(levels[levels.CodeOf(Encoding.UTF8.GetBytes(text))]));
        }
    }

    [Fact]
    public void CodeOf_TextsThatDifferInOnePlace_HaveFewPlacesInCommon()
    {
        for (var place = 0; place < 40; place++)
        {
            var levels = new TextLevels();
            var text = Enumerable.Repeat((byte)'l', 41).ToArray();
            for (var i = 1; i < 256; i++)
            {
                text[place] = (byte)i;
                levels.CodeOf(text);
            }

            // One that finds its places taken is added at each call.
            text[place] = 1;
            levels.CodeOf(text);
            Assert.InRange(levels.Count, 255, place < 32 ? 255 : 300);
        }
    }

    [Fact]
    public void FindRun_CellsOfARow_StopsAtTheFirstThatItDoesNotKnow()
    {
        var levels = new TextLevels();
        var (a, long32) = (levels.CodeOf("a"u8), levels.CodeOf("0123456789abcdef0123456789abcdef"u8));
        levels.CodeOf("0123456789abcdef0123456789abcdef!"u8);
        var text = "\na\n0123456789abcdef0123456789abcdef\na\nb\na\n";

        Assert.Equal([a, long32, a], Run(levels, text));
        Assert.Equal([a], Run(levels, "\na\n\na\n"));
        Assert.Equal([a], Run(levels, "\na\n0123456789abcdef0123456789abcdef!\na\n"));
        Assert.Equal([], Run(levels, "\nA\n"));
    }

    [Fact]
    public void Column_OfCodes_ReadsAsTheSameColumnOfBytes()
    {
        var coded = new CodedTextBuilder();
        var plain = new StringColumnBuilder();
        foreach (var text in new[] { "x", "é", "x", null, "", "a longer text than the others, which repeats", "x" })
        {
            coded.Append(text);
            plain.Append(text);
        }

        var (codes, bytes) = ((StringColumn)coded.Build(), (StringColumn)plain.Build());

        Assert.NotNull(codes.Levels);
        Same(bytes, codes);
        int[] rows = [6, -1, 3, 0, 5];
        Same((StringColumn)bytes.Take(rows), (StringColumn)codes.Take(rows));
        var again = new StringColumnBuilder();
        again.AppendRange(codes, 1, 5);
        Same((StringColumn)bytes.Take([1, 2, 3, 4, 5]), (StringColumn)again.Build());
        coded.AppendRange(bytes, 2, 4);
        Same((StringColumn)bytes.Take([2, 3, 4, 5]), (StringColumn)coded.Build());
    }

    [Fact]
    public void AddReserved_AfterRowsWereTakenBack_MarksEachAsThere()
    {
        foreach (var (before, count) in new[] { (0, 1), (3, 60), (3, 61), (3, 62), (63, 1), (64, 64), (1, 200), (130, 0) })
        {
            var builder = new Int64ColumnBuilder();
            for (var i = 0; i < 300; i++)
            {
                builder.AppendNull();
            }

            builder.Truncate(before);
            builder.Reserve(before + count);
            builder.AddReserved(count);
            builder.AppendNull();
            var column = builder.Build();

            Assert.Equal(
                [.. Enumerable.Repeat(true, before), .. Enumerable.Repeat(false, count), true],
                Enumerable.Range(0, column.Length).Select(column.IsNull));
        }
    }

    private static int[] Run(TextLevels levels, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + new string('#', 64));
        var ends = Enumerable.Range(0, text.Length).Where(i => text[i] == '\n').ToArray();
        var codes = new int[ends.Length];
        var found = levels.FindRun(ref bytes[0], ref ends[1], [.. Enumerable.Range(0, ends.Length - 1)], ref codes[0]);
        return codes[..found];
    }

    private static void Same(StringColumn expected, StringColumn found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.Equal(expected.Data.ToArray(), found.Data.ToArray());
        Assert.Equal(expected.Offsets.ToArray(), found.Offsets.ToArray());
        for (var row = 0; row < expected.Length; row++)
        {
            Assert.Equal(expected.Text(row), found.Text(row));
            Assert.Equal(expected.Bytes(row).ToArray(), found.Bytes(row).ToArray());
        }
    }
}
