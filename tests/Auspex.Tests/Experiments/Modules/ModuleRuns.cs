using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>Runs modules of the catalogue on small tables.</summary>
internal static class ModuleRuns
{
    private static readonly ModuleCatalog Catalog = ModuleCatalog.CreateDefault();

    public static ModuleServices Services { get; } = new()
    {
        OpenBlobStore = _ => throw new NotSupportedException("This test has no blob store."),
        Clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        FileRoots = [],
    };

    public static IModule Find(string module) =>
        Catalog.TryFind(module, out var found) ? found : throw new ArgumentException($"No module '{module}'.");

    public static ModuleContext Context(
        string module, IEnumerable<TableBatch> tables, (string Name, string Value)[] parameters, ModuleServices? services = null)
    {
        var descriptor = Find(module).Descriptor;
        var ports = descriptor.Inputs.Where(port => port.Type == PortType.Dataset).Select(port => port.Name);
        var inputs = ports.Zip(tables).ToDictionary(
            pair => pair.First, pair => (PortValue)new TableValue(pair.Second), StringComparer.Ordinal);
        return new ModuleContext(
            inputs,
            new ModuleParameters(descriptor, parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)),
            services ?? Services);
    }

    public static async Task<ModuleContext> RunAsync(
        string module, TableBatch[] tables, (string Name, string Value)[] parameters, ModuleServices? services = null)
    {
        var context = Context(module, tables, parameters, services);
        await Find(module).RunAsync(context, TestContext.Current.CancellationToken);
        return context;
    }

    /// <summary>Runs a module on values by port.</summary>
    public static async Task<ModuleContext> RunPortsAsync(
        string module, (string Port, PortValue Value)[] inputs, (string Name, string Value)[] parameters, ModuleServices? services = null)
    {
        var context = new ModuleContext(
            inputs.ToDictionary(input => input.Port, input => input.Value, StringComparer.Ordinal),
            new ModuleParameters(
                Find(module).Descriptor, parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)),
            services ?? Services);
        await Find(module).RunAsync(context, TestContext.Current.CancellationToken);
        return context;
    }

    /// <summary>Runs a module that must fail with a number.</summary>
    public static async Task<ModuleException> FailPortsAsync(
        int number, string module, (string Port, PortValue Value)[] inputs, params (string Name, string Value)[] parameters)
    {
        var failure = await Assert.ThrowsAsync<ModuleException>(() => RunPortsAsync(module, inputs, parameters));
        Assert.Equal(number, failure.Number);
        return failure;
    }

    public static async Task<TableBatch> OutputAsync(
        string module, TableBatch[] tables, params (string Name, string Value)[] parameters)
    {
        var context = await RunAsync(module, tables, parameters);
        return Table(context, Find(module).Descriptor.Outputs[0].Name);
    }

    public static async Task<ModuleException> FailAsync(
        int number, string module, TableBatch[] tables, params (string Name, string Value)[] parameters)
    {
        var failure = await Assert.ThrowsAsync<ModuleException>(() => RunAsync(module, tables, parameters));
        Assert.Equal(number, failure.Number);
        return failure;
    }

    public static TableBatch Table(ModuleContext context, string port) => ((TableValue)context.Outputs[port]).Table;

    /// <summary>The transform at a port, after a trip through its JSON.</summary>
    public static FittedTransform Reload(ModuleContext context, string port) =>
        Reload(((TransformValue)context.Outputs[port]).Transform);

    public static FittedTransform Reload(FittedTransform transform)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            transform.Write(writer);
        }

        using var document = JsonDocument.Parse(stream.ToArray());
        return FittedTransformReaders.Read(transform.Kind, document.RootElement);
    }

    public static TableField Field(string name, ColumnType type, ColumnRole role = ColumnRole.Feature) =>
        new() { Name = name, Type = type, Role = role };

    public static TableField Category(string name, params ImmutableArray<string> levels) =>
        new() { Name = name, Type = ColumnType.String, Categories = new CategoryDomain(levels) };

    public static TableBatch Batch(TableField[] fields, params object?[][] rows) =>
        TableBatches.FromRows(new TableSchema([.. fields]), rows);

    public static TableBatch Single(string name, ColumnType type, params object?[] values) =>
        Batch([Field(name, type)], [.. values.Select(value => new[] { value })]);

    public static string[] Names(TableBatch table) => [.. table.Schema.Fields.Select(field => field.Name)];

    /// <summary>A column's values as texts; null where missing.</summary>
    public static string?[] Texts(TableBatch table, string column)
    {
        var values = table.Columns[table.Schema.IndexOf(column)];
        return [.. Enumerable.Range(0, table.RowCount).Select(row => ColumnText.Text(values, row, CellFormat.File))];
    }

    public static double[] Numbers(TableBatch table, string column) =>
        [.. Texts(table, column).Select(text => double.Parse(text!, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Whether two tables agree in schema and in every bit of every value.</summary>
    public static void AssertSame(TableBatch expected, TableBatch actual)
    {
        Assert.Equal(expected.RowCount, actual.RowCount);
        Assert.Equal(expected.Schema.Fields.Length, actual.Schema.Fields.Length);
        for (var i = 0; i < expected.Columns.Length; i++)
        {
            Assert.Equal(expected.Schema.Fields[i], actual.Schema.Fields[i]);
            var (one, other) = (expected.Columns[i], actual.Columns[i]);
            for (var row = 0; row < expected.RowCount; row++)
            {
                Assert.Equal(
                    ColumnText.Text(one, row, CellFormat.File), ColumnText.Text(other, row, CellFormat.File));
            }
        }
    }
}
