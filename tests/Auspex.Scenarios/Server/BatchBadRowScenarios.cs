using System.Text.Json.Nodes;
using Xunit;
using static Auspex.Scenarios.Server.BatchBodies;

namespace Auspex.Scenarios.Server;

/// <summary>Batch jobs with rows that cannot be read, and inputs that do not fit.</summary>
public sealed class BatchBadRowScenarios
{
    [Fact]
    public async Task Job_RowThatCannotBeRead_FailsWithItsNumberAndWritesNothing()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        server.WriteFile("in/numbers.csv", "x,note\n1,a\ntwo,b\n3,c,d\n");
        server.WriteFile("out/scored.csv", "as before");

        var status = await server.RunJobAsync(service, Body(server, "in/numbers.csv", "out/scored.csv"));

        Assert.Equal("Failed", (string?)status["StatusCode"]);
        Assert.Contains("row 2", (string?)status["Details"], StringComparison.OrdinalIgnoreCase);
        Assert.Equal("as before", server.ReadFile("out/scored.csv"));
    }

    [Fact]
    public async Task Job_RowsThatCannotBeRead_AreLeftOutAndKeptInQuarantine()
    {
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            Settings = new Dictionary<string, string?> { ["Auspex:WebServices:BadRows"] = "Quarantine" },
        });
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        server.WriteFile("in/numbers.csv", "x,note\n1,a\ntwo,b\n3,c,d\n4,\"e,f\"\n,g\n");

        var status = await server.RunJobAsync(service, Body(server, "in/numbers.csv", "out/scored.csv"));

        Assert.Equal("Finished", (string?)status["StatusCode"]);
        Assert.StartsWith("2 row(s)", (string?)status["Details"], StringComparison.Ordinal);
        Assert.Equal("x,note,Scored Labels\n2,a,102\n5,\"e,f\",105\n,g,\n", server.ReadFile("out/scored.csv"));
        Assert.Contains("out/scored.csv.rejects.csv", (string?)status["Details"], StringComparison.Ordinal);
        Assert.Equal(
            """{"Scored":3,"Rejected":2,"Rejects":["out/scored.csv.rejects.csv"]}""", status["Rows"]!.ToJsonString());
        Assert.Equal(
            """
            Reject,Row,Offset,Column,Reason,Record
            0,0,0,"numbers.csv","the header of the input","x,note"
            1,2,11,"x","column 'x': found text that is no Double.","two,b"
            2,3,17,"","found 3 fields; expected 2, as many as there are columns.","3,c,d"

            """,
            server.ReadFile("out/scored.csv.rejects.csv"));
    }

    [Theory]
    [InlineData("skip", null, "Finished", false)]
    [InlineData("quarantine", "2", "Finished", true)]
    [InlineData("quarantine", "1", "Failed", false)]
    [InlineData("quarantine", "40%", "Finished", true)]
    [InlineData("skip", "39%", "Failed", false)]
    [InlineData("fail", null, "Failed", false)]
    public async Task Job_WithAPolicyOfItsOwn_FollowsIt(string policy, string? limit, string state, bool keeps)
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        server.WriteFile("in/numbers.csv", "x,note\n1,a\ntwo,b\n3,c,d\n4,\"e,f\"\n,g\n");
        server.WriteFile("out/scored.csv.rejects.csv", "of an earlier job");
        var body = Body(server, "in/numbers.csv", "out/scored.csv");
        body["BadRows"] = new JsonObject { ["Policy"] = policy, ["Limit"] = limit };

        var status = await server.RunJobAsync(service, body);

        Assert.True(state == (string?)status["StatusCode"], status.ToJsonString());
        var rejects = Path.Combine(server.Files, "out/scored.csv.rejects.csv");
        Assert.Equal(state == "Finished", File.Exists(Path.Combine(server.Files, "out/scored.csv")));
        Assert.Equal(keeps, File.Exists(rejects) && (await File.ReadAllTextAsync(rejects, TestContext.Current.CancellationToken)).StartsWith("Reject", StringComparison.Ordinal));
        Assert.Equal(state == "Failed" || keeps, File.Exists(rejects));
    }

    [Theory]
    [InlineData("csv", null, 3, 0)]
    [InlineData("csv", 1024, 2, 1)]
    [InlineData("csv", 4096, 3, 0)]
    [InlineData("parquet", 1024, 2, 1)]
    public async Task Job_WithALimitOfRecords_GoesBeforeTheServersOption(string to, int? longest, int scored, int rejected)
    {
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            Settings = new Dictionary<string, string?> { ["Auspex:WebServices:MaxRecordBytes"] = longest == 4096 ? "1024" : "4096" },
        });
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        server.WriteFile("in/numbers.csv", $"x,note\n1,a\n2,{new string('b', 2000)}\n3,c\n");
        var body = Body(server, "in/numbers.csv", $"out/scored.{to}");
        body["BadRows"] = new JsonObject { ["Policy"] = "quarantine", ["MaxRecordBytes"] = longest };

        var status = await server.RunJobAsync(service, body);

        Assert.True((string?)status["StatusCode"] == "Finished", status.ToJsonString());
        Assert.Equal((scored, rejected), ((int)status["Rows"]!["Scored"]!, (int)status["Rows"]!["Rejected"]!));
    }

    [Fact]
    public async Task Job_OfRowsLongerThanTheServersOption_FailsAndNamesIt()
    {
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            Settings = new Dictionary<string, string?> { ["Auspex:WebServices:MaxRecordBytes"] = "1024" },
        });
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        server.WriteFile("in/numbers.csv", $"x,note\n1,a\n2,{new string('b', 2000)}\n3,c\n");

        var status = await server.RunJobAsync(service, Body(server, "in/numbers.csv", "out/scored.csv"));

        Assert.Equal("Failed", (string?)status["StatusCode"]);
        Assert.Contains("row 2 (byte 11): found a row longer than MaxRecordBytes", (string?)status["Details"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_OfMendedRejects_CompletesTheOutput()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        server.WriteFile("in/numbers.csv", "x,note\n1,a\ntwo,b\n3,c,d\n4,e\nfive,f\n");
        var body = Body(server, "in/numbers.csv", "out/scored.csv");
        body["BadRows"] = new JsonObject { ["Policy"] = "quarantine" };
        await server.RunJobAsync(service, body);
        var rejects = server.ReadFile("out/scored.csv.rejects.csv");
        server.WriteFile(
            "out/scored.csv.rejects.csv",
            rejects.Replace("\"two,b\"", "\"2,b\"", StringComparison.Ordinal).Replace("\"five,f\"", "\"5,f\"", StringComparison.Ordinal));
        var again = Body(server, "out/scored.csv.rejects.csv", "out/scored.csv");
        again["BadRows"] = new JsonObject { ["Policy"] = "quarantine" };

        var status = await server.RunJobAsync(service, again);

        Assert.Equal("Finished", (string?)status["StatusCode"]);
        Assert.Equal("""{"Scored":4,"Rejected":1,"Rejects":["out/scored.csv.rejects.csv"]}""", status["Rows"]!.ToJsonString());
        Assert.Equal("x,note,Scored Labels\n2,a,102\n3,b,103\n5,e,105\n6,f,106\n", server.ReadFile("out/scored.csv"));
        Assert.EndsWith("1,3,17,\"\",\"found 3 fields; expected 2, as many as there are columns.\",\"3,c,d\"\n", server.ReadFile("out/scored.csv.rejects.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_OfAGraph_NamesOnlyTheInputWhoseRowsWereLeftOut()
    {
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            Settings = new Dictionary<string, string?> { ["Auspex:WebServices:BadRows"] = "Quarantine" },
        });
        var service = await server.PublishAsync("s", ServerHarness.Joining);
        server.WriteFile("in/a.csv", "x\n1\n2\n");
        server.WriteFile("in/b.csv", "x\n1\ntwo\n3\n");
        var body = Body(server, "in/a.csv", "out/o.csv");
        body["Inputs"]!["input2"] = new JsonObject { ["ConnectionString"] = server.ConnectionString, ["RelativeLocation"] = "in/b.csv" };
        body["Outputs"]!["output2"] = new JsonObject { ["ConnectionString"] = server.ConnectionString, ["RelativeLocation"] = "out/p.csv" };

        var status = await server.RunJobAsync(service, body);

        Assert.Equal("Finished", (string?)status["StatusCode"]);
        Assert.Contains("out/o.csv.input2.rejects.csv", (string?)status["Details"], StringComparison.Ordinal);
        Assert.DoesNotContain("input1", (string?)status["Details"], StringComparison.Ordinal);
        Assert.Contains("\"two\"", server.ReadFile("out/o.csv.input2.rejects.csv"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y\n1\n", "AUX4201  x  found     no column of this name")]
    [InlineData("X\n1\n", "Did you mean 'X'?")]
    [InlineData("x\none\ntwo\n", "text in 2 of 2 filled cells (100 %), first in row 1")]
    [InlineData("x\n1\ntwo\n", "row 2")]
    [InlineData("", "header")]
    public async Task Job_InputThatDoesNotFit_FailsReadably(string file, string expected)
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        server.WriteFile("in/bad.csv", file);
        server.WriteFile("out/scored.csv", "as before");

        var status = await server.RunJobAsync(service, Body(server, "in/bad.csv", "out/scored.csv"));

        Assert.Equal("Failed", (string?)status["StatusCode"]);
        var details = (string)status["Details"]!;
        Assert.Contains(expected, details, StringComparison.Ordinal);
        Assert.StartsWith("Module: ", details, StringComparison.Ordinal);
        Assert.Null(status["Results"]);
        Assert.Equal("as before", server.ReadFile("out/scored.csv"));
    }

    [Fact]
    public async Task Job_HeaderOnly_GivesHeaderOnly()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        server.WriteFile("in/empty.csv", "x\n");

        var status = await server.RunJobAsync(service, Body(server, "in/empty.csv", "out/scored.csv"));

        Assert.Equal("Finished", (string?)status["StatusCode"]);
        Assert.Equal("x,Scored Labels\n", server.ReadFile("out/scored.csv"));
    }
}
