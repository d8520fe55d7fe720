using System.Text.Json.Nodes;

namespace Auspex.Definitions;

/// <summary>A reference to another resource, such as <c>{"referenceName": "Blob1", "type": "LinkedServiceReference"}</c>.</summary>
/// <param name="ReferenceName">The name referred to; names are matched ignoring case.</param>
/// <param name="Type">The reference's type as written; empty when the definition named the target as a plain string.</param>
/// <param name="Parameters">Arguments for the target's parameters; values may be expressions. Null when there are none.</param>
public sealed record ResourceReference(string ReferenceName, string Type, JsonObject? Parameters = null);

/// <summary>A declared parameter of a pipeline, dataset or linked service.</summary>
/// <param name="Name">Its name; unique ignoring case.</param>
/// <param name="Type">The type as written: <c>String</c>, <c>Int</c>, <c>Float</c>, <c>Bool</c>, <c>Array</c>, <c>Object</c>, <c>SecureString</c> in any case.</param>
/// <param name="HasDefault">Whether a <c>defaultValue</c> stands there; a JSON null is a default too.</param>
/// <param name="DefaultValue">The default, never evaluated.</param>
public sealed record ParameterDefinition(string Name, string Type, bool HasDefault, JsonNode? DefaultValue);

/// <summary>A declared variable of a pipeline.</summary>
/// <param name="Name">Its name; unique ignoring case.</param>
/// <param name="Type">The type as written: <c>String</c>, <c>Boolean</c> (or <c>Bool</c>), <c>Array</c>, <c>Integer</c>.</param>
/// <param name="DefaultValue">The initial value; null when none is declared.</param>
public sealed record VariableDefinition(string Name, string Type, JsonNode? DefaultValue);
