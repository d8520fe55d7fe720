namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
}
