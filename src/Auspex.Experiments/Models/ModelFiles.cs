namespace Auspex.Experiments.Models;

/// <summary>Trained models and transforms in files: what is wrong with one is said with its name.</summary>
public static class ModelFiles
{
    /// <summary>Reads an <c>.ilearner</c>.</summary>
    /// <exception cref="ModelFormatException">It is damaged, or of another kind.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static TrainedModel ReadModel(string path) => Read(path, ModelContainer.ReadModel);

    /// <summary>Reads an <c>.itransform</c>.</summary>
    /// <inheritdoc cref="ReadModel"/>
    public static FittedTransform ReadTransform(string path) => Read(path, ModelContainer.ReadTransform);

    private static T Read<T>(string path, Func<Stream, T> read)
    {
        using var file = File.OpenRead(path);
        try
        {
            return read(file);
        }
        catch (ModelFormatException exception)
        {
            throw new ModelFormatException($"{path}: {exception.Message}", exception);
        }
    }
}
