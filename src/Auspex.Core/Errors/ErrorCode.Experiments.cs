namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
    /// <summary>A module failed; its Studio error number and text say why and what to do.</summary>
    public static ErrorCode ModuleFailed => new("AUX4001");
}
