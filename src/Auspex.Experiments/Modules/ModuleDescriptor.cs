using System.Collections.Immutable;

namespace Auspex.Experiments.Modules;

/// <summary>What may flow along an edge.</summary>
public enum PortType
{
    /// <summary>A table.</summary>
    Dataset,

    /// <summary>An untrained or a trained model.</summary>
    ILearner,

    /// <summary>A fitted transform.</summary>
    ITransform,

    /// <summary>A signal filter.</summary>
    IFilter,

    /// <summary>A zip archive.</summary>
    Zip,

    /// <summary>An untrained or a trained clustering model.</summary>
    ICluster,
}

/// <summary>A module's input or output port.</summary>
/// <param name="Name">Studio's name, such as <c>Results dataset1</c>.</param>
/// <param name="Type">What it takes or gives.</param>
/// <param name="IsOptional">Whether an input may stay unconnected.</param>
public sealed record ModulePort(string Name, PortType Type, bool IsOptional = false);

/// <summary>The kinds of module parameters.</summary>
public enum ParameterKind
{
    /// <summary>A 32-bit integer.</summary>
    Integer,

    /// <summary>A floating-point number.</summary>
    Float,

    /// <summary><c>True</c> or <c>False</c>.</summary>
    Boolean,

    /// <summary>Text.</summary>
    String,

    /// <summary>One of listed values.</summary>
    Enum,

    /// <summary>A column selector.</summary>
    ColumnSelection,

    /// <summary>Multi-line text: SQL, code or data.</summary>
    Script,

    /// <summary>A secret.</summary>
    Credential,

    /// <summary>A list of values to sweep over, such as <c>1; 4; 16</c>.</summary>
    ParameterRange,
}

/// <summary>A module's parameter.</summary>
public sealed record ModuleParameter
{
    /// <summary>The label people see.</summary>
    public required string Name { get; init; }

    /// <summary>Its kind.</summary>
    public required ParameterKind Kind { get; init; }

    /// <summary>The name inside exported graphs where it differs from the label; null where it does not.</summary>
    public string? GraphName { get; init; }

    /// <summary>The default as text; null when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>Listed values of an <see cref="ParameterKind.Enum"/>, by the value's name.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>What people see for listed values whose label differs from their name, by the value's name.</summary>
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The least number allowed; null for no bound.</summary>
    public double? Minimum { get; init; }

    /// <summary>The greatest number allowed; null for no bound.</summary>
    public double? Maximum { get; init; }

    /// <summary>Whether <see cref="Minimum"/> itself is refused.</summary>
    public bool MinimumIsExclusive { get; init; }

    /// <summary>
    /// Of a <see cref="ParameterKind.ParameterRange"/>: the parameter whose values it lists, of the module's other mode; else null.
    /// </summary>
    public string? RangeOf { get; init; }

    /// <summary>Whether it may stay empty.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The parameter and the values of it that make this one visible; hidden ones are ignored. Null: always visible.</summary>
    public ParameterVisibility? VisibleWhen { get; init; }

    /// <summary>
    /// The listed value that a text means, in the catalogue's spelling: its name or its label, ignoring case and blanks;
    /// null when it means none.
    /// </summary>
    public string? Match(string text)
    {
        var squeezed = Squeeze(text);
        foreach (var value in Values)
        {
            if (Squeeze(value).Equals(squeezed, StringComparison.OrdinalIgnoreCase)
                || (Labels.TryGetValue(value, out var label)
                    && Squeeze(label).Equals(squeezed, StringComparison.OrdinalIgnoreCase)))
            {
                return value;
            }
        }

        return null;

        static string Squeeze(string text) => text.Replace(" ", "", StringComparison.Ordinal);
    }
}

/// <summary>A parameter counts only while another has one of these values, and that other is visible itself.</summary>
public sealed record ParameterVisibility(string Parameter, ImmutableArray<string> Values);

/// <summary>A module as the catalogue lists it.</summary>
public sealed record ModuleDescriptor
{
    /// <summary>Studio's name, such as <c>Split Data</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Studio's category, such as <c>Data Transformation/Sample and Split</c>.</summary>
    public required string Category { get; init; }

    /// <summary>The 32-hex family id of exported graphs; null where none is known.</summary>
    public string? FamilyId { get; init; }

    /// <summary>Inputs in Studio's order, left first.</summary>
    public ImmutableArray<ModulePort> Inputs { get; init; } = [];

    /// <summary>Outputs in Studio's order, left first.</summary>
    public ImmutableArray<ModulePort> Outputs { get; init; } = [];

    /// <summary>Parameters in Studio's order.</summary>
    public ImmutableArray<ModuleParameter> Parameters { get; init; } = [];

    /// <summary>False for modules that reach outside (Import Data, Export Data): they run again each time unless told otherwise.</summary>
    public bool IsDeterministic { get; init; } = true;

    /// <summary>Grows with each release in which the module gives other results for the same inputs; cached results of earlier ones lapse.</summary>
    public int Version { get; init; } = 1;
}
