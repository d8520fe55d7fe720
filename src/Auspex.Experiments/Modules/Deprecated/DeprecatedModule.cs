namespace Auspex.Experiments.Modules.Deprecated;

/// <summary>
/// A module that Studio itself had replaced. The compiler puts the successors in its place; where it cannot, the module loads and fails when
/// run.
/// </summary>
internal sealed class DeprecatedModule(ModuleDescriptor descriptor, params string[] successors) : IModule
{
    /// <summary>What ends the names of such modules.</summary>
    public const string Suffix = " (deprecated)";

    public ModuleDescriptor Descriptor => descriptor;

    public static DeprecatedModule ApplyQuantizationFunction { get; } = new(
        Describe(
            "Apply Quantization Function",
            [Declare.Dataset("Dataset"), Declare.Transform("Binning function")],
            [Declare.Dataset("Quantized dataset")]),
        "Apply Transformation");

    public static DeprecatedModule AssignToClusters { get; } = new(
        Describe(
            "Assign to Clusters",
            [new("Trained model", PortType.ICluster), Declare.Dataset("Dataset")],
            [Declare.Dataset("Results dataset")]),
        "Assign Data to Clusters");

    public static DeprecatedModule BuildCountTable { get; } = new(
        Describe(
            "Build Count Table",
            [Declare.Dataset("Input data", isOptional: true)],
            [Declare.Dataset("Count metadata"), Declare.Dataset("Count table")]),
        "Build Counting Transform",
        "Export Count Table");

    public static DeprecatedModule CountFeaturizer { get; } = new(
        Describe(
            "Count Featurizer",
            [Declare.Dataset("Count metadata"), Declare.Dataset("Count table"), Declare.Dataset("Input dataset")],
            [Declare.Dataset("Featured data")]),
        "Import Count Table",
        "Modify Count Table Parameters",
        "Apply Transformation");

    public static DeprecatedModule LinearDiscriminantAnalysis { get; } = new(
        Describe(
            "Linear Discriminant Analysis",
            [Declare.Dataset("Dataset")],
            [Declare.Dataset("Feature extractors"), Declare.Dataset("Transformed features")]),
        "Fisher Linear Discriminant Analysis");

    public static DeprecatedModule MissingValuesScrubber { get; } = new(
        Describe("Missing Values Scrubber", [Declare.Dataset("Dataset")], [Declare.Dataset("Results dataset")]),
        "Clean Missing Data");

    public static DeprecatedModule Quantize { get; } = new(
        Describe(
            "Quantize",
            [Declare.Dataset("Dataset")],
            [Declare.Dataset("Quantized dataset"), Declare.Transform("Binning function")]),
        "Group Data into Bins");

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken) => throw new ModuleException(
        successors.Length == 1 ? 40 : 41,
        $"'{descriptor.Name}' is deprecated and does not run; use {string.Join(", ", successors.Select(name => $"'{name}'"))} instead. Here it could "
        + "not be replaced, since something takes what its successor does not give, or it has too few connections.");

    private static ModuleDescriptor Describe(string name, ModulePort[] inputs, ModulePort[] outputs) => new()
    {
        Name = name + Suffix,
        Category = "Deprecated",
        Inputs = [.. inputs],
        Outputs = [.. outputs],
    };
}
