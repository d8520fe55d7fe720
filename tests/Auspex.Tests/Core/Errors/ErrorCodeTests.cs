using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Auspex.Errors;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Core.Errors;

public sealed partial class ErrorCodeTests
{
    private const string Heading =
        """
        # Diagnostics of definitions

        What `auspex validate` and every load of a factory can report. Each diagnostic names file, JSON path, line and column and says what was
        found, what was expected and what to do; this table is for looking a code up later. A code is never reused. The texts come from
        `src/Auspex.Core/Errors/ErrorCode.Definitions.cs`; a test compares them.

        | code | name | cause and remedy |
        |---|---|---|

        """;

    [Fact]
    public void Codes_OfAllProjects_AreUnique()
    {
        var codes = typeof(ErrorCode).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(property => ((ErrorCode)property.GetValue(null)!).Value)
            .ToArray();

        Assert.Empty(codes.GroupBy(code => code).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.All(codes, code => Assert.Matches("^AUX[1-8][0-9]{3}$", code));
    }

    [Fact]
    public void DiagnosticsDocument_OfTheDefinitionCodes_ListsEachWithItsText()
    {
        var source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "Auspex.Core", "Errors", "ErrorCode.Definitions.cs"));
        var table = new StringBuilder(Heading);
        foreach (var match in Entry().Matches(source).OrderBy(match => match.Groups["code"].Value, StringComparer.Ordinal))
        {
            var text = Spaces().Replace(match.Groups["text"].Value.Replace("///", " ", StringComparison.Ordinal), " ").Trim();
            table.Append($"| {match.Groups["code"].Value} | {match.Groups["name"].Value} | {Markdown(text)} |\n");
        }

        var document = Path.Combine(RepositoryRoot.Path, "docs", "compat", "diagnostics.md");
        var written = File.Exists(document) ? File.ReadAllText(document) : string.Empty;
        if (written != table.ToString())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(document)!);
            File.WriteAllText(Path.ChangeExtension(document, ".received.md"), table.ToString());
        }

        Assert.Equal(table.ToString(), written);
    }

    private static string Markdown(string text) => text
        .Replace("<c>", "`", StringComparison.Ordinal)
        .Replace("</c>", "`", StringComparison.Ordinal)
        .Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"<summary>(?<text>.*?)</summary>\s*public static ErrorCode (?<name>\w+) => new\(""(?<code>\w+)""\)", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
