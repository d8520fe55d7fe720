using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class JoinDataModuleTests
{
    private const string Module = "Join Data";
    private const string LeftKeys = "Join key columns for L";
    private const string RightKeys = "Join key columns for R";

    private static readonly TableBatch Left = ModuleRuns.Batch(
        [ModuleRuns.Field("k", ColumnType.String), ModuleRuns.Field("v", ColumnType.Int32)],
        ["a", 1], ["b", 2], [null, 3], ["A", 4], ["z", 5]);

    private static readonly TableBatch Right = ModuleRuns.Batch(
        [ModuleRuns.Field("k", ColumnType.String), ModuleRuns.Field("w", ColumnType.Double), ModuleRuns.Field("v", ColumnType.Int32)],
        ["b", 0.5, 10], ["a", 1.5, 11], [null, 2.5, 12], ["b", 3.5, 13], ["y", 4.5, 14]);

    [Theory]
    [InlineData("Inner Join", "1:11,2:10,2:13")]
    [InlineData("Left Outer Join", "1:11,2:10,2:13,3:,4:,5:")]
    [InlineData("Full Outer Join", "1:11,2:10,2:13,3:,4:,5:,:12,:14")]
    public async Task Run_Kind_KeepsItsRowsInOrder(string kind, string expected)
    {
        var output = await JoinAsync(("Join type", kind));

        Assert.Equal(["k", "v", "k (2)", "w", "v (2)"], ModuleRuns.Names(output));
        Assert.Equal(expected, string.Join(',', ModuleRuns.Texts(output, "v").Zip(ModuleRuns.Texts(output, "v (2)"), (l, r) => $"{l}:{r}")));
    }

    [Fact]
    public async Task Run_LeftSemi_KeepsLeftRowsOnceAndLeftColumnsOnly()
    {
        var output = await JoinAsync(("Join type", "Left Semi-Join"));

        Assert.Equal(["k", "v"], ModuleRuns.Names(output));
        Assert.Equal(["1", "2"], ModuleRuns.Texts(output, "v"));
    }

    [Fact]
    public async Task Run_NotMatchingCase_PairsLettersOfEitherCase()
    {
        var output = await JoinAsync(("Match case", "False"));

        Assert.Equal(["1", "2", "2", "4"], ModuleRuns.Texts(output, "v"));
    }

    [Fact]
    public async Task Run_WithoutRightKeys_FillsLeftKeysOfUnmatchedRows()
    {
        var output = await JoinAsync(("Join type", "Full Outer Join"), ("Keep right key columns in joined table", "False"));

        Assert.Equal(["k", "v", "w", "v (2)"], ModuleRuns.Names(output));
        Assert.Equal([null, "y"], ModuleRuns.Texts(output, "k")[^2..]);
    }

    [Fact]
    public async Task Run_SeveralKeysOfSeveralTypes_PairByPosition()
    {
        var left = ModuleRuns.Batch(
            [ModuleRuns.Field("i", ColumnType.Int32), ModuleRuns.Category("c", "x", "y"), ModuleRuns.Field("d", ColumnType.Double)],
            [1, "x", 0.0], [1, "y", double.NaN], [2, "x", 1.0]);
        var right = ModuleRuns.Batch(
            [ModuleRuns.Field("s", ColumnType.String), ModuleRuns.Field("e", ColumnType.Double), ModuleRuns.Field("j", ColumnType.Int64), ModuleRuns.Field("n", ColumnType.Int32)],
            ["y", double.NaN, 1L, 7], ["x", -0.0, 1L, 8], ["x", 2.0, 2L, 9]);

        var output = await ModuleRuns.OutputAsync(Module, [left, right], (LeftKeys, "i,c,d"), (RightKeys, "j,s,e"));

        Assert.Equal(["8", "7"], ModuleRuns.Texts(output, "n"));
    }

    [Fact]
    public async Task Run_LabelsOnBothSides_KeepsTheLeftOne()
    {
        var left = ModuleRuns.Batch([ModuleRuns.Field("k", ColumnType.Int32), ModuleRuns.Field("y", ColumnType.Int32, ColumnRole.Label)], [1, 1]);
        var right = ModuleRuns.Batch([ModuleRuns.Field("k", ColumnType.Int32), ModuleRuns.Field("z", ColumnType.Int32, ColumnRole.Label)], [1, 1]);

        var output = await ModuleRuns.OutputAsync(Module, [left, right], (LeftKeys, "k"), (RightKeys, "k"));

        Assert.Equal(1, output.Schema.LabelIndex);
        Assert.Equal(ColumnRole.None, output.Schema.Fields[3].Role);
    }

    [Fact]
    public async Task Run_EmptySides_GiveNoRows()
    {
        Assert.Equal(0, (await ModuleRuns.OutputAsync(Module, [Left, Right.Slice(0, 0)], (LeftKeys, "k"), (RightKeys, "k"))).RowCount);
        Assert.Equal(0, (await ModuleRuns.OutputAsync(Module, [Left.Slice(0, 0), Right], (LeftKeys, "k"), (RightKeys, "k"))).RowCount);
    }

    [Theory]
    [InlineData(1, "gone", "k")]
    [InlineData(3, "", "k")]
    [InlineData(11, "AllDateTimes", "k")]
    [InlineData(16, "k", "w")]
    [InlineData(16, "v", "w")]
    [InlineData(27, "k,v", "k")]
    public async Task Run_KeysThatDoNotPair_IsError(int number, string left, string right) =>
        await ModuleRuns.FailAsync(number, Module, [Left, Right], (LeftKeys, left), (RightKeys, right));

    [Fact]
    public async Task Run_NoColumns_IsError20() => await ModuleRuns.FailAsync(
        20, Module, [Left, new TableBatch(new TableSchema([]), [], 0)], (LeftKeys, "k"), (RightKeys, "k"));

    [Fact]
    public async Task Run_RandomTables_AgreesWithNestedLoops()
    {
        var random = new Auspex.Experiments.Execution.SeededRandom(5);
        var left = Random(300);
        var right = Random(200);

        var output = await ModuleRuns.OutputAsync(Module, [left, right], (LeftKeys, "k"), (RightKeys, "k"));

        var expected = new List<string>();
        var (leftKeys, rightKeys) = (ModuleRuns.Texts(left, "k"), ModuleRuns.Texts(right, "k"));
        for (var i = 0; i < 300; i++)
        {
            for (var j = 0; j < 200; j++)
            {
                if (leftKeys[i] is not null && leftKeys[i] == rightKeys[j])
                {
                    expected.Add($"{i}:{j}");
                }
            }
        }

        Assert.Equal(expected, ModuleRuns.Texts(output, "n").Zip(ModuleRuns.Texts(output, "n (2)"), (l, r) => $"{l}:{r}"));

        TableBatch Random(int rows) => ModuleRuns.Batch(
            [ModuleRuns.Field("k", ColumnType.String), ModuleRuns.Field("n", ColumnType.Int32)],
            [.. Enumerable.Range(0, rows).Select(n => new object?[] { random.Next(40) is var key && key == 0 ? null : $"key number {key}", n })]);
    }

    private static Task<TableBatch> JoinAsync(params (string, string)[] parameters) =>
        ModuleRuns.OutputAsync(Module, [Left, Right], [(LeftKeys, "k"), (RightKeys, "k"), .. parameters]);
}
