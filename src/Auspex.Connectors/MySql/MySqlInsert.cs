using System.Globalization;
using System.Text;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using MySqlConnector;

namespace Auspex.Connectors.MySql;

/// <summary>
/// Inserts many rows by each statement. The protocol's bulk load is not used: it cuts values that do not fit, and needs the right to ask
/// for files of the client.
/// </summary>
internal sealed class MySqlInsert : ISqlInsert
{
    // Statements stay well below the smallest packet that servers take by default, and below the most parameters that they count.
    private const int MostBytes = 1 << 20;
    private const int MostValues = 20_000;

    private readonly MySqlCommand _command;
    private readonly SqlMapping _mapping;
    private readonly string _beginning;
    private readonly int _mostRows;

    public MySqlInsert(
        MySqlConnection connection,
        MySqlTransaction transaction,
        string table,
        SqlMapping mapping,
        int rowsPerOperation,
        MySqlEngine engine)
    {
        _mapping = mapping;
        _command = new MySqlCommand { Connection = connection, Transaction = transaction, CommandTimeout = 0 };
        _beginning = $"INSERT INTO {table} ({string.Join(", ", mapping.Fields.Select(field => engine.Quote(field.Name)))}) VALUES ";
        _mostRows = Math.Max(1, Math.Min(rowsPerOperation, MostValues / Math.Max(1, mapping.Fields.Length)));
    }

    public async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        var columns = _mapping.Apply(batch);
        var text = new StringBuilder();
        for (var row = 0; row < batch.RowCount;)
        {
            text.Clear().Append(_beginning);
            _command.Parameters.Clear();
            var size = 0L;
            var first = row;
            for (; row < batch.RowCount && row - first < _mostRows && size < MostBytes; row++)
            {
                text.Append(row == first ? "(" : ", (");
                for (var i = 0; i < columns.Length; i++)
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"@p{_command.Parameters.Count}");
                    var value = ValueOf(columns[i], row);
                    _command.Parameters.Add(new MySqlParameter(name, value));
                    text.Append(i == 0 ? "" : ", ").Append(name);
                    size += value is string characters ? characters.Length * 3L : 24;
                }

                text.Append(')');
            }

            _command.CommandText = text.ToString();
            await _command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _command.DisposeAsync();

    /// <summary>MySQL has no NaN and no infinity: NaN becomes a missing value, and infinity is refused by the server.</summary>
    private static object ValueOf(Column column, int row) => column.IsNull(row) ? DBNull.Value : column switch
    {
        BooleanColumn booleans => booleans.Values[row],
        Int64Column numbers => numbers.Values[row],
        DoubleColumn numbers => double.IsNaN(numbers.Values[row]) ? DBNull.Value : numbers.Values[row],
        DateTimeColumn times => new DateTime(times.Values[row]),
        TimeSpanColumn durations => new TimeSpan(durations.Values[row]),
        StringColumn texts => texts.Text(row)!,
        _ => ColumnText.Text(column, row, CellFormat.File)!,
    };
}
