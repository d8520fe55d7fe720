using System.Collections.Immutable;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Training;

/// <summary>Finds the columns that a learner may use, and the levels of text columns.</summary>
internal static class FeatureColumns
{
    // Two bytes hold a level in the tree trainer; more levels than this are an identifier, not a feature.
    private const int MostLevels = 65_000;

    /// <summary>The feature columns in table order; text columns get their distinct values, in ordinal order, as levels.</summary>
    public static TableSchema Find(TableBatch table, int labelIndex)
    {
        var features = ImmutableArray.CreateBuilder<TableField>();
        for (var i = 0; i < table.Schema.Fields.Length; i++)
        {
            var field = table.Schema.Fields[i];
            if (i == labelIndex || field.Role != ColumnRole.Feature || field.Score is not null)
            {
                continue;
            }

            if (!field.IsCategorical && field.Type is ColumnType.DateTime or ColumnType.TimeSpan)
            {
                throw new ModuleException(
                    17, $"Column '{field.Name}' is of type {field.Type}, which learners cannot use; expected numbers, Booleans, text or "
                    + "categories. Convert it, or clear its feature role with Edit Metadata.");
            }

            var levels = field.Categories ?? (table.Columns[i] is StringColumn texts ? Levels(field.Name, texts) : null);
            CheckCount(field.Name, levels?.Levels.Length ?? 0);
            features.Add(field with { Categories = levels });
        }

        return features.Count > 0
            ? new TableSchema(features.ToImmutable())
            : throw new ModuleException(
                20, $"The table has no feature column{(labelIndex < 0 ? "" : $" beside label '{table.Schema.Fields[labelIndex].Name}'")}; at least one is needed to train.");
    }

    private static CategoryDomain Levels(string column, StringColumn texts)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var lookup = seen.GetAlternateLookup<ReadOnlySpan<char>>();
        var buffer = new char[256];
        for (var row = 0; row < texts.Length; row++)
        {
            if (texts.IsNull(row))
            {
                continue;
            }

            var bytes = texts.Bytes(row);
            if (buffer.Length < bytes.Length)
            {
                buffer = new char[bytes.Length];
            }

            if (lookup.Add(buffer.AsSpan(0, Encoding.UTF8.GetChars(bytes, buffer))))
            {
                CheckCount(column, seen.Count);
            }
        }

        return new CategoryDomain([.. seen.Order(StringComparer.Ordinal)]);
    }

    private static void CheckCount(string column, int levels)
    {
        if (levels > MostLevels)
        {
            throw new ModuleException(
                14, $"Column '{column}' has more than {MostLevels} distinct values; as a feature it can have {MostLevels}. "
                + "If it identifies rows, clear its feature role with Edit Metadata.");
        }
    }
}
