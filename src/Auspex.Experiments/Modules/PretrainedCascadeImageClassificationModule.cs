namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Pretrained Cascade Image Classification". It loads, so that experiments with it can be opened and kept, and fails when run.
/// </summary>
internal sealed class PretrainedCascadeImageClassificationModule : IModule
{
    private static readonly string[] Sizes = ["Minimum height", "Minimum width", "Maximum height", "Maximum width"];

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Pretrained Cascade Image Classification",
        Category = "OpenCV Library Modules",
        Outputs = [new("Trained model", PortType.ILearner)],
        Parameters =
        [
            Declare.Choice("Pre-trained classifier", "Frontal face", ["Frontal face"]),
            new() { Name = "Scale factor", Kind = ParameterKind.Float, Default = "1.1", Minimum = 1, MinimumIsExclusive = true },
            Declare.Integer("Minimum number of neighbors", "3", 0),
            .. Sizes.Select((size, index) => Declare.Integer(size, index < 2 ? "100" : "200", 1) with { IsOptional = true }),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken) => throw new ModuleException(
        39, "'Pretrained Cascade Image Classification' loads and does not run: this program has no detector of faces. Use an ONNX model, with auspex import.");
}
