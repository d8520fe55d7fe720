namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
    /// <summary>A module failed; its Studio error number and text say why and what to do.</summary>
    public static ErrorCode ModuleFailed => new("AUX4001");

    /// <summary>
    /// A model or transform file is truncated, damaged, of another product or of a version that this one does not read;
    /// make it again with this version, or update this program. Studio's error 82.
    /// </summary>
    public static ErrorCode ModelFormat => new("AUX4020");
}
