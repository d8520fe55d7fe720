using System.Text;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>Text of ONNX files.</summary>
internal static class OnnxText
{
    public static string Of(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
