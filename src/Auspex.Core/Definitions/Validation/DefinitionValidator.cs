using System.Collections.Immutable;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Checks a loaded factory for what would fail, or surprise, when it runs.</summary>
public static class DefinitionValidator
{
    /// <summary>
    /// All findings of the rules, in the order of files and lines. Loading's own findings are not repeated: they are in
    /// <see cref="FactoryDefinition.Diagnostics"/>. Never throws for what the definitions hold.
    /// </summary>
    public static ImmutableArray<Diagnostic> Validate(FactoryDefinition factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return [];
    }
}
