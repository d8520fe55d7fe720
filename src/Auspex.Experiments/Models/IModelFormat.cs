namespace Auspex.Experiments.Models;

/// <summary>Writes and reads trained models (<c>.ilearner</c>) and fitted transforms (<c>.itransform</c>).</summary>
/// <remarks>Streams stay open. Reading untrusted bytes is safe: bounded, checked, nothing is executed (scoring with a model that holds an ONNX graph runs it).</remarks>
public interface IModelFormat
{
    /// <summary>Writes a trained model.</summary>
    void WriteModel(Stream stream, TrainedModel model);

    /// <summary>Reads a trained model.</summary>
    /// <exception cref="Errors.AuspexException">Not a trained model, damaged, or of a newer release.</exception>
    TrainedModel ReadModel(Stream stream);

    /// <summary>Writes a fitted transform.</summary>
    void WriteTransform(Stream stream, FittedTransform transform);

    /// <summary>Reads a fitted transform.</summary>
    /// <exception cref="Errors.AuspexException">Not a transform, damaged, or of a newer release.</exception>
    FittedTransform ReadTransform(Stream stream);
}
