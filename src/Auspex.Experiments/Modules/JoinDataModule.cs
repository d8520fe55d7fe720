using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Keys;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Join Data": pairs the rows of two tables whose keys are equal. Rows come in the left table's order, those of one
/// left row in the right table's, unmatched right rows last. A missing key matches nothing.
/// </summary>
internal sealed class JoinDataModule : IModule
{
    private const string LeftKeys = "Join key columns for L";
    private const string RightKeys = "Join key columns for R";
    private const string MatchCase = "Match case";
    private const string JoinType = "Join type";
    private const string KeepRightKeys = "Keep right key columns in joined table";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Join Data",
        Category = "Data Transformation/Manipulation",
        FamilyId = "124865f7e9014656adacf4cb08248099",
        Inputs = [Declare.Dataset("Dataset1"), Declare.Dataset("Dataset2")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters =
        [
            Declare.Columns(LeftKeys, graphName: "Comma-separated case-sensitive names of join key columns for L"),
            Declare.Columns(RightKeys, graphName: "Comma-separated case-sensitive names of join key columns for R"),
            Declare.Boolean(MatchCase, true),
            Declare.Choice(JoinType, "Inner Join", ["Inner Join", "Left Outer Join", "Full Outer Join", "Left Semi-Join"]),
            Declare.Boolean(KeepRightKeys, true),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var left = context.Table("Dataset1");
        var right = context.Table("Dataset2");
        RequireColumns(left, "Dataset1");
        RequireColumns(right, "Dataset2");
        var leftKeys = context.Parameters.Columns(LeftKeys, left.Schema);
        var rightKeys = context.Parameters.Columns(RightKeys, right.Schema);
        RequirePairs(left.Schema, leftKeys, right.Schema, rightKeys);

        var kind = context.Parameters.Choice(JoinType) switch
        {
            "Inner Join" => JoinKind.Inner,
            "Left Outer Join" => JoinKind.LeftOuter,
            "Full Outer Join" => JoinKind.FullOuter,
            _ => JoinKind.LeftSemi,
        };
        var matchesCase = context.Parameters.Boolean(MatchCase);
        var pairs = RowPairs.Find(
            new RowKeys(left, leftKeys, matchesCase), new RowKeys(right, rightKeys, matchesCase), kind, cancellationToken);
        var joined = kind == JoinKind.LeftSemi
            ? pairs.LeftIsWhole ? left : left.Take(pairs.Left)
            : JoinedTable.Make(left, leftKeys, right, rightKeys, pairs, context.Parameters.Boolean(KeepRightKeys));
        context.Set("Results dataset", joined);
        return Task.CompletedTask;
    }

    private static void RequireColumns(TableBatch table, string port)
    {
        if (table.Columns.IsEmpty)
        {
            throw new ModuleException(20, $"The dataset at port '{port}' has no columns; Join Data needs at least its key.");
        }
    }

    private static void RequirePairs(
        TableSchema left, ImmutableArray<int> leftKeys, TableSchema right, ImmutableArray<int> rightKeys)
    {
        if (leftKeys.Length != rightKeys.Length)
        {
            throw new ModuleException(
                27,
                $"{leftKeys.Length} key columns are selected on the left and {rightKeys.Length} on the right; "
                + "keys pair by position, so select equally many.");
        }

        for (var i = 0; i < leftKeys.Length; i++)
        {
            var one = left.Fields[leftKeys[i]];
            var other = right.Fields[rightKeys[i]];
            if (Family(one) != Family(other))
            {
                throw new ModuleException(
                    16,
                    $"Key columns '{one.Name}' ({Family(one)}) and '{other.Name}' ({Family(other)}) are of different types; "
                    + "convert one with Edit Metadata.");
            }
        }
    }

    // What people see as one type: both integers, and text whether categorical or not.
    private static string Family(TableField field) => field switch
    {
        { Type: ColumnType.String } => "String",
        { IsCategorical: true } => "categorical " + field.Type,
        { Type: ColumnType.Int32 or ColumnType.Int64 } => "Integer",
        _ => field.Type.ToString(),
    };
}
