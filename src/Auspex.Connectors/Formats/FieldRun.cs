namespace Auspex.Connectors.Formats;

/// <summary>Fields side by side in a file that are handed on as the bytes they are, delimiters between them included.</summary>
/// <param name="First">The first field of the file, from 0.</param>
/// <param name="Last">The last field.</param>
public readonly record struct FieldRun(int First, int Last);

/// <summary>A row of a block that cannot be read.</summary>
/// <param name="Row">The row of the block, from 0, bad ones included.</param>
/// <param name="Fault">What is wrong with it.</param>
/// <param name="Start">Where its bytes begin in the block's buffer.</param>
/// <param name="Length">How many there are, without line end.</param>
internal readonly record struct BadRecord(int Row, RowFault Fault, int Start, int Length);
