using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.WebServices;

/// <summary>Which row of which evaluation tells how good a model is.</summary>
/// <param name="Model">The port that gives the trained model.</param>
/// <param name="Results">The port that gives the evaluation's table.</param>
/// <param name="Row">The table's row: Evaluate Model compares up to two; Evaluate Recommender gives one.</param>
public sealed record ModelEvaluation(PortKey Model, PortKey Results, int Row)
{
    private const string Evaluation = "Evaluate Model";
    private const string RecommenderEvaluation = "Evaluate Recommender";
    private const string RecommenderScores = "Scored dataset";

    /// <summary>Every model of a graph that is scored and then evaluated in it, in the order of the evaluations.</summary>
    public static ImmutableArray<ModelEvaluation> Find(CompiledExperiment experiment)
    {
        var found = ImmutableArray.CreateBuilder<ModelEvaluation>();
        foreach (var node in experiment.Nodes)
        {
            var scored = node.Module?.Descriptor.Name switch
            {
                Evaluation => node.Inputs,
                // The other input has the ratings that were held out, which may come from anywhere.
                RecommenderEvaluation => [.. node.Inputs.Where(edge => edge.Port.Name == RecommenderScores)],
                _ => [],
            };
            for (var row = 0; row < scored.Length; row++)
            {
                if (FindModel(experiment, scored[row].Source) is { } model)
                {
                    found.Add(new ModelEvaluation(model, new PortKey(node.Id, node.Outputs[0].Name), row));
                }
            }
        }

        return found.ToImmutable();
    }

    /// <summary>The model's origin, with the metrics of the first evaluation whose table is there.</summary>
    /// <param name="experiment">The graph that ran.</param>
    /// <param name="runId">Its run.</param>
    /// <param name="model">The port that gave the model.</param>
    /// <param name="find">The value at a port, null where there is none.</param>
    public static ModelOrigin OriginOf(CompiledExperiment experiment, string runId, PortKey model, Func<PortKey, PortValue?> find)
    {
        foreach (var evaluation in Find(experiment))
        {
            if (evaluation.Model == model && find(evaluation.Results) is TableValue { Table: var table })
            {
                return new ModelOrigin(experiment.Definition.Name, runId, evaluation.Read(table));
            }
        }

        return new ModelOrigin(experiment.Definition.Name, runId, []);
    }

    /// <summary>The origin of a model of a run that is over.</summary>
    public static ModelOrigin OriginOf(ExperimentRunResult run, PortKey model) => OriginOf(run.Experiment, run.Id, model, run.Find);

    private ImmutableArray<Metric> Read(TableBatch table)
    {
        var metrics = ImmutableArray.CreateBuilder<Metric>();
        for (var i = 0; i < table.Columns.Length && Row < table.RowCount; i++)
        {
            if (table.Columns[i] is DoubleColumn numbers && !numbers.IsNull(Row) && double.IsFinite(numbers.Values[Row]))
            {
                metrics.Add(new Metric(table.Schema.Fields[i].Name, numbers.Values[Row]));
            }
        }

        return metrics.ToImmutable();
    }

    // From an evaluated table up to the scorer that made it; the first table input is the one whose rows go on.
    private static PortKey? FindModel(CompiledExperiment experiment, PortKey scored)
    {
        var node = experiment[scored.Node];
        while (!GraphRoles.IsScorer(node))
        {
            if (GraphRoles.FirstTableInput(node) is not { } edge)
            {
                return null;
            }

            node = experiment[edge.Source.Node];
        }

        return node.Inputs.FirstOrDefault(edge => edge.Port.Type == PortType.ILearner)?.Source;
    }
}
