using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Scoring;

/// <summary>A feature column of a model, found in the schema of the table to score. Immutable and thread-safe.</summary>
internal abstract class BoundFeature(int column)
{
    /// <summary>A value that is missing where missing values are no level.</summary>
    public const int MissingCode = -1;

    /// <summary>A level that training has not seen, where such levels are not allowed.</summary>
    public const int UnknownCode = -2;

    /// <summary>The column's index in the bound schema.</summary>
    protected int Column { get; } = column;

    /// <summary>Whether the column is one of levels.</summary>
    public virtual bool IsLevels => false;

    /// <summary>Finds every feature by name.</summary>
    /// <exception cref="ModuleException">A column is missing (1) or of another type (17).</exception>
    public static BoundFeature[] Bind(FeatureLayout layout, TableSchema schema)
    {
        var bound = new BoundFeature[layout.Columns.Length];
        for (var i = 0; i < bound.Length; i++)
        {
            var wanted = layout.Columns[i];
            var index = schema.IndexOf(wanted.Name);
            if (index < 0)
            {
                throw new ModuleException(
                    1,
                    $"Column '{wanted.Name}' is not in the table; the model was trained with it and finds columns by exact name. "
                    + "Add it, or rename the column that holds it.");
            }

            bound[i] = wanted.Categories is { } domain
                ? LevelFeature.Bind(index, schema.Fields[index], wanted, domain, layout.AllowsUnknownLevels)
                : NumberFeature.Bind(index, schema.Fields[index], wanted);
        }

        return bound;
    }

    /// <summary>Rows from <paramref name="start"/> on as double precision; NaN for a missing value. Numbers only.</summary>
    public abstract void ReadNumbers(TableBatch batch, int start, Span<double> values);

    /// <summary>Rows from <paramref name="start"/> on as single precision, rounded; NaN for a missing value. Numbers only.</summary>
    public abstract void ReadSingles(TableBatch batch, int start, Span<float> values);

    /// <summary>
    /// Rows from <paramref name="start"/> on as level numbers; one past the last level, or a negative code, for others.
    /// Levels only.
    /// </summary>
    public abstract void ReadCodes(TableBatch batch, int start, Span<int> codes);

    protected static ModuleException Mismatch(TableField found, TableField wanted, string expected) =>
        new(17, $"Column '{found.Name}' is of type {Describe(found)}; the model was trained with {Describe(wanted)}: "
            + $"expected {expected}. Convert it with Edit Metadata.");

    private static string Describe(TableField field) => field.IsCategorical ? $"categorical {field.Type}" : $"{field.Type}";
}
