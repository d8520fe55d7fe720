using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.TestKit.Experiments;

/// <summary>Modules with behaviour that a test can foretell, under names of their own.</summary>
public static class FakeModules
{
    /// <summary>The fakes, and those of the product's modules that the graph itself knows.</summary>
    public static ModuleCatalog Catalog(params IModule[] more)
    {
        var catalog = new ModuleCatalog()
            .Add(new ApplyTransformationModule())
            .Add(new WebServiceInputModule())
            .Add(new WebServiceOutputModule())
            .Add(new NumbersModule())
            .Add(new AddModule())
            .Add(new SumModule())
            .Add(new PairModule())
            .Add(new ShiftModule())
            .Add(new FakeLearnerModule())
            .Add(new FakeTrainerModule())
            .Add(new FakeScorerModule())
            .Add(new FakeEvaluatorModule());
        foreach (var module in more)
        {
            catalog.Add(module);
        }

        return catalog;
    }

    internal static TableBatch Map(TableBatch table, Func<double, double> function)
    {
        var values = ((DoubleColumn)table.Columns[0]).Values.ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = function(values[i]);
        }

        return new TableBatch(
            table.Schema,
            table.Columns.SetItem(0, new DoubleColumn(values, values.Length, table.Columns[0].Validity)),
            table.RowCount);
    }
}

/// <summary>Gives the numbers of its parameter in column x; counts its runs.</summary>
public sealed class NumbersModule : IModule
{
    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public ModuleDescriptor Descriptor { get; init; } = new()
    {
        Name = "Numbers",
        Category = "Data Input and Output",
        Outputs = [new ModulePort("dataset", PortType.Dataset)],
        Parameters =
        [
            new ModuleParameter { Name = "Values", Kind = ParameterKind.String, Default = "1;2;3" },
            new ModuleParameter { Name = "Password", Kind = ParameterKind.Credential, IsOptional = true },
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        context.Set("dataset", SmallTables.Numbers(
            "x",
            [.. context.Parameters.Required("Values").Split(';').Select(text => (double?)double.Parse(text, CultureInfo.InvariantCulture))]));
        return Task.CompletedTask;
    }
}

/// <summary>Adds its parameter to the first column, row by row.</summary>
public sealed class AddModule : IRowwiseModule
{
    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Add",
        Category = "Statistical Functions",
        Inputs = [new ModulePort("Dataset", PortType.Dataset)],
        Outputs = [new ModulePort("Results dataset", PortType.Dataset)],
        Parameters =
        [
            new ModuleParameter { Name = "Amount", Kind = ParameterKind.Integer, Default = "1", Minimum = -100, Maximum = 100 },
            new ModuleParameter { Name = "Mode", Kind = ParameterKind.Enum, Default = "Plain", Values = ["Plain", "Twice"] },
            new ModuleParameter
            {
                Name = "Factor",
                Kind = ParameterKind.Float,
                Minimum = 0,
                MinimumIsExclusive = true,
                VisibleWhen = new ParameterVisibility("Mode", ["Twice"]),
                Default = "2",
            },
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        var table = context.Table("Dataset");
        context.Set("Results dataset", Bind(table.Schema, context).Apply(table));
        return Task.CompletedTask;
    }

    public IRowTransform Bind(TableSchema input, ModuleContext context)
    {
        if (input.Fields.IsEmpty || input.Fields[0].Type != ColumnType.Double)
        {
            throw new ModuleException(17, $"Column '{input.Fields[0].Name}' is {input.Fields[0].Type}; expected Double.");
        }

        return new Mapped(input, context.Parameters.Integer("Amount"));
    }

    private sealed class Mapped(TableSchema schema, int amount) : IRowTransform
    {
        public TableSchema Output => schema;

        public ColumnFlow Flow { get; } = ColumnFlow.Opaque(schema.Fields.Length, schema.Fields.Length);

        public TableBatch Apply(TableBatch batch) => FakeModules.Map(batch, value => value + amount);
    }
}

/// <summary>One row with the sum of the first column: works on the whole table.</summary>
public sealed class SumModule : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Sum",
        Category = "Statistical Functions",
        Inputs = [new ModulePort("Dataset", PortType.Dataset)],
        Outputs = [new ModulePort("Results dataset", PortType.Dataset)],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var sum = 0.0;
        foreach (var value in ((DoubleColumn)context.Table("Dataset").Columns[0]).Values)
        {
            sum += value;
        }

        context.Set("Results dataset", SmallTables.Numbers("sum", sum));
        return Task.CompletedTask;
    }
}

/// <summary>Adds two tables' first columns row by row, after each other where one is longer: needs both.</summary>
public sealed class PairModule : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Pair",
        Category = "Data Transformation/Manipulation",
        Inputs = [new ModulePort("Left", PortType.Dataset), new ModulePort("Right", PortType.Dataset, IsOptional: true)],
        Outputs = [new ModulePort("Results dataset", PortType.Dataset), new ModulePort("Count", PortType.Dataset)],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var left = context.Table("Left");
        var right = context.Has("Right") ? ((DoubleColumn)context.Table("Right").Columns[0]).Values.ToArray() : [0];
        var row = 0;
        context.Set("Results dataset", FakeModules.Map(left, value => value + right[row++ % right.Length]));
        context.Set("Count", SmallTables.Numbers("count", left.RowCount));
        return Task.CompletedTask;
    }
}

/// <summary>Fits the mean of the first column and takes it away.</summary>
public sealed class ShiftModule : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Shift",
        Category = "Data Transformation/Scale and Reduce",
        Inputs = [new ModulePort("Dataset", PortType.Dataset)],
        Outputs = [new ModulePort("Transformed dataset", PortType.Dataset), new ModulePort("Transformation", PortType.ITransform)],
        Parameters = [new ModuleParameter { Name = "Drops rows", Kind = ParameterKind.Boolean, Default = "False" }],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var sum = 0.0;
        foreach (var value in ((DoubleColumn)table.Columns[0]).Values)
        {
            sum += value;
        }

        var transform = new ShiftTransform(sum / table.RowCount, context.Parameters.Boolean("Drops rows"));
        context.Set("Transformed dataset", transform.Bind(table.Schema).Apply(table));
        context.Set("Transformation", new TransformValue(transform));
        return Task.CompletedTask;
    }
}

/// <summary>What <see cref="ShiftModule"/> fitted.</summary>
public sealed class ShiftTransform(double mean, bool dropsRows) : FittedTransform
{
    public double Mean { get; } = mean;

    public override string Kind => "shift";

    public override bool KeepsRows => !dropsRows;

    public override IRowTransform Bind(TableSchema input) => new Shifted(input, Mean);

    public override void Write(System.Text.Json.Utf8JsonWriter writer) => writer.WriteNumberValue(Mean);

    private sealed class Shifted(TableSchema schema, double mean) : IRowTransform
    {
        public TableSchema Output => schema;

        public ColumnFlow Flow { get; } = ColumnFlow.Opaque(schema.Fields.Length, schema.Fields.Length);

        public TableBatch Apply(TableBatch batch) => FakeModules.Map(batch, value => value - mean);
    }
}

/// <summary>A module made of a delegate.</summary>
public sealed class LambdaModule(ModuleDescriptor descriptor, Func<ModuleContext, CancellationToken, Task> run) : IModule
{
    public ModuleDescriptor Descriptor => descriptor;

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken) => run(context, cancellationToken);

    /// <summary>A module with one optional table input and one table output.</summary>
    public static LambdaModule Of(string name, Func<ModuleContext, CancellationToken, Task> run, bool isDeterministic = true, ImmutableArray<ModuleParameter> parameters = default) =>
        new(
            new ModuleDescriptor
            {
                Name = name,
                Category = "Test",
                Inputs = [new ModulePort("Dataset", PortType.Dataset, IsOptional: true)],
                Outputs = [new ModulePort("Results dataset", PortType.Dataset)],
                IsDeterministic = isDeterministic,
                Parameters = parameters.IsDefault ? [] : parameters,
            },
            run);
}
