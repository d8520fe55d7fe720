using Auspex.Experiments.Modules.Keys;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Remove Duplicate Rows": one row for each combination of key values, the first or the last of them, in input
/// order. Missing equals missing, NaN equals NaN.
/// </summary>
internal sealed class RemoveDuplicateRowsModule : IModule
{
    private const string Keys = "Key column selection filter expression";
    private const string KeepFirst = "Retain first duplicate row";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Remove Duplicate Rows",
        Category = "Data Transformation/Manipulation",
        FamilyId = "02016f47e4c34a069ae516c747389e34",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters = [Declare.Columns(Keys), Declare.Boolean(KeepFirst, true)],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var columns = context.Parameters.Columns(Keys, table.Schema, errorIfNone: 20);
        var keepsFirst = context.Parameters.Boolean(KeepFirst);
        var keys = new RowKeys(table, columns);
        cancellationToken.ThrowIfCancellationRequested();

        var index = new RowIndex(keys);
        var kept = new List<int>(table.RowCount);
        for (var i = 0; i < table.RowCount; i++)
        {
            var row = keepsFirst ? i : table.RowCount - 1 - i;
            if (index.First(keys, row) < 0)
            {
                index.Add(row);
                kept.Add(row);
            }
        }

        if (!keepsFirst)
        {
            kept.Reverse();
        }

        context.Set(
            "Results dataset",
            kept.Count == table.RowCount
                ? table
                : table.Take(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kept)));
        return Task.CompletedTask;
    }
}
