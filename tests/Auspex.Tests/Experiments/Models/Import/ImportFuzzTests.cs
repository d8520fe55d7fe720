using System.Diagnostics;
using System.Text;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Import;
using Auspex.TestKit.Import;
using Xunit;

namespace Auspex.Tests.Experiments.Models.Import;

/// <summary>Damaged files give a model or an error of their own: never another exception, a hang, or memory without end.</summary>
public sealed class ImportFuzzTests
{
    private const int Rounds = 800;
    private const long MostBytes = 64L << 20;

    public static TheoryData<string> Kinds => ["lightgbm", "onnx", "onnx classifier", "xgboost", "own file"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_OfDamagedFiles_GivesAModelOrSaysWhatIsWrong(string kind)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Damage(Whole(kind, random), random);
            var what = $"{kind}, seed {seed}, round {round}";
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            var thrown = Record.Exception(() => Use(Read(kind, bytes), random));
            Assert.True(
                thrown is null or ((ModelImportException or ModelFormatException) and { Message.Length: > 20 and < 1000 }), $"{what}: {thrown}");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostBytes, $"{what} took too much memory");
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), $"{what} took too long");
        }
    }

    [Fact]
    public void Read_OfEveryTruncation_SaysWhatIsWrong()
    {
        var sample = LightGbmSample.Create(new Random(4), "regression", 1, 2, 4);
        var text = Encoding.UTF8.GetBytes(sample.ToText());
        var end = sample.ToText().IndexOf("end of trees", StringComparison.Ordinal);
        for (var length = 5; length < end; length++)
        {
            Assert.Throws<ModelImportException>(() => ImportedModels.Read(text[..length]));
        }
    }

    private static byte[] Whole(string kind, Random random) => kind switch
    {
        "lightgbm" => Encoding.UTF8.GetBytes(LightGbmSample.Create(random, "multiclass num_class:2", 2, 2, 6).ToText(pandas: "[[\"a\",\"b\"],[1,2]]")),
        "onnx" => new OnnxSample { Trees = OnnxSample.RandomTrees(random, 3, 6, [0], random.NextSingle), BaseValues = [1] }.ToBytes(),
        "onnx classifier" => new OnnxSample
        {
            Trees = OnnxSample.RandomTrees(random, 3, 6, [0, 1, 2], random.NextSingle),
            StringLabels = ["a", "b", "c"],
            Transform = "SOFTMAX",
        }.ToBytes(),
        "xgboost" => Encoding.UTF8.GetBytes(XgboostImportTests.Hand),
        _ => Saved(ImportedModels.Read(LightGbmSample.Create(random, "multiclass num_class:2", 2, 2, 6).ToText()).Model),
    };

    private static TrainedModel Read(string kind, byte[] bytes)
    {
        if (kind != "own file")
        {
            return ImportedModels.Read(bytes).Model;
        }

        using var stream = new MemoryStream(Sealed(bytes));
        return ModelContainer.ReadModel(stream);
    }

    private static byte[] Saved(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ModelContainer.WriteModel(model, stream);
        return stream.ToArray();
    }

    // The checksum made right again, so that what lies behind it is met.
    private static byte[] Sealed(byte[] bytes)
    {
        if (bytes.Length >= 64)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(24), (long)bytes.Length);
            using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
            hash.AppendData(bytes, 0, 32);
            hash.AppendData(bytes, 64, bytes.Length - 64);
            hash.GetHashAndReset().CopyTo(bytes, 32);
        }

        return bytes;
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        var bytes = random.Next(5) == 0 ? whole[..random.Next(whole.Length)] : (byte[])whole.Clone();
        for (var flips = random.Next(6); flips > 0 && bytes.Length > 0; flips--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = (byte)"0123456789-. \n\"[]{}"[random.Next(19)];
                    break;
                default:
                    // A piece of the file again, somewhere else.
                    var length = random.Next(1, Math.Min(40, bytes.Length) + 1);
                    bytes = [.. bytes[..at], .. bytes.AsSpan(random.Next(bytes.Length - length + 1), length), .. bytes[at..]];
                    break;
            }
        }

        return bytes;
    }

    // A model that was read scores rows of its own columns, whatever was damaged.
    private static void Use(TrainedModel model, Random random)
    {
        if (model.Features.Fields.Length > 100)
        {
            return;
        }

        double[][] rows = [.. Enumerable.Range(0, 20).Select(_ => model.Features.Fields.Select(_ => random.Next(-3, 4) * 0.5).ToArray())];
        if (model.Features.Fields.All(field => field.Type is Auspex.Connectors.Tables.ColumnType.Double))
        {
            ImportedModels.Score(model, rows);
        }
    }
}
