using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Add Rows": the second table below the first, columns matched by position. Names must be equal, types compatible:
/// integers and doubles widen, categories are joined, a category above plain text becomes text. Roles are the first table's.
/// </summary>
internal sealed class AddRowsModule : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Add Rows",
        Category = "Data Transformation/Manipulation",
        FamilyId = "b2ebdabd217d491586cc5b05972f7270",
        Inputs = [Declare.Dataset("Dataset1"), Declare.Dataset("Dataset2")],
        Outputs = [Declare.Dataset("Results dataset")],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var first = context.Table("Dataset1");
        var second = context.Table("Dataset2");
        Check(first.Schema, second.Schema);
        context.Set("Results dataset", TableBatches.Concatenate(first, second));
        return Task.CompletedTask;
    }

    private static void Check(TableSchema first, TableSchema second)
    {
        if (first.Fields.Length != second.Fields.Length)
        {
            throw new ModuleException(
                8,
                $"The first dataset has {first.Fields.Length} columns, the second {second.Fields.Length}; "
                + "Add Rows needs equally many.");
        }

        for (var i = 0; i < first.Fields.Length; i++)
        {
            var above = first.Fields[i];
            var below = second.Fields[i];
            if (above.Name != below.Name)
            {
                throw new ModuleException(
                    10,
                    $"Column {i + 1} is named '{above.Name}' in the first dataset and '{below.Name}' in the second; "
                    + "rename or reorder so that names agree by position.");
            }

            if (above.Type != below.Type && !(above.IsNumeric && below.IsNumeric))
            {
                throw new ModuleException(
                    16,
                    $"Column '{above.Name}' is {above.Type} in the first dataset and {below.Type} in the second; "
                    + "convert one with Edit Metadata.");
            }
        }
    }
}
