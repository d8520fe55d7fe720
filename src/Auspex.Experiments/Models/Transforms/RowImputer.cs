using System.Text.Json;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>Replaces a row's missing values by values that its others make likely. Immutable and thread-safe.</summary>
internal abstract class RowImputer(FeatureEncoding encoding)
{
    /// <summary>How the row's values stand in a vector.</summary>
    public FeatureEncoding Encoding { get; } = encoding;

    /// <summary>The method's stable name in files.</summary>
    public abstract string Method { get; }

    /// <summary>Fills the dimensions of the missing columns; the others hold the row's values.</summary>
    /// <param name="vector">The row; on entry missing columns hold what is typical.</param>
    /// <param name="isMissing">Per column of the encoding.</param>
    /// <param name="scratch">As long as <see cref="ScratchLength"/>, contents of no meaning.</param>
    public abstract void Fill(Span<double> vector, ReadOnlySpan<bool> isMissing, Span<double> scratch);

    /// <summary>How much room <see cref="Fill"/> needs, so that it allocates nothing.</summary>
    public virtual int ScratchLength => 0;

    /// <summary>Writes what was fitted beside the encoding, into the object that is open.</summary>
    public abstract void Write(Utf8JsonWriter writer);

    public static RowImputer Read(JsonElement json)
    {
        var encoding = FeatureEncoding.Read(json.GetProperty("columns"));
        return json.GetProperty("method").GetString() switch
        {
            ChainedImputer.MethodName => ChainedImputer.Read(encoding, json),
            ComponentImputer.MethodName => ComponentImputer.Read(encoding, json),
            var other => throw new FormatException($"The imputer's method '{other}' is unknown."),
        };
    }

    public BoundImputer Bind(TableSchema input) => new(this, input);
}
