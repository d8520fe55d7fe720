using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Storage.Definitions;

/// <summary>A change of one resource in a factory's folder.</summary>
/// <param name="Kind">The git folder's name of its kind, such as <c>linkedService</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Source">The whole file's JSON from now on; null deletes the file.</param>
public sealed record DefinitionEdit(string Kind, string Name, JsonObject? Source);

/// <summary>A factory whose files cannot be changed: it is an exported template, or its folder may not be written.</summary>
/// <param name="message">What was found and what to do.</param>
/// <param name="inner">The file system's own exception; null when it was not even tried.</param>
public sealed class DefinitionNotEditableException(string message, Exception? inner = null)
    : AuspexException(ErrorCode.DefinitionNotEditable, message, inner);
