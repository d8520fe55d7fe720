using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Build Counting Transform": counts how often each class comes with each value of columns. Counts of the connected
/// dataset only; a blob is to be read with Import Data first.
/// </summary>
internal sealed class BuildCountingTransformModule : IModule
{
    private const string Classes = "Number of classes";
    private const string Bits = "The bits of hash function";
    private const string Seed = "The seed of hash function";
    private const string ModuleType = "Module type";
    private const string Label = "Label column index or name";
    private const string Selection = "Select columns to count";
    private const string TableType = "Count table type";
    private const string Sketch = "CMSketch";
    private const string Depth = "Depth of CM sketch table";
    private const string Width = "Width of CM sketch table";
    private const string Blob = "Blob";
    private const string MapReduce = "MapReduce";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Build Counting Transform",
        Category = "Data Transformation/Learning with Counts",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Transform("Counting transform")],
        Parameters =
        [
            Declare.Integer(Classes, "2", 2),
            Declare.Integer(Bits, "20", 12, 31),
            Declare.Integer(Seed, "1"),
            Declare.Choice(ModuleType, "Dataset", ["Dataset", Blob, MapReduce]),
            Declare.Columns(Label, when: Declare.When(ModuleType, "Dataset")),
            Declare.Columns(Selection, when: Declare.When(ModuleType, "Dataset")),
            Declare.Choice(TableType, "Dictionary", ["Dictionary", Sketch]),
            Declare.Integer(Depth, "4", 1, when: Declare.When(TableType, Sketch)),
            Declare.Integer(Width, "20", 1, 31, when: Declare.When(TableType, Sketch)),
            Declare.Text("Blob name", when: Declare.When(ModuleType, Blob)),
            Declare.Text("Account name", when: Declare.When(ModuleType, Blob)),
            Declare.Secret("Account key", when: Declare.When(ModuleType, Blob)),
            Declare.Text("Container name", when: Declare.When(ModuleType, Blob)),
            Declare.Text("Count columns", when: Declare.When(ModuleType, Blob, MapReduce)),
            Declare.Integer("Label column", "1", when: Declare.When(ModuleType, Blob, MapReduce)),
            Declare.Choice("Blob format", "CSV", ["CSV", "TSV"], when: Declare.When(ModuleType, Blob, MapReduce)),
            Declare.Text("Default storage account name", when: Declare.When(ModuleType, MapReduce)),
            Declare.Secret("Default storage account key", when: Declare.When(ModuleType, MapReduce)),
            Declare.Text("Default container name", when: Declare.When(ModuleType, MapReduce)),
            Declare.Text("Cluster URI", when: Declare.When(ModuleType, MapReduce)),
            Declare.Text("Username", when: Declare.When(ModuleType, MapReduce)),
            Declare.Secret("Password", when: Declare.When(ModuleType, MapReduce)),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var parameters = context.Parameters;
        var type = parameters.Choice(ModuleType, errorIfOther: 88);
        if (type != "Dataset")
        {
            throw new ModuleException(
                88, $"'{ModuleType}' is '{type}'; counts are made of the connected dataset here. Read the blob with Import Data, and choose 'Dataset'.");
        }

        var label = parameters.SingleColumn(Label, table.Schema);
        var selected = parameters.Columns(Selection, table.Schema);
        var classes = CategoryDomains.Of(table.Columns[label]).Levels;
        var count = parameters.Integer(Classes);
        if (classes.Length > count)
        {
            throw new ModuleException(
                89, $"'{Classes}' is {count}; label column '{table.Schema.Fields[label].Name}' has {classes.Length} distinct values.");
        }

        // Classes that no row has still have their columns.
        classes = classes.AddRange(Enumerable.Range(classes.Length, count - classes.Length).Select(i => $"Class{i}"));
        var isSketch = parameters.Choice(TableType, errorIfOther: 87) == Sketch;
        var scheme = new CountingScheme(
            classes,
            parameters.Integer(Bits),
            parameters.Integer(Seed),
            isSketch ? parameters.Integer(Depth) : 0,
            isSketch ? parameters.Integer(Width) : 0);
        var codes = new LevelCodes(label, new CategoryDomain(classes)).Of(table);
        var columns = ImmutableArray.CreateBuilder<ColumnCounts>(selected.Length);
        foreach (var index in selected)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (index == label)
            {
                throw new ModuleException(28, $"Column '{table.Schema.Fields[index].Name}' is the label and is also selected to count; leave it out of one of the two.");
            }

            columns.Add(new ColumnCounts(table.Schema.Fields[index].Name, Count(scheme, table.Columns[index], codes)));
        }

        context.Set(
            "Counting transform", new TransformValue(new CountingTransform(scheme, CountingFeatures.Default, columns.MoveToImmutable())));
        return Task.CompletedTask;
    }

    private static ImmutableDictionary<long, double[]> Count(CountingScheme scheme, Column column, int[] codes)
    {
        var counts = new Dictionary<long, double[]>();
        Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
        for (var row = 0; row < codes.Length; row++)
        {
            if (codes[row] < 0 || !ColumnText.TryGetUtf8(column, row, CellFormat.File, scratch, out var utf8))
            {
                continue;
            }

            foreach (var key in scheme.Keys(utf8))
            {
                if (!counts.TryGetValue(key, out var ofKey))
                {
                    counts.Add(key, ofKey = new double[scheme.Classes.Length]);
                }

                ofKey[codes[row]]++;
            }
        }

        return counts.ToImmutableDictionary();
    }
}
