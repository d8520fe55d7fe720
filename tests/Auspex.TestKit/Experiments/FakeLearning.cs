using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.TestKit.Experiments;

/// <summary>An untrained model that learns the sum of its first column.</summary>
public sealed class FakeLearnerModule : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Fake Learner",
        Category = "Machine Learning/Initialize Model/Regression",
        Outputs = [new ModulePort("Untrained model", PortType.ILearner)],
        Parameters =
        [
            new ModuleParameter { Name = "Random number seed", Kind = ParameterKind.Integer, IsOptional = true },
            new ModuleParameter { Name = "Weight", Kind = ParameterKind.Float, Default = "1" },
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        context.Set("Untrained model", new LearnerValue(new Learner(context.Parameters.Float("Weight"))));
        return Task.CompletedTask;
    }

    private sealed class Learner(double weight) : ILearner
    {
        public string Name => "Fake Learner";

        public ModelTask Task => ModelTask.Regression;

        public TrainedModel Train(TableBatch table, string labelColumn, TrainingOptions options, CancellationToken cancellationToken)
        {
            var sum = 0.0;
            foreach (var value in ((DoubleColumn)table.Columns[0]).Values)
            {
                sum += value;
            }

            return FakeModels.Create(table.Schema.Fields[0].Name, labelColumn, sum * weight);
        }
    }
}

/// <summary>Trains an untrained model on a table.</summary>
public sealed class FakeTrainerModule : IModule
{
    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Fake Trainer",
        Category = "Machine Learning/Train",
        Inputs = [new ModulePort("Untrained model", PortType.ILearner), new ModulePort("Dataset", PortType.Dataset)],
        Outputs = [new ModulePort("Trained model", PortType.ILearner)],
        Parameters = [new ModuleParameter { Name = "Label column", Kind = ParameterKind.String, Default = "y" }],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        context.Set("Trained model", new ModelValue(context.Get<LearnerValue>("Untrained model").Learner.Train(
            context.Table("Dataset"), context.Parameters.Required("Label column"), new TrainingOptions(1, null), cancellationToken)));
        return Task.CompletedTask;
    }
}

/// <summary>Regression models that add their bias to one feature.</summary>
public static class FakeModels
{
    public static LinearModel Create(string feature, string label, double bias, ModelTask task = ModelTask.Regression) => new(
        new ModelDescription
        {
            Learner = "Fake Learner",
            Task = task,
            Label = new TableField { Name = label, Type = ColumnType.Double },
            Features = new TableSchema([new TableField { Name = feature, Type = ColumnType.Double }]),
            Classes = task == ModelTask.Binary ? ["0", "1"] : [],
        },
        [1.0],
        bias);
}

/// <summary>Scores row by row.</summary>
public sealed class FakeScorerModule : IRowwiseModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Fake Scorer",
        Category = "Machine Learning/Score",
        Inputs = [new ModulePort("Trained model", PortType.ILearner), new ModulePort("Dataset", PortType.Dataset)],
        Outputs = [new ModulePort("Scored dataset", PortType.Dataset)],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        context.Set("Scored dataset", Bind(table.Schema, context).Apply(table));
        return Task.CompletedTask;
    }

    public IRowTransform Bind(TableSchema input, ModuleContext context) =>
        context.Get<ModelValue>("Trained model").Model.Bind(input, appendScores: true);
}

/// <summary>Counts scored rows.</summary>
public sealed class FakeEvaluatorModule : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Fake Evaluator",
        Category = "Machine Learning/Evaluate",
        Inputs = [new ModulePort("Scored dataset", PortType.Dataset)],
        Outputs = [new ModulePort("Evaluation results", PortType.Dataset)],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        context.Set("Evaluation results", SmallTables.Numbers("rows", context.Table("Scored dataset").RowCount));
        return Task.CompletedTask;
    }
}

/// <summary>Writes fake transforms; everything else goes to the product's format.</summary>
public sealed class FakeModelFormat : IModelFormat
{
    private readonly ModelContainerFormat _real = new();

    public void WriteModel(Stream stream, TrainedModel model) => _real.WriteModel(stream, model);

    public TrainedModel ReadModel(Stream stream) => _real.ReadModel(stream);

    public void WriteTransform(Stream stream, FittedTransform transform)
    {
        if (transform is ShiftTransform shift)
        {
            stream.Write("FAKE"u8);
            stream.Write(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{shift.Mean:R}|{!shift.KeepsRows}")));
        }
        else
        {
            _real.WriteTransform(stream, transform);
        }
    }

    public FittedTransform ReadTransform(Stream stream)
    {
        var start = stream.Position;
        var magic = new byte[4];
        if (stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.AsSpan().SequenceEqual("FAKE"u8))
        {
            using var reader = new StreamReader(stream, leaveOpen: true);
            var parts = reader.ReadToEnd().Split('|');
            return new ShiftTransform(double.Parse(parts[0], CultureInfo.InvariantCulture), bool.Parse(parts[1]));
        }

        stream.Position = start;
        return _real.ReadTransform(stream);
    }
}
