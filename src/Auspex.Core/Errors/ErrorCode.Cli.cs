namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
    /// <summary>No server answers at an address. Start one with <c>auspex up</c>, or correct the address.</summary>
    public static ErrorCode ServerUnreachable => new("AUX8001");

    /// <summary>A server refused a call; the message carries its reason.</summary>
    public static ErrorCode ServerRefused => new("AUX8002");
}
