using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Training.Networks;

/// <summary>A word, number or mark of a Net# definition; the last one is empty.</summary>
/// <param name="Text">As written.</param>
/// <param name="Line">Its line, from 1.</param>
internal readonly record struct NetSharpToken(string Text, int Line)
{
    /// <summary>Whether it can name a layer.</summary>
    public bool IsName => Text.Length > 0 && (char.IsLetter(Text[0]) || Text[0] == '_');

    public bool Is(string text) => Text.Equals(text, StringComparison.OrdinalIgnoreCase);

    public static IReadOnlyList<NetSharpToken> Read(string text)
    {
        var tokens = new List<NetSharpToken>();
        var line = 1;
        for (var at = 0; at < text.Length;)
        {
            var rest = text.AsSpan(at);
            if (rest[0] == '\n')
            {
                line++;
                at++;
            }
            else if (char.IsWhiteSpace(rest[0]))
            {
                at++;
            }
            else if (rest.StartsWith("//"))
            {
                var end = rest.IndexOf('\n');
                at += end < 0 ? rest.Length : end;
            }
            else if (rest.StartsWith("/*"))
            {
                var end = rest[2..].IndexOf("*/", StringComparison.Ordinal);
                if (end < 0)
                {
                    throw new ModuleException(2, FormattableString.Invariant($"Line {line} of the network definition begins a comment that does not end."));
                }

                line += rest[..(end + 4)].Count('\n');
                at += end + 4;
            }
            else
            {
                var length = 1;
                if (IsWord(rest[0]))
                {
                    while (length < rest.Length && IsWord(rest[length]))
                    {
                        length++;
                    }
                }

                tokens.Add(new NetSharpToken(rest[..length].ToString(), line));
                at += length;
            }
        }

        tokens.Add(new NetSharpToken("", line));
        return tokens;

        static bool IsWord(char letter) => char.IsLetterOrDigit(letter) || letter == '_';
    }
}
