using Auspex.Engine.Runs;
using Auspex.Storage.Sqlite;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Tests.Storage.Sqlite;

public sealed class RunListingTests
{
    private static readonly DateTimeOffset Some = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<RunQuery, string> Queries => new()
    {
        { new RunQuery(Before: new RunId("r")), "SEARCH runs USING INTEGER PRIMARY KEY" },
        { new RunQuery(Factory: "f"), "SEARCH runs USING INDEX runs_by_factory" },
        { new RunQuery(Pipeline: "p"), "SEARCH runs USING INDEX runs_by_pipeline" },
        { new RunQuery(Status: RunStatus.Failed), "SEARCH runs USING INDEX runs_by_status" },
        { new RunQuery(Pipeline: "p", Before: new RunId("r")), "SEARCH runs USING INDEX runs_by_pipeline" },
        { new RunQuery(UpdatedAfter: Some, UpdatedBefore: Some), "SEARCH runs USING INDEX runs_by_update" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void Write_AnyFilter_IsAnsweredByAnIndex(RunQuery query, string expected)
    {
        using var folder = new TemporaryFolder();
        using var database = SqliteDatabase.Open(folder.File("journal.db"));
        var (sql, values) = RunListing.Write(query);

        var plan = database.Read(session =>
        {
            using var reader = session.Prepare("EXPLAIN QUERY PLAN " + sql, values).ExecuteReader();
            var steps = new List<string>();
            while (reader.Read())
            {
                steps.Add(reader.GetString(3));
            }

            return steps;
        });

        Assert.Contains(plan, step => step.StartsWith(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(plan, step => step == "SCAN runs");
        if (query.UpdatedAfter is null)
        {
            Assert.DoesNotContain(plan, step => step.Contains("ORDER BY", StringComparison.Ordinal));
        }
    }
}
