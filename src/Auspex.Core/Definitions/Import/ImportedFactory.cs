using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Import;

/// <summary>A template taken apart into the files of a git folder.</summary>
public sealed record ImportedFactory
{
    /// <summary>The factory's or workspace's name; null when the template's parameters do not say it.</summary>
    public string? Name { get; init; }

    /// <summary>The files to write, in the order of their paths.</summary>
    public required ImmutableArray<ImportedFile> Files { get; init; }

    /// <summary>What differs from one environment to the next, as an overlay has it: the values of the template's parameters.</summary>
    public required JsonObject Overlay { get; init; }

    /// <summary>What a person has to know or do, in the template's order.</summary>
    public required ImmutableArray<ImportNote> Notes { get; init; }

    /// <summary>What is wrong with the template's own JSON.</summary>
    public required ImmutableArray<Diagnostic> Diagnostics { get; init; }
}

/// <summary>One file of the folder.</summary>
/// <param name="Path">Relative to the folder, with <c>/</c> between the parts.</param>
/// <param name="Kind">The kind's folder name, such as <c>linkedService</c>.</param>
/// <param name="Name">The resource's name.</param>
/// <param name="Content">The definition.</param>
public sealed record ImportedFile(string Path, string Kind, string Name, JsonObject Content);

/// <summary>The kinds of <see cref="ImportNote"/>.</summary>
public enum ImportNoteKind
{
    /// <summary>Something of the template could not be brought.</summary>
    NotBrought,

    /// <summary>A value is missing that somebody has to give.</summary>
    ValueMissing,

    /// <summary>A secret was left out; it has to be given where the note says.</summary>
    SecretLeftOut,

    /// <summary>A parameter's value was written into a definition, where no overlay reaches it.</summary>
    ValueWritten,
}

/// <summary>Something about an import that a person has to know.</summary>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="Name">The parameter or resource.</param>
/// <param name="Text">What it is, and what to do.</param>
public sealed record ImportNote(ImportNoteKind Kind, string Name, string Text);
