using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Cli.Demo;

/// <summary>The databases of <c>score-sql</c>: SQLite files with people to score.</summary>
internal static class DemoDatabase
{
    /// <summary>As <c>Database server name</c>: the first folder of the file roots.</summary>
    public const string Server = "sqlite:.";

    /// <summary>As <c>Database name</c>: the file that the pipeline reads and writes.</summary>
    public const string Name = "people.db";

    /// <summary>A small one: an experiment runs once before it is published, and its export must not fill the real one.</summary>
    public const string SampleName = "people-sample.db";

    private const int SampleRows = 100;

    /// <summary>Makes both anew and returns how many people the real one holds.</summary>
    public static async Task<long> CreateAsync(DemoFactory factory, CancellationToken cancellationToken)
    {
        await using var people = await TableFiles.OpenAsync(factory.Blob("amltest/input/in1.csv"), cancellationToken);
        var first = true;
        var rows = 0L;
        await using var sink = await OpenSinkAsync(factory, Name, people.Schema, cancellationToken);
        await foreach (var batch in people.ReadAsync(cancellationToken))
        {
            if (first)
            {
                await using var sample = await OpenSinkAsync(factory, SampleName, people.Schema, cancellationToken);
                await sample.WriteAsync(batch.Slice(0, Math.Min(SampleRows, batch.RowCount)), cancellationToken);
                await sample.CompleteAsync(cancellationToken);
                first = false;
            }

            await sink.WriteAsync(batch, cancellationToken);
            rows += batch.RowCount;
        }

        await sink.CompleteAsync(cancellationToken);
        return rows;
    }

    private static Task<ITableSink> OpenSinkAsync(
        DemoFactory factory,
        string name,
        TableSchema schema,
        CancellationToken cancellationToken)
    {
        File.Delete(Path.Combine(factory.DataFolder, name));
        return new SqlTables(new SqlTablesOptions { FileRoots = [factory.DataFolder] }).OpenSinkAsync(
            new SqlConnectionSettings { Server = Server, Database = name },
            new SqlTarget { Table = "people" },
            schema,
            cancellationToken);
    }
}
