using System.Collections.Immutable;
using Auspex.Errors;

namespace Auspex.Experiments.Compilation;

/// <summary>Collects what the compiler finds.</summary>
internal sealed class CompilationLog
{
    private readonly ImmutableArray<Diagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();

    public bool HasErrors { get; private set; }

    public void Error(ErrorCode code, string message, string path)
    {
        HasErrors = true;
        _diagnostics.Add(new Diagnostic(code, DiagnosticSeverity.Error, message, JsonPath: path));
    }

    public void Warning(ErrorCode code, string message, string path) =>
        _diagnostics.Add(new Diagnostic(code, DiagnosticSeverity.Warning, message, JsonPath: path));

    public ImmutableArray<Diagnostic> ToImmutable() => _diagnostics.ToImmutable();
}
