using Auspex.Engine.Runs;
using Auspex.Storage.Sqlite;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Tests.Storage.Sqlite;

public sealed class RunListingTests
{
    private static readonly DateTimeOffset Some = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly RunWindow Window = new(Some, Some.AddDays(1), Some.AddHours(1));

    public static TheoryData<RunQuery, bool, string> Queries => new()
    {
        { new RunQuery(Before: new RunId("r")), false, "SEARCH runs USING INTEGER PRIMARY KEY" },
        { new RunQuery(Factory: "f"), false, "SEARCH runs USING COVERING INDEX runs_by_factory" },
        { new RunQuery(Factory: "f") { Window = Window }, true, "SEARCH runs USING COVERING INDEX runs_by_seen" },
        { new RunQuery(Factory: "f") { Window = Window }, false, "SEARCH runs USING INDEX runs_by_factory" },
        { new RunQuery("f", "p") { Window = Window }, true, "SEARCH runs USING COVERING INDEX runs_by_pipeline" },
        { new RunQuery("f", Status: RunStatus.Failed) { Window = Window }, true, "SEARCH runs USING COVERING INDEX runs_by_status" },
        { new RunQuery("f") { Window = Window, OrderBy = RunOrder.End }, false, "SEARCH runs USING COVERING INDEX runs_by_seen" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void Write_AnyFilter_IsAnsweredByAnIndex(RunQuery query, bool hasFew, string expected)
    {
        using var folder = new TemporaryFolder();
        using var database = SqliteDatabase.Open(folder.File("journal.db"));
        var (sql, values) = RunListing.Write(query, hasFew);

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
    }
}
