using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Connectors.Sql;

namespace Auspex.Activities.External.Database;

/// <summary>Gathers what scripts give, up to the number of rows and the size that an output may have; the rest is left out and said so.</summary>
internal sealed class ScriptResults(bool decimalsAsText) : ISqlReceiver
{
    // What Data Factory shows of a script's rows.
    private const int MostRows = 5_000;
    private const int MostBytes = 4 << 20;

    private readonly JsonArray _sets = [];
    private readonly JsonObject _outputs = [];
    private ImmutableArray<string> _columns = [];
    private JsonArray _rows = [];
    private int _rowCount;
    private long _bytes;

    /// <summary>Whether something was left out.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Rows changed by all scripts.</summary>
    public long RecordsAffected { get; set; }

    public void BeginRows(ImmutableArray<string> columns)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var names = ImmutableArray.CreateBuilder<string>(columns.Length);
        for (var i = 0; i < columns.Length; i++)
        {
            var name = columns[i].Length == 0 ? string.Create(CultureInfo.InvariantCulture, $"Col{i + 1}") : columns[i];
            var unique = name;
            for (var suffix = 1; !taken.Add(unique); suffix++)
            {
                unique = string.Create(CultureInfo.InvariantCulture, $"{name} ({suffix})");
            }

            names.Add(unique);
        }

        _columns = names.MoveToImmutable();
        _rows = [];
    }

    public bool AddRow(IReadOnlyList<object?> values)
    {
        if (_rowCount == MostRows)
        {
            IsTruncated = true;
            return false;
        }

        var row = new JsonObject();
        for (var i = 0; i < _columns.Length; i++)
        {
            row[_columns[i]] = SqlJson.ToNode(values[i], decimalsAsText);
        }

        _bytes += Encoding.UTF8.GetByteCount(row.ToJsonString()) + 1;
        if (_bytes > MostBytes)
        {
            // Nothing after it either: a small row must not stand where a large one is missing.
            (IsTruncated, _rowCount) = (true, MostRows);
            return false;
        }

        _rowCount++;
        _rows.Add(row);
        return true;
    }

    public void EndRows() => _sets.Add(new JsonObject { ["rowCount"] = _rows.Count, ["rows"] = _rows });

    public void SetOutput(string name, object? value) => _outputs[name.TrimStart('@')] = SqlJson.ToNode(value, decimalsAsText);

    /// <summary>The output without what the database said beside.</summary>
    public JsonObject ToOutput() => new()
    {
        ["resultSetCount"] = _sets.Count,
        ["recordsAffected"] = RecordsAffected,
        ["resultSets"] = _sets,
        ["outputParameters"] = _outputs,
    };
}
