using System.IO.Compression;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Scenarios.Experiments;

/// <summary>Runs script modules.</summary>
internal static class ScriptRuns
{
    public static ModuleServices Services { get; } = new()
    {
        OpenBlobStore = _ => throw new NotSupportedException("This test has no blob store."),
        Clock = TimeProvider.System,
        FileRoots = [],
        Scripts = new ScriptOptions { Timeout = TimeSpan.FromMinutes(2) },
    };

    /// <summary>Every type, with and without missing values.</summary>
    public static TableBatch AllTypes { get; } = TableBatches.FromRows(
        new TableSchema(
        [
            new() { Name = "whole", Type = ColumnType.Int32 },
            new() { Name = "large", Type = ColumnType.Int64 },
            new() { Name = "holes", Type = ColumnType.Int32 },
            new() { Name = "number", Type = ColumnType.Double },
            new() { Name = "truth", Type = ColumnType.Boolean },
            new() { Name = "gaps", Type = ColumnType.Boolean },
            new() { Name = "text, \"quoted\" é", Type = ColumnType.String },
            new() { Name = "level", Type = ColumnType.String, Categories = new CategoryDomain(["b", "a"]) },
            new() { Name = "time", Type = ColumnType.DateTime },
            new() { Name = "span", Type = ColumnType.TimeSpan },
        ]),
        [1, 5_000_000_000L, 3, 0.5, true, true, "a\nb", "a", "2010-05-30T18:09:00.1234567", "1.02:03:04.5"],
        [-2, -1L, null, null, false, null, null, null, null, null],
        [3, 0L, 4, double.PositiveInfinity, true, false, "", "b", "1970-01-01T00:00:00", "-00:00:01"]);

    public static async Task<ModuleContext> RunAsync(
        string module, (string Port, PortValue Value)[] inputs, (string, string)[] parameters, ModuleServices? services = null)
    {
        Assert.True(ModuleCatalog.CreateDefault().TryFind(module, out var found));
        var context = new ModuleContext(
            inputs.ToDictionary(input => input.Port, input => input.Value, StringComparer.Ordinal),
            new ModuleParameters(found.Descriptor, parameters.ToDictionary(p => p.Item1, p => p.Item2, StringComparer.Ordinal)),
            services ?? Services);
        await found.RunAsync(context, TestContext.Current.CancellationToken);
        return context;
    }

    public static TableBatch Table(ModuleContext context, string port) => ((TableValue)context.Outputs[port]).Table;

    public static string?[] Texts(TableBatch table, string column)
    {
        var values = table.Columns[table.Schema.IndexOf(column)];
        return [.. Enumerable.Range(0, table.RowCount).Select(row => ColumnText.Text(values, row, CellFormat.File))];
    }

    public static ArchiveValue Zip(params (string Name, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return new ArchiveValue(bytes.ToArray());
    }
}
