namespace Auspex.Experiments.Models;

/// <summary>The format of <see cref="ModelContainer"/>: what the product writes and reads.</summary>
public sealed class ModelContainerFormat : IModelFormat
{
    /// <inheritdoc/>
    public void WriteModel(Stream stream, TrainedModel model) => ModelContainer.WriteModel(model, stream);

    /// <inheritdoc/>
    public TrainedModel ReadModel(Stream stream) => ModelContainer.ReadModel(stream);

    /// <inheritdoc/>
    public void WriteTransform(Stream stream, FittedTransform transform) => ModelContainer.WriteTransform(transform, stream);

    /// <inheritdoc/>
    public FittedTransform ReadTransform(Stream stream) => ModelContainer.ReadTransform(stream);
}
