using System.IO.Compression;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class NamedEntityRecognitionModuleTests
{
    private const string Module = "Named Entity Recognition";

    [Theory]
    [InlineData("Boston is a great place to live.", "Boston:LOC")]
    [InlineData("Yesterday Mr. Smith met Dr Anna Müller in Zürich.", "Smith:PER", "Anna Müller:PER", "Zürich:LOC")]
    [InlineData("The shares of Contoso Inc. fell; Contoso Inc. is based in New York.", "Contoso Inc:ORG", "Contoso Inc:ORG", "New York:LOC")]
    [InlineData("Professors of the University of California work with the Bank of England.", "University of California:ORG", "Bank of England:ORG")]
    [InlineData("President Barack Obama spoke. Later Obama's speech was praised by NATO.", "Barack Obama:PER", "Obama:PER", "NATO:ORG")]
    [InlineData("They crossed the Hudson River near Mount Rainier.", "Hudson River:LOC", "Mount Rainier:LOC")]
    [InlineData("On Monday the Germans bought bread. However, nobody came.")]
    [InlineData("Fabrikam announced a loss, and Wolfgang Beltracchi said nothing.", "Wolfgang Beltracchi:PER")]
    [InlineData("Shares of Fabrikam rose after Fabrikam announced gains.", "Fabrikam:ORG")]
    [InlineData("")]
    [InlineData("... ?! \" ' & - 12 3.5")]
    public async Task Find_NamesOfAText_GivesMentionAndType(string text, params string[] expected)
    {
        var found = await FindAsync(text);

        Assert.Equal(expected, ModuleRuns.Texts(found, "Mention").Zip(ModuleRuns.Texts(found, "Type"), (mention, type) => $"{mention}:{type}"));
        var mentions = ModuleRuns.Texts(found, "Mention");
        for (var row = 0; row < found.RowCount; row++)
        {
            var (offset, length) = ((int)ModuleRuns.Numbers(found, "Offset")[row], (int)ModuleRuns.Numbers(found, "Length")[row]);
            Assert.Equal(mentions[row], text.Substring(offset, length));
        }
    }

    [Fact]
    public async Task Run_SeveralArticles_CountsThemFromZeroAndPassesOverMissingOnes()
    {
        var found = await FindAsync("In Paris.", null, "Nothing.", "From Tokyo.");

        Assert.Equal(["Article", "Mention", "Offset", "Length", "Type"], ModuleRuns.Names(found));
        Assert.Equal(["0", "3"], ModuleRuns.Texts(found, "Article"));
    }

    [Fact]
    public async Task Run_WithResources_KnowsTheirNames()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in new[] { ("lists/ORG.txt", "acme widgets\r\n\r\n"), ("per.txt", "Zaphod, the \"Second\"\n"), ("readme.md", "x") })
            {
                await using var writer = new StreamWriter(await zip.CreateEntry(name).OpenAsync(TestContext.Current.CancellationToken));
                await writer.WriteAsync(text);
            }
        }

        var context = await ModuleRuns.RunPortsAsync(
            Module,
            [
                ("Story", new TableValue(ModuleRuns.Single("s", ColumnType.String, "We like acme widgets and Zaphod, the \"Second\" one."))),
                ("CustomResources", new ArchiveValue(bytes.ToArray())),
            ],
            []);

        Assert.Equal(["acme widgets", "Zaphod, the \"Second"], ModuleRuns.Texts(ModuleRuns.Table(context, "Entities"), "Mention"));
        Assert.Contains(context.Log, line => line.Contains("readme.md", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WithoutTextOrOnADamagedArchive_FailsByNumber()
    {
        await ModuleRuns.FailAsync(17, Module, [ModuleRuns.Single("x", ColumnType.Double, 1.0)]);
        await ModuleRuns.FailPortsAsync(3, Module, []);
        await ModuleRuns.FailPortsAsync(
            102, Module,
            [("Story", new TableValue(ModuleRuns.Single("s", ColumnType.String, "x"))), ("CustomResources", new ArchiveValue(new byte[] { 1, 2, 3 }))]);
    }

    [Theory]
    [InlineData("Import Images", 39)]
    [InlineData("Pretrained Cascade Image Classification", 39)]
    [InlineData("Create R Model", 63)]
    public async Task Run_WhatOnlyLoads_FailsByName(string module, int number)
    {
        var failure = await ModuleRuns.FailAsync(number, module, []);

        Assert.Contains(module, failure.Message, StringComparison.Ordinal);
    }

    private static Task<TableBatch> FindAsync(params string?[] articles) =>
        ModuleRuns.OutputAsync(Module, [ModuleRuns.Single("story, \"one\"", ColumnType.String, [.. articles])]);
}
