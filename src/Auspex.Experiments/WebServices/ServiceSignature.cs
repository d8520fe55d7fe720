using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.WebServices;

/// <summary>What a web service takes and gives; names are case-sensitive.</summary>
public sealed record ServiceSignature(
    ImmutableArray<ServicePort> Inputs,
    ImmutableArray<ServicePort> Outputs,
    ImmutableArray<ServiceParameter> Parameters);

/// <summary>A web-service input or output.</summary>
/// <param name="Name">The JSON key.</param>
/// <param name="Type">Tables for RRS and BES; models and transforms for BES outputs only.</param>
/// <param name="Schema">
/// Columns of a table; null for models and transforms. An input's label column is nullable.
/// </param>
/// <param name="Sample">Up to one sample row as text by column; null when there is none.</param>
public sealed record ServicePort(string Name, PortType Type, TableSchema? Schema, ImmutableArray<string?>? Sample);

/// <summary>A web-service parameter.</summary>
/// <param name="Name">The key in <c>GlobalParameters</c>.</param>
/// <param name="Kind">How its text is parsed.</param>
/// <param name="HasDefault">Without one every call must give a value.</param>
/// <param name="DefaultValue">The default; null when there is none. Never a secret.</param>
/// <param name="Values">Listed values of an enumerated parameter.</param>
/// <param name="Minimum">The least number allowed.</param>
/// <param name="Maximum">The greatest number allowed.</param>
/// <param name="Description">A sentence for people; may be empty.</param>
public sealed record ServiceParameter(
    string Name,
    ParameterKind Kind,
    bool HasDefault,
    JsonNode? DefaultValue,
    ImmutableArray<string> Values,
    double? Minimum,
    double? Maximum,
    string Description);
