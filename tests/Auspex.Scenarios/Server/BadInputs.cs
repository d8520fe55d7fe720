using System.Globalization;
using System.Text;

namespace Auspex.Scenarios.Server;

/// <summary>Delimited texts with a column of numbers x, a column of levels c and a note, spoilt in one way each.</summary>
internal static class BadInputs
{
    /// <summary>The ways, by name, and what becomes of them: the code of a refusal, or how many of twelve rows are scored and how many set aside.</summary>
    public static IReadOnlyList<(string Name, byte[] Content, string Outcome)> All { get; } =
    [
        ("as it should be", Text(Rows()), "12+0"),
        ("empty", [], "AUX4213"),
        ("header only", "x,c,note\n"u8.ToArray(), "0+0"),
        ("header missing", Text(Rows().Skip(1)), "AUX4210"),
        ("header twice", Text(["x,c,note", .. Rows()]), "12+1"),
        ("a column twice", Text(Rows().Select((row, i) => i == 0 ? "x,c,x" : row)), "12+0"),
        ("other order", Text(Rows().Select(row => string.Join(',', row.Split(',').Reverse()))), "12+0"),
        ("columns more", Text(Rows().Select((row, i) => $"{row},{(i == 0 ? "more" : "1")}")), "12+0"),
        ("a column less", Text(Rows().Select(row => row[(row.IndexOf(',', StringComparison.Ordinal) + 1)..])), "AUX4201"),
        ("cut off inside a row", Text(Rows())[..^9], "11+1"),
        ("cut off inside a quoted field", Text([.. Rows(), "13,a,\"cut"]), "12+1"),
        ("UTF-16 little", Encoding.Unicode.GetBytes(Joined(Rows())), "AUX4212"),
        ("UTF-16 big", Encoding.BigEndianUnicode.GetBytes(Joined(Rows())), "AUX4212"),
        ("UTF-16 little with mark", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Joined(Rows()))], "12+0"),
        ("UTF-16 big with mark", [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(Joined(Rows()))], "12+0"),
        ("UTF-16 cut inside a character", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Joined(Rows()))[..^1]], "?"),
        ("UTF-8 with mark", [.. Encoding.UTF8.Preamble, .. Text(Rows())], "12+0"),
        ("Latin-1", Encoding.Latin1.GetBytes(Joined(With("13,a,Zoë"))), "12+1"),
        ("broken UTF-8", [.. Text(Rows()), .. "13,a,"u8, 0xC3, (byte)'\n'], "12+1"),
        ("a zero byte", Text(With("13,a,\0")), "12+1"),
        ("short row", Text(With("13,a")), "12+1"),
        ("long row", Text(With("13,a,b,c")), "12+1"),
        ("CR only", Text(Rows(), "\r"), "12+0"),
        ("CR LF", Text(Rows(), "\r\n"), "12+0"),
        ("line ends mixed", Encoding.UTF8.GetBytes("x,c,note\r\n1,a,n\r2,b,n\n3,a,n\r\n"), "3+0"),
        ("no line end at the end", Text(Rows())[..^1], "12+0"),
        ("blank lines", Text(Rows().SelectMany(row => new[] { row, "" })), "12+0"),
        ("unclosed quote", Text(["x,c,note", "1,a,\"open", .. Rows().Skip(2)]), "11+1"),
        ("text after a quote", Text(With("13,a,\"b\" c")), "12+1"),
        ("quoted line end", Text(With("13,a,\"b\nc\"")), "13+0"),
        ("level unseen", Text(With("13,zzz,n")), "13+0"),
        ("missing value", Text(With(",a,n")), "13+0"),
        ("blank value", Text(With("  ,a,n")), "13+0"),
        .. Numbers().Select(number => ($"number {number.Text}", Text(With($"{number.Text},a,n")), number.IsOne ? "13+0" : "12+1")),
        ("gzip under a plain name", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0], "AUX4212"),
        ("semicolons", Text(Rows().Select(row => row.Replace(',', ';'))), "AUX4211"),
    ];

    // As doubles; what is no number of that kind for a column of whole numbers is told apart by the reference.
    private static IEnumerable<(string Text, bool IsOne)> Numbers() =>
    [
        ("\"1,5\"", false), ("\"1,000\"", false), ("1e3", true), ("1E+3", true), ("-2.5e-3", true), ("0x10", false), ("1.", true), (".5", true),
        ("+1", true), ("--1", false), ("+-1", false), ("1-", false), ("1e", false), ("NaN", true), ("nan", true), ("inf", true), ("-inf", true),
        ("Infinity", true), ("-Infinity", true), ("1e999", true), ("1e-999", true), ("1_000", false), ("1 000", false), ("$1", false), ("(1)", false),
        ("１", false), ("9007199254740993", true), ("00012", true), ("1d", false), ("1f", false), (".", false), ("-", false), ("e5", false),
    ];

    /// <summary>The rows of a good file, spoilt in several places: bytes changed, taken away, doubled or put in.</summary>
    public static byte[] Spoil(Random random)
    {
        var bytes = All[random.Next(All.Count)].Content.ToList();
        for (var left = random.Next(1, 5); left > 0 && bytes.Count > 0; left--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.Insert(at, "\",\r\n\0 ;\\.e-"u8[random.Next(11)]);
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    private static IEnumerable<string> Rows() =>
    [
        "x,c,note",
        .. Enumerable.Range(1, 12).Select(row => string.Create(CultureInfo.InvariantCulture, $"{row},{(row % 2 == 0 ? "a" : "b")},n {row}")),
    ];

    private static IEnumerable<string> With(string row) => Rows().Append(row);

    private static string Joined(IEnumerable<string> rows) => string.Join('\n', rows) + "\n";

    private static byte[] Text(IEnumerable<string> rows, string lineEnd = "\n") =>
        Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => row + lineEnd)));
}
