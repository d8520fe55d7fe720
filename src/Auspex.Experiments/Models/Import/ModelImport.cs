using Auspex.Experiments.Models.Import.LightGbm;
using Auspex.Experiments.Models.Import.Onnx;
using Auspex.Experiments.Models.Import.Xgboost;

namespace Auspex.Experiments.Models.Import;

/// <summary>
/// Reads tree models of other makes: LightGBM's text, ONNX tree ensembles, XGBoost's JSON. They are data: bounded, every
/// index checked, nothing executed. Other graphs of ONNX are checked too, and then run by ONNX Runtime.
/// </summary>
public static class ModelImport
{
    /// <summary>Bytes of the largest file that is read.</summary>
    public const long MostBytes = 256L << 20;

    /// <summary>Reads a model from a stream's position to its end; the kind is told by the content.</summary>
    /// <exception cref="ModelImportException">Damaged, of a kind that is not read, or not scored exactly by our kernels.</exception>
    public static ImportedModel Read(Stream stream, ModelImportOptions options)
    {
        var bytes = ReadAll(stream, options.FileName);
        try
        {
            return Read(bytes, options);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException)
        {
            // Names twice, numbers that are none: what the parts of our own form find when they are put together.
            throw new ModelImportException($"{options.FileName}: {MessagePart.Short(exception.Message)}", exception);
        }
    }

    private static ImportedModel Read(byte[] bytes, ModelImportOptions options)
    {
        ReadOnlySpan<byte> byteOrderMark = "\uFEFF"u8;
        bytes = bytes.AsSpan().StartsWith(byteOrderMark) ? bytes[byteOrderMark.Length..] : bytes;
        var text = bytes.AsSpan();
        if (LightGbmFile.Matches(text))
        {
            return LightGbmImport.Read(text, options);
        }

        if (XgboostImport.Matches(text))
        {
            return XgboostImport.Read(bytes, options);
        }

        if (text.StartsWith("PK"u8))
        {
            throw new ModelImportException(
                $"{options.FileName}: this is a zip archive, such as ML.NET saves; reading one would load the types that it names. "
                + "Save the model with ML.NET's ConvertToOnnx and import that file.");
        }

        if (text.Length > 4 && text[0] == 0x89 && text[1..].StartsWith("AUX"u8))
        {
            throw new ModelImportException($"{options.FileName}: this is a model of this product already; score with it directly.");
        }

        if (bytes.Length == 0)
        {
            throw new ModelImportException($"{options.FileName}: the file is empty; expected LightGBM's text, an ONNX tree ensemble or XGBoost's JSON.");
        }

        return OnnxImport.Read(bytes, options);
    }

    private static byte[] ReadAll(Stream stream, string name)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        int read;
        while ((read = stream.Read(chunk)) > 0)
        {
            if (buffer.Length + read > MostBytes)
            {
                throw new ModelImportException($"{name}: the file has more than {MostBytes} bytes, the most that is read.");
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }
}
