using System.Collections.Immutable;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;

namespace Auspex.Experiments.WebServices;

/// <summary>
/// Makes a predictive experiment of a training experiment that ran, as Studio's "Set up web service" does: the trained
/// model takes the trainer's place, fitted transforms the place of the modules that fitted them; splitting and evaluation
/// go; web-service ends are placed. Nothing is trained again.
/// </summary>
public static class PredictiveConversion
{
    private const string ApplyTransformation = "Apply Transformation";

    /// <summary>Converts a training experiment.</summary>
    /// <param name="run">The finished run of the training experiment; models and transforms are taken from it.</param>
    /// <param name="catalog">The catalogue it was compiled with.</param>
    /// <param name="options">Which trainer, and where callers' data enters and leaves.</param>
    public static ConversionResult Convert(ExperimentRunResult run, ModuleCatalog catalog, ConversionOptions options)
    {
        try
        {
            return ConvertCore(run, catalog, options);
        }
        catch (ConversionException exception)
        {
            return new ConversionResult(
                null, [], [new Diagnostic(exception.Code, DiagnosticSeverity.Error, exception.Message, JsonPath: exception.Path)]);
        }
    }

    private static ConversionResult ConvertCore(ExperimentRunResult run, ModuleCatalog catalog, ConversionOptions options)
    {
        var training = run.Experiment;
        var trainer = ChooseTrainer(training, options.Trainer);
        if (!catalog.TryFind(ApplyTransformation, out var apply))
        {
            throw new ConversionException($"The catalogue has no module '{ApplyTransformation}', which applies saved transforms.");
        }

        var draft = new PredictiveDraft(run, trainer, options, apply.Descriptor);
        var ends = new ServiceEnds(training, draft, options, trainer is null ? null : FindScorer(training, trainer));
        var outputs = ends.BringOutputs();
        var inputs = ends.FindInputs();
        var experiment = new ExperimentDefinition
        {
            Name = options.Name ?? $"{training.Definition.Name} [Predictive Exp.]",
            Description = training.Definition.Description,
            Parameters = KeepParameters(training.Definition, draft),
            Nodes = draft.Nodes,
            WebServiceInputs = inputs,
            WebServiceOutputs = outputs,
            Source = training.Definition.Source,
        };
        return new ConversionResult(ExperimentWriter.WithSource(experiment), [.. draft.Assets], [.. draft.Diagnostics]);
    }

    /// <summary>The trainer that was named, or the only one; null for a graph without any.</summary>
    internal static CompiledNode? ChooseTrainer(CompiledExperiment training, string? chosen)
    {
        var trainers = training.Nodes.Where(GraphRoles.IsTrainer).ToList();
        var names = string.Join(", ", trainers.Select(node => $"'{node.Id}'"));
        if (chosen is not null)
        {
            return trainers.FirstOrDefault(node => node.Id == chosen) ?? throw new ConversionException(
                $"Node '{chosen}' trains no model; expected "
                    + $"{(trainers.Count == 0 ? "none, there is no trainer" : names)}."
                    + NearestName.Hint(chosen, trainers.Select(node => node.Id)));
        }

        return trainers.Count <= 1 ? trainers.FirstOrDefault() : throw new ConversionException(
            $"The experiment has {trainers.Count} trainers: {names}. Choose the one whose model is to be served.");
    }

    private static CompiledNode FindScorer(CompiledExperiment training, CompiledNode trainer)
    {
        var model = new PortKey(trainer.Id, GraphRoles.ModelPort(trainer)!.Name);
        return training.Nodes.FirstOrDefault(
                node => GraphRoles.IsScorer(node) && node.Inputs.Any(edge => edge.Source == model))
            ?? throw new ConversionException(
                $"Nothing scores with the model of node '{trainer.Id}'; add a Score Model node with it as its trained "
                    + "model.",
                ExperimentPaths.Node(trainer.Id));
    }

    private static ImmutableArray<ExperimentParameter> KeepParameters(ExperimentDefinition training, PredictiveDraft draft)
    {
        var kept = ImmutableArray.CreateBuilder<ExperimentParameter>();
        foreach (var parameter in training.Parameters)
        {
            ImmutableArray<ParameterLink> links = [.. parameter.Links.Where(link => draft.HasUnchanged(link.Node))];
            if (links.Length > 0)
            {
                kept.Add(parameter with { Links = links });
            }
        }

        return kept.DrainToImmutable();
    }
}
