namespace Auspex.Errors;

/// <summary>
/// A stable name of one kind of error, such as <c>AUX1001</c>. The parts of this type beside this file list all of
/// them, a file per project, each with cause and remedy. A code is never reused for something else.
/// </summary>
/// <remarks>
/// Ranges: 1000 definitions, 1500 expressions, 2000 engine, 3000 connectors, 4000 experiments, 5000 activities,
/// 6000 storage, 7000 server, 8000 command line.
/// </remarks>
public readonly partial record struct ErrorCode(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
