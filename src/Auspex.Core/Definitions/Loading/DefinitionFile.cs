namespace Auspex.Definitions.Loading;

/// <summary>A file as the loader takes it; reading it from a disk is its caller's work.</summary>
/// <param name="Path">Relative to the factory's folder, with <c>/</c> between the parts.</param>
/// <param name="Content">All its bytes.</param>
public sealed record DefinitionFile(string Path, ReadOnlyMemory<byte> Content);
