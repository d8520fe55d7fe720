using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Vowpal;

namespace Auspex.Experiments.Modules.Vowpal;

/// <summary>Studio's "Score Vowpal Wabbit Version ... Model": predicts for each line of a column of text.</summary>
internal sealed class ScoreVowpalWabbitModule : RowwiseModule
{
    private const string ModelPort = "Trained model";
    private const string Arguments = "VW arguments";
    private const string WithLabels = "Include an extra column containing labels";
    private const string DataType = "Specify data type";
    private const string WithSums = "Include an extra column containing raw scores";

    private ScoreVowpalWabbitModule(string version, bool hasSums) => Descriptor = new()
    {
        Name = $"Score Vowpal Wabbit Version {version} Model",
        Category = "Text Analytics",
        Inputs = [new(ModelPort, PortType.ILearner), Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters =
        [
            Declare.Text(Arguments, isOptional: true),
            Declare.Boolean(WithLabels, false),
            Declare.Choice(DataType, "VW", ["VW", "SVMLight"]),
            .. hasSums ? [Declare.Boolean(WithSums, false)] : Array.Empty<ModuleParameter>(),
        ],
    };

    public static ScoreVowpalWabbitModule Version74 { get; } = new("7-4", hasSums: false);

    public static ScoreVowpalWabbitModule Version710 { get; } = new("7-10", hasSums: false);

    public static ScoreVowpalWabbitModule Version8 { get; } = new("8", hasSums: true);

    public override ModuleDescriptor Descriptor { get; }

    public override IRowTransform Bind(TableSchema input, ModuleContext context)
    {
        var model = context.Get<PortValue>(ModelPort) switch
        {
            ModelValue { Model: VowpalModel vowpal } => vowpal,
            ModelValue { Model: var other } => throw new ModuleException(
                13, $"Input port '{ModelPort}' holds a model of {other.Learner}; expected one of Vowpal Wabbit. Score it with Score Model."),
            LearnerValue value => throw new ModuleException(12, $"Input port '{ModelPort}' holds {value.Learner.Name} untrained."),
            var other => throw new ModuleException(3, $"Input port '{ModelPort}' holds {other.Kind}; expected a trained model."),
        };
        if (input.Fields is not [{ Type: ColumnType.String, IsCategorical: false }])
        {
            throw new ModuleException(
                17, $"The dataset has {input.Fields.Length} columns{(input.Fields.Length == 1 ? $", of type {input.Fields[0].Type}" : "")}; expected one of "
                + "text, with a line in each row.");
        }

        var given = VowpalArguments.Read(context.Parameters.Text(Arguments) ?? "");
        return new Scoring(
            model,
            given.Link != VowpalLink.Identity ? given.Link : model.Options.Link,
            given.LeastPrediction ?? model.Least,
            given.GreatestPrediction ?? model.Greatest,
            context.Parameters.Choice(DataType) == "SVMLight",
            context.Parameters.Boolean(WithLabels),
            Descriptor.Parameters.Any(parameter => parameter.Name == WithSums) && context.Parameters.Boolean(WithSums));
    }

    private sealed class Scoring : IRowTransform
    {
        private readonly VowpalModel _model;
        private readonly VowpalLink _link;
        private readonly double _least;
        private readonly double _greatest;
        private readonly bool _isSvmLight;
        private readonly bool _hasLabels;
        private readonly bool _hasSums;

        public Scoring(VowpalModel model, VowpalLink link, double least, double greatest, bool isSvmLight, bool hasLabels, bool hasSums)
        {
            (_model, _link, _least, _greatest) = (model, link, least, Math.Max(least, greatest));
            (_isSvmLight, _hasLabels, _hasSums) = (isSvmLight, hasLabels, hasSums);
            var fields = new List<TableField>();
            if (hasLabels)
            {
                fields.Add(new() { Name = "Labels", Type = ColumnType.Double, Role = ColumnRole.Label });
            }

            fields.Add(new() { Name = "Results", Type = ColumnType.Double, Role = ColumnRole.None });
            if (hasSums)
            {
                fields.Add(new()
                {
                    Name = "Raw Scores",
                    Type = model.Options.Classes > 0 ? ColumnType.String : ColumnType.Double,
                    Role = ColumnRole.None,
                });
            }

            Output = new TableSchema([.. fields]);
            Flow = ColumnFlow.Opaque(1, fields.Count);
        }

        public TableSchema Output { get; }

        public ColumnFlow Flow { get; }

        public TableBatch Apply(TableBatch batch)
        {
            var lines = (StringColumn)batch.Columns[0];
            var parser = new VowpalParser(_model.Options, _isSvmLight);
            var table = new TableBatchBuilder(Output, batch.RowCount);
            for (var row = 0; row < batch.RowCount; row++)
            {
                if (lines.Text(row) is not { } line || string.IsNullOrWhiteSpace(line))
                {
                    table.AppendRow(new object?[Output.Fields.Length]);
                    continue;
                }

                try
                {
                    table.AppendRow(Cells(parser.Read(line)));
                }
                catch (FormatException exception)
                {
                    throw new ModuleException(
                        49, string.Create(CultureInfo.InvariantCulture, $"Row {row + 1} cannot be read: {exception.Message}."), exception);
                }
            }

            return table.Build();
        }

        private object?[] Cells(VowpalExample example)
        {
            var sums = _model.Sums(example);
            var cells = new List<object?>();
            if (_hasLabels)
            {
                cells.Add(example.Label);
            }

            cells.Add(_model.Options.Classes > 0
                ? (double)(Array.IndexOf(sums, sums.Max()) + 1)
                : Link((float)Math.Clamp(sums[0], _least, _greatest)));
            if (_hasSums)
            {
                cells.Add(_model.Options.Classes > 0
                    ? string.Join(' ', sums.Select((sum, set) => string.Create(CultureInfo.InvariantCulture, $"{set + 1}:{(float)sum}")))
                    : (double)(float)sums[0]);
            }

            return [.. cells];
        }

        private double Link(double sum) => _link switch
        {
            VowpalLink.Logistic => 1 / (1 + Math.Exp(-sum)),
            VowpalLink.Glf1 => (2 / (1 + Math.Exp(-sum))) - 1,
            VowpalLink.Poisson => Math.Exp(sum),
            _ => sum,
        };
    }
}
