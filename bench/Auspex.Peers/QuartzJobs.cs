using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Quartz;

namespace Auspex.Peers;

/// <summary>
/// <c>quartz STEPS CHAINS</c>: the job that compares with a pipeline run's: light jobs on a SQLite store, each of which starts the
/// next, first one chain of STEPS, then CHAINS chains of five at once. Prints rows of a table.
/// </summary>
/// <remarks>
/// The store is as durable as ours: write-ahead log, flushed at each commit. What it does not do is keep what the jobs were given
/// and gave: a job that has run leaves nothing.
/// </remarks>
internal static class QuartzJobs
{
    private const int ShortChain = 5;
    private static readonly TaskCompletionSource[] Ends = new TaskCompletionSource[1 << 16];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (steps, chains) = (Number(arguments[0]), Number(arguments[1]));
        var file = Path.Combine(Directory.CreateTempSubdirectory("quartz-").FullName, "jobs.db");
        using var keeper = new SqliteConnection($"Data Source={file}");
        keeper.Open();
        Execute(keeper, "PRAGMA journal_mode = WAL");

        var scheduler = await QuartzSchedulerBuilder.Create(builder =>
        {
            builder.UseDefaultThreadPool(20);
            builder.UsePersistentStore(store =>
            {
                store.UseSqlite($"Data Source={file};Pooling=True");
                store.ProvisionSchema();
            });
        }).BuildScheduler();
        await scheduler.Start();
        await ChainsAsync(scheduler, 1, steps);

        var walls = new List<double>();
        for (var turn = 0; turn < 7; turn++)
        {
            walls.Add(await ChainsAsync(scheduler, 1, steps));
        }

        walls.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| Quartz.NET {Version}: {steps} jobs, each starting the next (median of 7; least) | | {walls[3]:0.0000} s; {walls[0]:0.0000} s | | |"));
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        var seconds = await ChainsAsync(scheduler, chains, ShortChain);
        var processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| Quartz.NET {Version}: chains of five jobs, {chains} of them at once | | {chains / seconds:0} /s | {processor / chains * 1e6:0} us each | |"));
        await scheduler.Shutdown(waitForJobsToComplete: true);
        return 0;
    }

    private static string? Version => typeof(IScheduler).Assembly.GetName().Version?.ToString(3);

    private static async Task<double> ChainsAsync(IScheduler scheduler, int chains, int steps)
    {
        for (var chain = 0; chain < chains; chain++)
        {
            Ends[chain] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        var started = Stopwatch.GetTimestamp();
        for (var chain = 0; chain < chains; chain++)
        {
            await StepAsync(scheduler, chain, steps, CancellationToken.None);
        }

        await Task.WhenAll(Ends.Take(chains).Select(end => end.Task));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task StepAsync(IScheduler scheduler, int chain, int left, CancellationToken cancellationToken)
    {
        var job = JobBuilder.Create<Step>().UsingJobData("chain", Text(chain)).UsingJobData("left", Text(left)).RequestRecovery(true).Build();
        await scheduler.ScheduleJob(job, TriggerBuilder.Create().StartNow().Build(), cancellationToken: cancellationToken);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string? text) => int.Parse(text!, CultureInfo.InvariantCulture);

    private sealed class Step : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            var (chain, left) = (Number(context.MergedJobDataMap.GetString("chain")), Number(context.MergedJobDataMap.GetString("left")));
            if (left > 1)
            {
                await StepAsync(context.Scheduler, chain, left - 1, cancellationToken);
            }
            else
            {
                Ends[chain].TrySetResult();
            }
        }
    }
}
