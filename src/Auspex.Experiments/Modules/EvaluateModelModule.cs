using Auspex.Connectors.Tables;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules;

/// <summary>Evaluate Model: metrics of one or two scored tables, a row each, the left one first.</summary>
internal sealed class EvaluateModelModule : IModule
{
    private const string FirstPort = "Scored dataset";
    private const string SecondPort = "Scored dataset to compare";
    private const string OutputPort = "Evaluation results";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Evaluate Model",
        Category = "Machine Learning/Evaluate",
        FamilyId = "927d65ac3b504694990320f6c1672089",
        Inputs = [Declare.Dataset(FirstPort), Declare.Dataset(SecondPort, isOptional: true)],
        Outputs = [Declare.Dataset(OutputPort)],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        if (ClusterMetrics.Evaluate(context.Table(FirstPort)) is { } clusters)
        {
            if (context.Has(SecondPort) && ClusterMetrics.Evaluate(context.Table(SecondPort)) is null)
            {
                throw new ModuleException(
                    62, $"'{FirstPort}' has clusters and '{SecondPort}' has none; only models of one task can be compared, so connect two of one task.");
            }

            var other = context.Has(SecondPort) ? ClusterMetrics.Evaluate(context.Table(SecondPort)) : null;
            context.Set(OutputPort, ClusterMetrics.Table(other is null ? [clusters] : [clusters, other]));
            return Task.CompletedTask;
        }

        var first = ModelMetrics.Evaluate(context.Table(FirstPort));
        var second = context.Has(SecondPort) ? ModelMetrics.Evaluate(context.Table(SecondPort)) : null;
        if (second is not null && second.Task != first.Task)
        {
            throw new ModuleException(
                62, $"'{FirstPort}' has scores of a {first.Task} model and '{SecondPort}' of a {second.Task} model; "
                + "only models of one task can be compared, so connect two of one task.");
        }

        ModelMetrics[] models = second is null ? [first] : [first, second];
        context.Set(OutputPort, new TableValue(Table(models)) { Visualization = EvaluationView.Write(models) });
        return Task.CompletedTask;
    }

    private static TableBatch Table(ModelMetrics[] rows)
    {
        var names = rows[0].Values.Select(metric => metric.Name).ToArray();
        var schema = new TableSchema([.. names.Select(name => new TableField { Name = name, Type = ColumnType.Double })]);
        var columns = names.Select((_, index) =>
        {
            double[] values = [.. rows.Select(row => row.Values[index].Value)];
            ulong[]? validity = null;
            for (var row = 0; row < values.Length; row++)
            {
                // A metric that these rows do not define, such as AUC of one class.
                if (double.IsNaN(values[row]))
                {
                    validity ??= Column.AllValid(values.Length);
                    validity[0] &= ~(1UL << row);
                }
            }

            return (Column)new DoubleColumn(values, values.Length, validity);
        });
        return new TableBatch(schema, [.. columns], rows.Length);
    }
}
