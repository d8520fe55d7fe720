using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;

namespace Auspex.Benchmarks.Workloads;

/// <summary>
/// <c>limits FILE</c>: what no program can exceed here, as one JSON line. Memory is read by all processors at once from an
/// array that no cache holds; FILE is read as it lies in the page cache, copied, and copied down to the device. Best of three.
/// </summary>
internal static class PhysicalLimits
{
    private const int Rounds = 3;
    private const int ChunkBytes = 1 << 20;
    private const int MemoryBytes = 1 << 29;

    public static int Measure(string[] arguments)
    {
        if (arguments is not [var file] || !File.Exists(file))
        {
            Console.Error.WriteLine("limits: expected a FILE that is there; a copy is written beside it for a moment.");
            return 2;
        }

        var length = new FileInfo(file).Length;
        Console.WriteLine(new JsonObject
        {
            ["processor"] = Processor(),
            ["processors"] = Environment.ProcessorCount,
            ["vectorBits"] = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["system"] = RuntimeInformation.OSDescription,
            ["memoryReadBytesPerSecond"] = Best(MemoryBytes, ReadMemory(new float[MemoryBytes / sizeof(float)])),
            ["fileReadBytesPerSecond"] = Best(length, () => Read(file)),
            ["fileCopyBytesPerSecond"] = Best(length, () => Copy(file, toDevice: false)),
            ["fileCopyToDeviceBytesPerSecond"] = Best(length, () => Copy(file, toDevice: true)),
        }.ToJsonString());
        return 0;
    }

    private static double Best(long bytes, Action action)
    {
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            action();
            var elapsed = Stopwatch.GetElapsedTime(started);
            best = elapsed < best ? elapsed : best;
        }

        return Math.Round(bytes / best.TotalSeconds);
    }

    private static Action ReadMemory(float[] memory)
    {
        Array.Fill(memory, 1);
        var parts = Environment.ProcessorCount;
        var sums = new float[parts];
        return () => Parallel.For(0, parts, part =>
        {
            var share = memory.Length / parts;
            sums[part] = TensorPrimitives.Max(memory.AsSpan(part * share, share));
        });
    }

    private static void Read(string file)
    {
        var chunk = new byte[ChunkBytes];
        using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        while (source.Read(chunk) > 0)
        {
        }
    }

    private static void Copy(string file, bool toDevice)
    {
        var copy = file + ".copy";
        try
        {
            var chunk = new byte[ChunkBytes];
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            using var target = new FileStream(copy, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            int read;
            while ((read = source.Read(chunk)) > 0)
            {
                target.Write(chunk, 0, read);
            }

            target.Flush(toDevice);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static string Processor()
    {
        const string Facts = "/proc/cpuinfo";
        var line = File.Exists(Facts)
            ? File.ReadLines(Facts).FirstOrDefault(fact => fact.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line is null
            ? string.Create(CultureInfo.InvariantCulture, $"{RuntimeInformation.ProcessArchitecture}")
            : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
