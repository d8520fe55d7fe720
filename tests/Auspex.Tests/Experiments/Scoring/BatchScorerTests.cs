using System.Runtime.CompilerServices;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring;

public sealed class BatchScorerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task RunAsync_WithThreads_KeepsTheInputsOrder(int threads)
    {
        var source = new Source(200);
        var sink = new Sink();
        var reported = new List<long>();

        var result = await Scorer(source, threads).RunAsync(source, sink, reported.Add, TestContext.Current.CancellationToken);

        Assert.Equal(2000, result.Rows);
        Assert.True(sink.IsComplete);
        Assert.Equal(Enumerable.Range(0, 2000).Select(row => row * 2.0), sink.Scores);
        Assert.Equal(200, reported.Count);
        Assert.Equal(2000, reported[^1]);
    }

    [Fact]
    public async Task RunAsync_WithASlowSink_ReadsNoFurtherThanItMayHold()
    {
        var source = new Source(100);
        var gate = new TaskCompletionSource();
        var sink = new Sink { Gate = gate.Task };

        var run = Scorer(source, 2).RunAsync(source, sink, null, TestContext.Current.CancellationToken);
        await sink.FirstWrite.Task;
        var ahead = source.Served;
        gate.SetResult();
        await run;

        Assert.InRange(ahead, 1, 5);
    }

    [Fact]
    public async Task RunAsync_WhenTheSourceFails_FailsAlikeAndCommitsNothing()
    {
        var source = new Source(10) { FailsAfter = 3 };
        var sink = new Sink();

        await Assert.ThrowsAsync<IOException>(
            () => Scorer(source, 2).RunAsync(source, sink, null, TestContext.Current.CancellationToken));

        Assert.False(sink.IsComplete);
    }

    [Fact]
    public async Task RunAsync_WhenTheSinkFails_StopsReading()
    {
        var source = new Source(1000);
        var sink = new Sink { Fails = true };

        await Assert.ThrowsAsync<IOException>(
            () => Scorer(source, 2).RunAsync(source, sink, null, TestContext.Current.CancellationToken));

        Assert.InRange(source.Served, 1, 10);
        Assert.False(sink.IsComplete);
    }

    [Fact]
    public async Task RunAsync_WhenCanceled_CommitsNothing()
    {
        using var cancel = new CancellationTokenSource();
        var source = new Source(1000);
        var sink = new Sink();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Scorer(source, 2).RunAsync(source, sink, _ => cancel.Cancel(), cancel.Token));

        Assert.False(sink.IsComplete);
    }

    [Fact]
    public void ReadingSchema_OfAFile_TakesTypesFromTheModelAndKeepsTheFilesOrder()
    {
        var schema = BatchScorer.ReadingSchema(Model, ["note", "y", "x"]);

        Assert.Equal(["note", "y", "x"], schema.Fields.Select(field => field.Name));
        Assert.Equal([ColumnType.String, ColumnType.Double, ColumnType.Double], schema.Fields.Select(field => field.Type));
    }

    private static LinearModel Model { get; } = new(
        new ModelDescription
        {
            Learner = "Linear Regression",
            Task = ModelTask.Regression,
            Label = Tables.Number("y"),
            Features = new TableSchema([Tables.Number("x")]),
        },
        [2],
        0);

    private static BatchScorer Scorer(Source source, int threads) =>
        new(Model.Bind(source.Schema, appendScores: true), threads, TimeProvider.System);

    private sealed class Source(int batches) : ITableSource
    {
        public int Served { get; private set; }

        public int FailsAfter { get; init; } = int.MaxValue;

        public TableSchema Schema { get; } = new([Tables.Number("x")]);

        public async IAsyncEnumerable<TableBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var batch = 0; batch < batches; batch++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
                if (batch == FailsAfter)
                {
                    throw new IOException("The disk is gone.");
                }

                var first = batch * 10;
                Served++;
                yield return Tables.Of([Tables.Number("x")], 10, row => [(double)(first + row)]);
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Sink : ITableSink
    {
        public List<double> Scores { get; } = [];

        public bool IsComplete { get; private set; }

        public bool Fails { get; init; }

        public Task Gate { get; init; } = Task.CompletedTask;

        public TaskCompletionSource FirstWrite { get; } = new();

        public async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
        {
            FirstWrite.TrySetResult();
            await Gate;
            if (Fails)
            {
                throw new IOException("The disk is full.");
            }

            Scores.AddRange(Tables.Doubles(batch, ScoreNames.ScoredLabels));
        }

        public Task CompleteAsync(CancellationToken cancellationToken)
        {
            IsComplete = true;
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
