using System.Data;
using Auspex.Connectors.Http;
using Auspex.Connectors.Sql;
using Auspex.Connectors.SqlServer;
using Auspex.Connectors.Tables;
using Microsoft.Data.SqlClient;
using Xunit;

namespace Auspex.Tests.Connectors.Sql;

/// <summary>What would be sent to SQL Server, of which there is none here.</summary>
public sealed class SqlServerTextTests
{
    private readonly SqlServerEngine _engine = new(
        SqlServerName.Parse("db.example.com"), new SqlConnectionSettings { Server = "db.example.com" }, new OutboundGate(new OutboundOptions()));

    [Fact]
    public void Upsert_IsAnUpdateByJoinAndAnInsertOfTheRest()
    {
        var merge = new SqlMergeText("[dbo].[t]", "[#auspex_interim]", ["[id]", "[part]", "[a]"], ["[id]", "[part]"]);

        Assert.Equal(
            "SELECT [id], [a] INTO [#auspex_interim] FROM [dbo].[t] WHERE 1 = 0 UNION ALL SELECT [id], [a] FROM [dbo].[t] WHERE 1 = 0",
            _engine.CreateInterim("[#auspex_interim]", "[dbo].[t]", "[id], [a]"));
        Assert.Equal(
            "UPDATE t SET t.[a] = s.[a] FROM [dbo].[t] AS t INNER JOIN [#auspex_interim] AS s ON t.[id] = s.[id] AND t.[part] = s.[part]",
            _engine.UpdateFromInterim(merge));
        Assert.Equal(
            "INSERT INTO [dbo].[t] ([id], [part], [a]) SELECT s.[id], s.[part], s.[a] FROM [#auspex_interim] AS s"
            + " WHERE NOT EXISTS (SELECT 1 FROM [dbo].[t] AS t WHERE t.[id] = s.[id] AND t.[part] = s.[part])",
            merge.InsertMissing);
    }

    [Fact]
    public void Procedure_TakesTheRowsAsATableBesideItsOtherParameters()
    {
        var schema = new TableSchema([new TableField { Name = "id", Type = ColumnType.Int32 }]);
        var procedure = new SqlRowProcedure("dbo.Save", "dbo.PeopleType", "people", [new SqlStatementParameter("by", DbType.String, "me")]);
        using var connection = new SqlConnection();

        var insert = new SqlServerRowProcedure(connection, null, procedure, SqlMapping.Of(new SqlTarget { Table = "t" }, schema), _engine);

        Assert.Equal((CommandType.StoredProcedure, "[dbo].[Save]"), (insert.Command.CommandType, insert.Command.CommandText));
        Assert.Equal("me", insert.Command.Parameters["@by"].Value);
        var rows = insert.Command.Parameters["@people"];
        Assert.Equal((SqlDbType.Structured, "dbo.PeopleType"), (rows.SqlDbType, rows.TypeName));
    }
}
