using Auspex.Cli.Workspace;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;

namespace Auspex.Cli.Demo;

/// <summary>The database that <c>score-sql</c> reads from and writes to: an SQLite file with the people to score.</summary>
internal static class DemoDatabase
{
    /// <summary>As <c>Database server name</c>: the folder of file roots.</summary>
    public const string Server = "sqlite:.";

    /// <summary>As <c>Database name</c>: the file in it.</summary>
    public const string Name = "people.db";

    /// <summary>Makes the database anew and returns how many people are in it.</summary>
    public static async Task<long> CreateAsync(DemoFactory factory, CancellationToken cancellationToken)
    {
        File.Delete(factory.Database);
        var tables = new SqlTables(new SqlTablesOptions { FileRoots = [factory.DataFolder] });
        await using var people = await TableFiles.OpenAsync(factory.Blob("amltest/input/in1.csv"), cancellationToken);
        await using var sink = await tables.OpenSinkAsync(
            new SqlConnectionSettings { Server = Server, Database = Name },
            new SqlTarget { Table = "people" },
            people.Schema,
            cancellationToken);
        var rows = await people.CopyToAsync(sink, cancellationToken);
        await sink.CompleteAsync(cancellationToken);
        return rows;
    }
}
