using Auspex.Errors;
using Xunit;

namespace Auspex.Tests.Core.Errors;

public sealed class DiagnosticTextTests
{
    [Theory]
    [InlineData("a/b.json", 12, "$.x", "a/b.json(12,7): error AUX1100 at $.x: found")]
    [InlineData("a/b.json", null, "$.x", "a/b.json: error AUX1100 at $.x: found")]
    [InlineData(null, null, "$", "error AUX1100: found")]
    public void Format_OfADiagnostic_NamesWhatIsKnown(string? file, int? line, string path, string expected) =>
        Assert.Equal(
            expected,
            DiagnosticText.Format(new Diagnostic(ErrorCode.MissingMember, DiagnosticSeverity.Error, "found", file, path, line, line is null ? null : 7)));
}
