using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Auspex.Server.Hosting;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// Where the parts of running jobs lie: <c>jobs/ID</c> in the data folder. A file under its final name is whole and
/// durable, so that work which is there need not be done again after a crash.
/// </summary>
internal sealed class BatchStaging(string folder)
{
    private const string Unfinished = ".tmp";

    public async Task SavePlanAsync(string job, BatchPlan plan, CancellationToken cancellationToken) =>
        await SaveAsync(PlanPath(job), plan, StoredJson.Default.BatchPlan, cancellationToken);

    public async Task<BatchPlan?> FindPlanAsync(string job, CancellationToken cancellationToken) =>
        await FindAsync(PlanPath(job), StoredJson.Default.BatchPlan, cancellationToken);

    /// <summary>What became of a partition that is done; null while it is not.</summary>
    public async Task<PartitionResult?> FindResultAsync(string job, int partition, CancellationToken cancellationToken) =>
        await FindAsync(PartPath(job, partition, ".json"), StoredJson.Default.PartitionResult, cancellationToken);

    /// <summary>Begins the files of a partition anew.</summary>
    public (Stream Rows, Stream Rejected) Create(string job, int partition)
    {
        Directory.CreateDirectory(Folder(job));
        return (Open(PartPath(job, partition, ".rows")), Open(PartPath(job, partition, ".rejected")));

        static FileStream Open(string path) => new(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
    }

    /// <summary>Makes the files of a partition final; the result comes last and says that the others are whole.</summary>
    public async Task CompleteAsync(
        string job, int partition, Stream rows, Stream rejected, PartitionResult result, CancellationToken cancellationToken)
    {
        Close(rows);
        Close(rejected);
        File.Move(PartPath(job, partition, ".rows") + Unfinished, PartPath(job, partition, ".rows"), overwrite: true);
        File.Move(PartPath(job, partition, ".rejected") + Unfinished, PartPath(job, partition, ".rejected"), overwrite: true);
        await SaveAsync(PartPath(job, partition, ".json"), result, StoredJson.Default.PartitionResult, cancellationToken);

        static void Close(Stream stream)
        {
            ((FileStream)stream).Flush(flushToDisk: true);
            stream.Dispose();
        }
    }

    public Stream OpenRows(string job, int partition) => Read(PartPath(job, partition, ".rows"));

    public Stream OpenRejected(string job, int partition) => Read(PartPath(job, partition, ".rejected"));

    /// <summary>Removes what a job staged; nothing is left to do when there is nothing.</summary>
    public void Delete(string job)
    {
        if (Directory.Exists(Folder(job)))
        {
            Directory.Delete(Folder(job), recursive: true);
        }
    }

    private static FileStream Read(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);

    private static async Task SaveAsync<T>(string path, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using (var file = new FileStream(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await JsonSerializer.SerializeAsync(file, value, type, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + Unfinished, path, overwrite: true);
    }

    private static async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        await using var file = Read(path);
        return await JsonSerializer.DeserializeAsync(file, type, cancellationToken);
    }

    private string Folder(string job) => Path.Combine(folder, job);

    private string PlanPath(string job) => Path.Combine(Folder(job), "plan.json");

    private string PartPath(string job, int partition, string extension) =>
        Path.Combine(Folder(job), string.Create(CultureInfo.InvariantCulture, $"part-{partition:D5}{extension}"));
}
