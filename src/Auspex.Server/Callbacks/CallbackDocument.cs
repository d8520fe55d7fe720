namespace Auspex.Server.Callbacks;

/// <summary>An address that somebody may call back, as it is stored under the hash of its token.</summary>
/// <param name="Until">When it ends.</param>
/// <param name="Body">What came, encrypted; null as long as nothing did.</param>
internal sealed record CallbackDocument(DateTimeOffset Until, string? Body);

/// <summary>What makes the tokens of call-back addresses.</summary>
/// <param name="Protected">32 random bytes as hex, encrypted.</param>
internal sealed record CallbackKeyDocument(string Protected);
