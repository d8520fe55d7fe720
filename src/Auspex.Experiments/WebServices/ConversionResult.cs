using System.Collections.Immutable;
using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.WebServices;

/// <summary>Choices of a conversion; each has Studio's behaviour as its default.</summary>
public sealed record ConversionOptions
{
    /// <summary>The node id of the trainer whose model is to be served; needed when there are several.</summary>
    public string? Trainer { get; init; }

    /// <summary>The new experiment's name; null: the training experiment's with <c> [Predictive Exp.]</c>.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// True leaves modules that fit a transform as they are, so that they are fitted anew on each call's rows. Default
    /// false.
    /// </summary>
    public bool KeepPreparation { get; init; }

    /// <summary>
    /// True keeps cleaning that drops rows, so that a call may get fewer rows back than it sent. Default false: rows with
    /// missing values go to the scorer.
    /// </summary>
    public bool KeepRowRemoval { get; init; }

    /// <summary>
    /// Ports whose data callers send, as <c>node</c> or <c>node.Port</c> of the training experiment: <c>input1</c>,
    /// <c>input2</c> and so on. Empty: inputs the experiment declares, else where the scored rows come from.
    /// </summary>
    public ImmutableArray<string> Inputs { get; init; } = [];

    /// <summary>
    /// Ports that callers get, as <c>node</c> or <c>node.Port</c>: <c>output1</c>, <c>output2</c> and so on. Empty: outputs
    /// that the experiment declares behind the scorer, else the scored table.
    /// </summary>
    public ImmutableArray<string> Outputs { get; init; } = [];
}

/// <summary>What a conversion gave.</summary>
/// <param name="Experiment">The new experiment; null when there is an error among the diagnostics.</param>
/// <param name="Assets">Models and transforms that it names, to be saved under these names.</param>
/// <param name="Diagnostics">Everything worth knowing.</param>
public sealed record ConversionResult(
    ExperimentDefinition? Experiment,
    ImmutableArray<ConvertedAsset> Assets,
    ImmutableArray<Diagnostic> Diagnostics);

/// <summary>A saved asset made from what a node of a run gave.</summary>
/// <param name="Asset">Kind and name.</param>
/// <param name="Value">The model or transform.</param>
/// <param name="Node">The training experiment's node that gave it.</param>
/// <param name="Origin">Experiment, run and metrics of a trained model; null for transforms.</param>
public sealed record ConvertedAsset(AssetReference Asset, PortValue Value, string Node, ModelOrigin? Origin = null);
