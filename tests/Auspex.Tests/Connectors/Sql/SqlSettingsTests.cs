using System.Data;
using Auspex.Connectors.Http;
using Auspex.Connectors.Sql;
using Auspex.Connectors.SqlServer;
using Auspex.Connectors.Tables;
using Microsoft.Data.SqlClient;
using Xunit;

namespace Auspex.Tests.Connectors.Sql;

public sealed class SqlSettingsTests
{
    [Theory]
    [InlineData("host", 0, "host", null)]
    [InlineData("tcp:srv.database.windows.net,1433", 0, "srv.database.windows.net", 1433)]
    [InlineData("host\\instance", 0, "host\\instance", null)]
    [InlineData("postgres://db.example:5433", 1, "db.example", 5433)]
    [InlineData("postgresql://db/", 1, "db", null)]
    [InlineData("mysql://host:3307", (int)SqlEngineKind.MySql, "host", 3307)]
    [InlineData("sqlite:folder/x.db", 2, "folder/x.db", null)]
    public void Parse_KnownForms_TellDatabaseHostAndPort(string server, int kind, string host, int? port)
    {
        var name = SqlServerName.Parse(server);

        Assert.Equal((SqlEngineKind)kind, name.Kind);
        Assert.Equal(host, name.Host);
        Assert.Equal(port, name.Port);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tcp:")]
    [InlineData("host,port")]
    [InlineData("host,0")]
    [InlineData("host;Password=x")]
    [InlineData("postgres://")]
    [InlineData("postgres://user:secret@host")]
    [InlineData("postgres://host/db")]
    [InlineData("oracle://host")]
    [InlineData("mysql://user:secret@host")]
    [InlineData("sqlite:")]
    public void Parse_AnythingElse_SaysWhatIsExpected(string server)
    {
        var error = Assert.Throws<SqlTableException>(() => SqlServerName.Parse(server));

        Assert.Equal(SqlTableError.Settings, error.Error);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("People", "People")]
    [InlineData(" dbo . People ", "dbo|People")]
    [InlineData("[my.db].[a]]b].\"c\"\"d\"", "my.db|a]b|c\"d")]
    public void SqlName_Parts_AreTakenApart(string name, string parts) => Assert.Equal(parts.Split('|'), SqlName.Parse(name));

    [Theory]
    [InlineData("")]
    [InlineData("a.")]
    [InlineData("a.b.c.d")]
    [InlineData("[open")]
    [InlineData("[a]b")]
    public void SqlName_Malformed_IsRefused(string name) => Assert.Throws<SqlTableException>(() => SqlName.Parse(name));

    [Fact]
    public void ToString_Settings_HidesUserAndPassword()
    {
        var settings = new SqlConnectionSettings { Server = "s", Database = "d", User = "user", Password = "secret" };

        Assert.DoesNotContain("secret", settings.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("user", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ConnectionString_OfSqlServer_EncryptsAndEscapes()
    {
        var settings = new SqlConnectionSettings { Server = "tcp:h,1500", Database = "d;x", User = "u", Password = "p;Encrypt=false" };
        var built = new SqlConnectionStringBuilder(SqlServerEngine.ConnectionString(SqlServerName.Parse(settings.Server), settings));

        Assert.Equal("tcp:h,1500", built.DataSource);
        Assert.Equal("d;x", built.InitialCatalog);
        Assert.Equal("p;Encrypt=false", built.Password);
        Assert.Equal(SqlConnectionEncryptOption.Mandatory, built.Encrypt);
        Assert.False(built.TrustServerCertificate);
    }

    [Fact]
    public void CreateCall_OfSqlServer_QuotesTheNameAndPassesArgumentsByName()
    {
        var engine = new SqlServerEngine(
            SqlServerName.Parse("host"), new SqlConnectionSettings { Server = "host" }, new OutboundGate(new OutboundOptions()));
        using var connection = new SqlConnection();

        using var command = engine.CreateCall(connection, ["dbo", "odd]name"],
        [
            new SqlStatementParameter("a", DbType.Int32, 7),
            new SqlStatementParameter("@b", DbType.String, null),
        ]);

        Assert.Equal((CommandType.StoredProcedure, "[dbo].[odd]]name]"), (command.CommandType, command.CommandText));
        Assert.Equal(["@a", "@b"], command.Parameters.Cast<SqlParameter>().Select(parameter => parameter.ParameterName));
        Assert.Equal([7, DBNull.Value], command.Parameters.Cast<SqlParameter>().Select(parameter => parameter.Value));
    }

    [Fact]
    public void ToDataTable_OfSqlServer_MapsTypesAndMissingValues()
    {
        var schema = new TableSchema(
        [
            new TableField { Name = "n", Type = ColumnType.Int32 },
            new TableField { Name = "d", Type = ColumnType.Double },
            new TableField { Name = "t", Type = ColumnType.DateTime },
            new TableField { Name = "p", Type = ColumnType.TimeSpan },
        ]);
        var batch = TableBatches.FromRows(schema, [1, double.NaN, new DateTime(2020, 1, 2), TimeSpan.FromHours(30)], [null, 2.5, null, null]);

        using var table = SqlServerBulkInsert.ToDataTable(batch, SqlMapping.Of(new SqlTarget { Table = "t" }, schema));

        Assert.Equal([1L, DBNull.Value, new DateTime(2020, 1, 2), "1.06:00:00"], table.Rows[0].ItemArray);
        Assert.Equal([DBNull.Value, 2.5, DBNull.Value, DBNull.Value], table.Rows[1].ItemArray);
        Assert.Equal(typeof(long), ((DataColumn)table.Columns[0]).DataType);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("postgres://169.254.169.254")]
    public async Task OpenSourceAsync_MetadataAddress_IsForbidden(string server)
    {
        var tables = new SqlTables(new SqlTablesOptions { Outbound = new OutboundOptions() });

        var error = await Assert.ThrowsAsync<SqlTableException>(() => tables.OpenSourceAsync(
            new SqlConnectionSettings { Server = server, User = "u" }, "SELECT 1", TestContext.Current.CancellationToken));

        Assert.Equal(SqlTableError.Forbidden, error.Error);
    }

    [Fact]
    public async Task OpenSourceAsync_SqlServerThatDoesNotAnswer_SaysWhatIsMissing()
    {
        var port = TestKit.Services.ServiceProcess.FreePort();
        var tables = new SqlTables(new SqlTablesOptions());

        var error = await Assert.ThrowsAsync<SqlTableException>(() => tables.OpenSourceAsync(
            new SqlConnectionSettings { Server = $"tcp:127.0.0.1,{port}", User = "u", Password = "secret" },
            "SELECT 1",
            TestContext.Current.CancellationToken));

        // The driver works only where culture tables are loaded; tests run without, unless told otherwise.
        var hasCultures = Environment.GetEnvironmentVariable("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT") == "0";
        Assert.Equal(hasCultures ? SqlTableError.Unavailable : SqlTableError.Settings, error.Error);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }
}
