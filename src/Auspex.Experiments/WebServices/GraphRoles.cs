using Auspex.Experiments.Compilation;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.WebServices;

/// <summary>
/// What a node is for, told from its ports and its category: conversion treats trainers, scorers and the rest
/// differently.
/// </summary>
internal static class GraphRoles
{
    /// <summary>
    /// Modules that only shape the training table; at scoring their input goes straight to what they fed.
    /// </summary>
    private static readonly HashSet<string> TrainingOnly = new(StringComparer.Ordinal)
    {
        "Split Data", "Partition and Sample", "SMOTE",
    };

    /// <summary>Makes a trained model from a table.</summary>
    public static bool IsTrainer(CompiledNode node) =>
        node.Module is not null && ModelPort(node) is not null && Takes(node, PortType.Dataset);

    /// <summary>The output port of a trainer that holds the trained model.</summary>
    public static ModulePort? ModelPort(CompiledNode node) => node.Outputs.FirstOrDefault(port => port.Type is PortType.ILearner or PortType.ICluster);

    /// <summary>Turns a model and a table into a scored table.</summary>
    public static bool IsScorer(CompiledNode node) =>
        InCategory(node, "Machine Learning/Score") && (Takes(node, PortType.ILearner) || Takes(node, PortType.ICluster)) && FirstTableOutput(node) is not null;

    /// <summary>Only tells how good a model is.</summary>
    public static bool IsEvaluation(CompiledNode node) => InCategory(node, "Machine Learning/Evaluate");

    /// <summary>Leaves the table's columns alone and matters for training only.</summary>
    public static bool IsTrainingOnly(CompiledNode node) =>
        node.Module is { } module && TrainingOnly.Contains(module.Descriptor.Name);

    /// <summary>Writes to the world outside and gives nothing.</summary>
    public static bool IsExport(CompiledNode node) =>
        node.Module is { Descriptor: { IsDeterministic: false, Outputs.IsEmpty: true } };

    /// <summary>The output port with the fitted transform of a module that fits one on its table.</summary>
    public static ModulePort? TransformPort(CompiledNode node) =>
        node.Module is not null && Takes(node, PortType.Dataset)
            ? node.Outputs.FirstOrDefault(port => port.Type == PortType.ITransform)
            : null;

    /// <summary>The first output port that gives a table.</summary>
    public static ModulePort? FirstTableOutput(CompiledNode node) =>
        node.Outputs.FirstOrDefault(port => port.Type == PortType.Dataset);

    /// <summary>The connection into the first input port that takes a table.</summary>
    public static CompiledEdge? FirstTableInput(CompiledNode node) =>
        node.Inputs.FirstOrDefault(edge => edge.Port.Type == PortType.Dataset);

    /// <summary>
    /// From a port up through first table inputs to where the table enters the graph: the data that rows stand for.
    /// </summary>
    public static PortKey PrimarySource(CompiledExperiment experiment, PortKey port)
    {
        while (FirstTableInput(experiment[port.Node]) is { } edge)
        {
            port = edge.Source;
        }

        return port;
    }

    private static bool Takes(CompiledNode node, PortType type) =>
        node.Module is { } module && module.Descriptor.Inputs.Any(port => port.Type == type);

    private static bool InCategory(CompiledNode node, string category) =>
        node.Module is { } module && module.Descriptor.Category.StartsWith(category, StringComparison.Ordinal);
}
