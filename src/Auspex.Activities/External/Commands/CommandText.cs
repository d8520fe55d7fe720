using System.Text;

namespace Auspex.Activities.External.Commands;

/// <summary>Divides a command into program and arguments, without a shell: words at blanks, quotes of either kind hold one together.</summary>
internal static class CommandText
{
    /// <summary>The words; empty for blank text; null when a quote is not closed.</summary>
    /// <remarks>Inside double quotes a backslash before a double quote or a backslash takes away its meaning; elsewhere it is itself, as paths of Windows need it.</remarks>
    public static List<string>? Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isOpen = false;
        var quote = '\0';
        for (var i = 0; i < command.Length; i++)
        {
            var letter = command[i];
            if (quote != '\0')
            {
                if (letter == quote)
                {
                    quote = '\0';
                }
                else if (quote == '"' && letter == '\\' && i + 1 < command.Length && command[i + 1] is '"' or '\\')
                {
                    word.Append(command[++i]);
                }
                else
                {
                    word.Append(letter);
                }
            }
            else if (letter is '"' or '\'')
            {
                (quote, isOpen) = (letter, true);
            }
            else if (char.IsWhiteSpace(letter))
            {
                if (isOpen)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    isOpen = false;
                }
            }
            else
            {
                word.Append(letter);
                isOpen = true;
            }
        }

        if (quote != '\0')
        {
            return null;
        }

        if (isOpen)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
