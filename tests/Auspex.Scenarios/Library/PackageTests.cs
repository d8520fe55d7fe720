using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Auspex.Scenarios.Cli;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Library;

/// <summary>The package as its users meet it: packed, referenced from a project outside of the repository, run.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Package_InAFreshProject_TrainsLoadsAndScoresWithTheBitsOfTheProgram()
    {
        var packages = _folder.File("feed");
        await DotnetAsync(Path.Combine(Root, "src", "Auspex.Library"), "pack", "-c", "Release", "-o", packages, "--nologo", "-v", "quiet");
        var package = Assert.Single(Directory.GetFiles(packages, "*.nupkg"));
        var version = CheckContent(package);
        await WriteProjectAsync(packages, version);
        await File.WriteAllTextAsync(_folder.File("people.csv"), People(), Cancellation);

        await DotnetAsync(_folder.File("app"), "run", "-c", "Release", "--", _folder.Path);
        var (exitCode, process) = await AuspexProcess.RunAsync(
            _folder.Path, Cancellation, "score", "--model", "library.ilearner", "--input", "people.csv", "--output", "program.csv");

        await using (process)
        {
            Assert.True(exitCode == 0, process.Transcript);
        }

        var program = await File.ReadAllTextAsync(_folder.File("program.csv"), Cancellation);
        Assert.Equal(program, await File.ReadAllTextAsync(_folder.File("library.csv"), Cancellation));
        Assert.Equal(
            program.TrimEnd('\n').Split('\n').Skip(1).Select(line => line[(line.LastIndexOf(',') + 1)..]),
            await File.ReadAllLinesAsync(_folder.File("rows.txt"), Cancellation));
    }

    // The readme's sample, as it stands, with the files that it speaks of.
    [Fact]
    public async Task Sample_OfTheReadme_CompilesAndRuns()
    {
        var packages = _folder.File("feed");
        await DotnetAsync(Path.Combine(Root, "src", "Auspex.Library"), "pack", "-c", "Release", "-o", packages, "--nologo", "-v", "quiet");
        await WriteProjectAsync(packages, CheckContent(Assert.Single(Directory.GetFiles(packages, "*.nupkg"))));
        var readme = await File.ReadAllTextAsync(Path.Combine(Root, "src", "Auspex.Library", "README.md"), Cancellation);
        var sample = readme.Split("```csharp\n")[1].Split("```")[0];
        await File.WriteAllTextAsync(_folder.File("app/Program.cs"), sample, Cancellation);
        var people = People().Replace("age,city,hours,income", "age,education,hours,income", StringComparison.Ordinal).Replace("Oslo", "Bachelors", StringComparison.Ordinal);
        var columns = people.Split('\n').Select(line => string.Join(',', line.Split(',').Where((_, column) => column != 2))).ToList();
        var rows = string.Join('\n', columns.Where(line => !line.Contains("Trondheim", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(_folder.File("people.csv"), rows, Cancellation);
        await File.WriteAllTextAsync(_folder.File("new-people.csv"), rows, Cancellation);
        Directory.CreateDirectory(_folder.File("experiment"));
        await File.WriteAllTextAsync(
            _folder.File("experiment/Income training.json"),
            """
            { "name": "Income training", "nodes": {
                "data": { "module": "Enter Data Manually", "parameters": { "Data": "x,y\n1,a\n2,b\n3,a\n4,b\n" } },
                "learner": { "module": "Two-Class Logistic Regression" },
                "train": { "module": "Train Model", "inputs": { "Untrained model": "learner", "Dataset": "data" }, "parameters": { "Label column": "y" } } } }
            """,
            Cancellation);

        await DotnetAsync(_folder.Path, "run", "-c", "Release", "--project", "app");

        Assert.True(File.Exists(_folder.File("income.ilearner")));
        Assert.True(new FileInfo(_folder.File("scored.parquet")).Length > 1000);
    }

    private static string Root { get; } = FindRoot();

    private static string CheckContent(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        var names = archive.Entries.Select(entry => entry.FullName).ToList();
        string[] inside = ["Auspex.Library", "Auspex.Core", "Auspex.Connectors", "Auspex.Experiments"];
        Assert.All(inside, assembly => Assert.Contains($"lib/net10.0/{assembly}.dll", names));
        Assert.Equal(["ref/net10.0/Auspex.Library.dll", "ref/net10.0/Auspex.Library.xml"], names.Where(name => name.StartsWith("ref/", StringComparison.Ordinal)).Order());
        Assert.Contains("README.md", names);
        Assert.Contains("LICENSE", names);
        using var stream = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single();
        var dependencies = metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value).ToList();
        Assert.Contains("Microsoft.ML", dependencies);
        Assert.DoesNotContain(dependencies, id => id.StartsWith("Auspex", StringComparison.Ordinal));
        Assert.Equal("LICENSE", Text("license"));
        Assert.Equal("README.md", Text("readme"));
        return Text("version");

        string Text(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
    }

    private async Task WriteProjectAsync(string packages, string version)
    {
        Directory.CreateDirectory(_folder.File("app"));

        // Other packages come from where this machine has them; the package folder is one of our own, since a version is packed anew each time.
        await File.WriteAllTextAsync(
            _folder.File("app/NuGet.config"),
            $"""
            <configuration>
              <packageSources><add key="built" value="{packages}" /></packageSources>
            </configuration>
            """,
            Cancellation);
        await File.WriteAllTextAsync(
            _folder.File("app/app.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestorePackagesPath>{_folder.File("packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{GlobalPackages}</RestoreFallbackFolders>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="Auspex.Library" Version="{version}" /></ItemGroup>
            </Project>
            """,
            Cancellation);
        await File.WriteAllTextAsync(
            _folder.File("app/Program.cs"),
            """
            using System.Globalization;
            using Auspex.Library;

            string At(string name) => Path.Combine(args[0], name);
            var trained = await Trainer.TrainFileAsync(At("people.csv"), new TrainingSettings { Label = "income" });
            await trained.Model.SaveAsync(At("library.ilearner"));
            var model = Model.Load(At("library.ilearner"));
            await model.ScoreFileAsync(At("people.csv"), At("library.csv"));
            var rows = await Table.ReadAsync(At("people.csv"));
            var scorer = model.CreateRowScorer();
            File.WriteAllLines(At("rows.txt"), Enumerable.Range(0, rows.RowCount).Select(row =>
            {
                foreach (var input in model.Inputs)
                {
                    var index = scorer.IndexOf(input.Name);
                    switch (rows.Value(row, input.Name))
                    {
                        case string text: scorer.Set(index, text); break;
                        case null: scorer.SetMissing(index); break;
                        case var number: scorer.Set(index, Convert.ToDouble(number)); break;
                    }
                }

                return scorer.Score().Score.ToString("R", CultureInfo.InvariantCulture);
            }));
            """,
            Cancellation);
    }

    private static string GlobalPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string People()
    {
        var random = new Random(11);
        return "age,city,hours,income\n" + string.Concat(Enumerable.Range(0, 1000).Select(_ =>
        {
            var (age, city, hours) = (random.Next(18, 90), random.Next(3), random.Next(10, 60) + 0.5);
            var name = new[] { "Oslo", "Bergen", "\"Trondheim, north\"" }[city];
            return FormattableString.Invariant($"{(random.Next(20) == 0 ? "" : age)},{name},{hours},{(age + (20 * city) + hours + random.Next(30) > 120 ? "high" : "low")}\n");
        }));
    }

    private static async Task DotnetAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{await output}\n{await errors}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Auspex.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Auspex.slnx above {AppContext.BaseDirectory}.");
    }
}
