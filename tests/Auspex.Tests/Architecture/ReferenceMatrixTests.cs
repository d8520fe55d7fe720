using System.Xml.Linq;
using Xunit;

namespace Auspex.Tests.Architecture;

public sealed class ReferenceMatrixTests
{
    // docs/adr/0002: Cli is the one executable and hosts Server, since `auspex run` serves in its own process.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Auspex.Core"] = [],
        ["Auspex.Engine"] = ["Auspex.Core"],
        ["Auspex.Connectors"] = ["Auspex.Core"],
        ["Auspex.Experiments"] = ["Auspex.Core", "Auspex.Connectors"],
        ["Auspex.Activities"] = ["Auspex.Core", "Auspex.Engine", "Auspex.Connectors", "Auspex.Experiments"],
        ["Auspex.Storage"] = ["Auspex.Core", "Auspex.Engine"],
        // docs/adr/0038: what the package for other people's processes promises.
        ["Auspex.Library"] = ["Auspex.Core", "Auspex.Connectors", "Auspex.Experiments"],
        ["Auspex.Server"] =
        [
            "Auspex.Core", "Auspex.Engine", "Auspex.Connectors", "Auspex.Experiments", "Auspex.Activities", "Auspex.Storage",
        ],
        ["Auspex.Cli"] =
        [
            "Auspex.Core", "Auspex.Engine", "Auspex.Connectors", "Auspex.Experiments", "Auspex.Activities", "Auspex.Storage",
            "Auspex.Server",
        ],
    };

    [Fact]
    public void Projects_InSource_AreThoseOfTheMatrix()
    {
        var found = Directory.GetDirectories(Path.Combine(RepositoryRoot.Path, "src"))
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal);

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public void References_OfEveryProject_AreWithinTheMatrix()
    {
        foreach (var (project, allowed) in Allowed)
        {
            var file = XDocument.Load(Path.Combine(RepositoryRoot.Path, "src", project, project + ".csproj"));
            var references = file.Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

            Assert.All(references, reference => Assert.Contains(reference, allowed));
        }
    }

    [Theory]
    [InlineData("Auspex.Core", "Microsoft.|Azure.|Npgsql|DuckDB")]
    [InlineData("Auspex.Engine", "Sqlite|SqlClient|Azure.|Npgsql|DuckDB|Microsoft.ML")]
    [InlineData("Auspex.Connectors", "Microsoft.ML")]
    [InlineData("Auspex.Storage", "Azure.|Microsoft.ML|DuckDB|SqlClient")]
    [InlineData("Auspex.Activities", "Microsoft.ML|Npgsql|DuckDB|Sqlite|SqlClient")]
    public void Packages_OfAProject_ExcludeThoseItMustNotKnow(string project, string forbidden)
    {
        var file = XDocument.Load(Path.Combine(RepositoryRoot.Path, "src", project, project + ".csproj"));
        var packages = file.Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value);

        Assert.DoesNotContain(packages, package => forbidden.Split('|').Any(
            part => package.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void Packages_OfTheLibrary_AreThoseThatItsOwnAssembliesNeed()
    {
        string[] inside = ["Auspex.Core", "Auspex.Connectors", "Auspex.Experiments"];
        var needed = inside.SelectMany(PackagesOf).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(needed, PackagesOf("Auspex.Library").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void MachineLearningNet_InSource_StaysInExperimentsAndOutOfScoring()
    {
        foreach (var file in SourceFiles())
        {
            var inside = file.StartsWith("src/Auspex.Experiments/", StringComparison.Ordinal)
                && !file.StartsWith("src/Auspex.Experiments/Scoring/", StringComparison.Ordinal);
            if (!inside)
            {
                // ONNX Runtime bears the name, and is not ML.NET; its own rule follows.
                var text = Read(file).Replace("using Microsoft.ML.OnnxRuntime;", "", StringComparison.Ordinal);
                Assert.DoesNotContain("using Microsoft.ML", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void OnnxRuntime_InSource_StaysInItsSession()
    {
        var users = SourceFiles().Where(file => Read(file).Contains("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal));

        Assert.Equal(
            ["src/Auspex.Experiments/Scoring/OnnxInputRows.cs", "src/Auspex.Experiments/Scoring/OnnxSession.cs"], users.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Files_InSourceAndTests_StayUnder600Lines()
    {
        var tooLong = SourceFiles().Concat(TestFiles())
            .Select(file => (file, lines: Read(file).Count(character => character == '\n')))
            .Where(entry => entry.lines > 600);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void TypeNames_InSource_AvoidEmptyNouns()
    {
        string[] endings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Impl", "Info"];
        var offenders = SourceFiles().Where(file =>
            endings.Any(ending => Path.GetFileNameWithoutExtension(file).EndsWith(ending, StringComparison.Ordinal)));

        Assert.Empty(offenders);
    }

    private static IEnumerable<string> PackagesOf(string project) =>
        XDocument.Load(Path.Combine(RepositoryRoot.Path, "src", project, project + ".csproj"))
            .Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value);

    private static IEnumerable<string> SourceFiles() => FilesUnder("src");

    private static IEnumerable<string> TestFiles() => FilesUnder("tests");

    private static IEnumerable<string> FilesUnder(string folder) =>
        Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file).Replace('\\', '/'));

    private static string Read(string file) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, file));
}
