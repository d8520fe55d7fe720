using System.Text;
using System.Text.RegularExpressions;

namespace Auspex.Activities.Datasets.Files;

/// <summary>A path pattern: <c>*</c> for any characters but a slash, <c>?</c> for one, <c>^</c> before a character that is meant itself.</summary>
internal sealed class WildcardPattern
{
    private readonly Regex _expression;

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">With forward slashes.</param>
    /// <param name="allowsMoreFolders">Whether paths may go on below what the pattern says.</param>
    public WildcardPattern(string pattern, bool allowsMoreFolders = false)
    {
        var expression = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var character = pattern[i];
            if (character == '^' && i + 1 < pattern.Length)
            {
                character = pattern[++i];
                expression.Append(Regex.Escape(character.ToString()));
                continue;
            }

            expression.Append(character switch
            {
                '*' => "[^/]*",
                '?' => "[^/]",
                _ => Regex.Escape(character.ToString()),
            });
        }

        expression.Append(allowsMoreFolders ? "(?:/.*)?$" : "$");
        _expression = new Regex(
            expression.ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
    }

    /// <summary>Whether a text holds a wildcard.</summary>
    public static bool IsPattern(string? text) => text is not null && text.AsSpan().ContainsAny('*', '?');

    /// <summary>The folders before the first one that holds a wildcard.</summary>
    public static string LiteralPart(string folderPattern)
    {
        var literal = folderPattern.Split('/').TakeWhile(part => part.AsSpan().IndexOfAny('*', '?', '^') < 0);
        return string.Join('/', literal);
    }

    /// <summary>Whether a path fits.</summary>
    public bool Matches(string path) => _expression.IsMatch(path);
}
