using System.Buffers;
using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server.WebServices.Scoring;
using Auspex.Tests.Experiments.Scoring;
using Xunit;

namespace Auspex.Tests.Architecture;

/// <summary>Holds what hot operations allocate against <c>bench/budgets.json</c>.</summary>
public sealed class AllocationBudgetTests
{
    private const int BatchRows = 8192;

    private static bool IsDebugBuild { get; } =
        typeof(TableBatch).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };

    [Fact]
    public void ScoreBatch_Trees_KeepsItsBudget()
    {
        var random = new Random(1);
        Check("score a batch of 8192 rows, 100 trees, 28 columns", Scoring(WideModels.Trees(random, 100, 31, 0), random, BatchRows));
    }

    [Fact]
    public void ScoreBatch_Linear_KeepsItsBudget()
    {
        var random = new Random(2);
        Check("score a batch of 8192 rows, linear, 28 columns", Scoring(WideModels.Linear(random, 0), random, BatchRows));
    }

    [Fact]
    public void ScoreOneRow_Trees_KeepsItsBudget()
    {
        var random = new Random(3);
        Check("score one row, 100 trees, 28 columns", Scoring(WideModels.Trees(random, 100, 31, 0), random, 1));
    }

    [Fact]
    public void ReadAndWrite_Numbers_KeepsItsBudget()
    {
        var random = new Random(5);
        var numbers = Enumerable.Range(0, 1000).Select(i => i % 3 == 0 ? i : random.NextDouble() * Math.Pow(10, (i % 40) - 20)).ToArray();
        var utf8 = new byte[ColumnText.ScratchSize];
        var isSame = true;
        Check("read and write 1000 numbers", () =>
        {
            foreach (var number in numbers)
            {
                _ = ColumnText.Write(number, CellFormat.Wire, utf8);
                var length = ColumnText.Write(number, CellFormat.File, utf8);
                isSame &= CellParser.TryParseDouble(utf8, 0, length, out var again) && again.Equals(number);
            }
        });

        Assert.True(isSame);
    }

    [Fact]
    public void AnswerRequest_OfOneRow_KeepsItsBudget()
    {
        var model = WideModels.Trees(new Random(4), 100, 31, 0);
        var schema = WideModels.Schema(0);
        var shape = new ServiceShape(
            new ServiceSignature([new ServicePort("input1", PortType.Dataset, schema, null)], [], []), new HashSet<string>());
        var transform = model.Bind(shape.Inputs[0].Schema, false);
        var names = string.Join(',', schema.Fields.Select(field => $"\"{field.Name}\""));
        var values = string.Join(',', schema.Fields.Select((_, column) => $"\"{column / 28.0:F6}\""));
        var json = Encoding.UTF8.GetBytes(
            $$$"""{"Inputs": {"input1": {"ColumnNames": [{{{names}}}], "Values": [[{{{values}}}]]}}, "GlobalParameters": {}}""");
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(buffer);

        Check("answer a request of one row: read, score, write", () =>
        {
            var request = ScoreRequestReader.Read(json, shape);
            buffer.ResetWrittenCount();
            writer.Reset();
            ScoreResponseWriter.Write(
                writer, [KeyValuePair.Create("output1", transform.Apply(request.Inputs["input1"]))], new ScoreFormat(false, true));
            writer.Flush();
        });

        Assert.Contains("Scored Probabilities", Encoding.UTF8.GetString(buffer.WrittenSpan), StringComparison.Ordinal);
    }

    private static Action Scoring(TrainedModel model, Random random, int rows)
    {
        var table = WideModels.Rows(random, rows, 0, whole: true);
        var transform = model.Bind(table.Schema, false);
        return () => transform.Apply(table);
    }

    // The least of several runs: a pool may be trimmed or code compiled anew in between, and neither is the operation's.
    private static void Check(string operation, Action run)
    {
        Assert.SkipWhen(IsDebugBuild, "Budgets are those of optimized code; in a Debug build iterators and closures live on the heap.");
        run();
        run();
        var least = long.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        var budget = Budget(operation);
        Assert.True(least <= budget, $"'{operation}' allocates {least} bytes; bench/budgets.json allows {budget}.");
    }

    private static long Budget(string operation)
    {
        using var budgets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryRoot.Path, "bench", "budgets.json")));
        return budgets.RootElement.GetProperty("bytes").GetProperty(operation).GetInt64();
    }
}
