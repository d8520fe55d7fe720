using System.Buffers.Binary;
using System.Security.Cryptography;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Experiments.Models;

public sealed class ModelContainerTests
{
    public static TheoryData<string> Forms => ["trees", "linear", "multiclass"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void ReadModel_OfAWrittenModel_ScoresAndDescribesAlike(string form)
    {
        var model = Sample(form);

        var read = ModelContainer.ReadModel(new MemoryStream(Bytes(model)));

        AssertAlike(model, read);
        Assert.Equal(Bytes(model), Bytes(read));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void ReadModel_WithoutAProfile_StillScoresAlike(string form)
    {
        var golden = Path.Combine(RepositoryRoot.Path, "tests", "baselines", "models", $"{form}-v1.ilearner");

        var read = ModelContainer.ReadModel(new MemoryStream(File.ReadAllBytes(golden)));

        AssertAlike(Sample(form), read);
        Assert.Null(read.Description.Profile);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void WriteModel_WithAProfile_GivesTheBytesItAlwaysGave(string form)
    {
        var golden = Path.Combine(RepositoryRoot.Path, "tests", "baselines", "models", $"{form}-profile.ilearner");
        var model = Sample(form);
        var written = Bytes(model);
        if (!File.Exists(golden) || !File.ReadAllBytes(golden).AsSpan().SequenceEqual(written))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(golden)!);
            File.WriteAllBytes(golden + ".received", written);
        }

        AssertAlike(model, ModelContainer.ReadModel(new MemoryStream(File.ReadAllBytes(golden))));
        Assert.Equal(File.ReadAllBytes(golden), written);
    }

    [Theory]
    [InlineData("\"missing\":3", "\"missing\":9")]
    [InlineData("\"minimum\":-1.5", "\"minimum\":\"NaN\"")]
    [InlineData("\"maximum\":\"Infinity\"", "\"maximum\":\"-Infinity\"")]
    public void ReadModel_WithAProfileThatCannotBeTrue_IsRefused(string from, string to)
    {
        var text = System.Text.Encoding.Latin1.GetString(Bytes(SampleModels.Trees));
        Assert.Contains(from, text, StringComparison.Ordinal);
        var bytes = System.Text.Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
        BinaryPrimitives.WriteInt32LittleEndian(
            bytes.AsSpan(16), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(16)) + to.Length - from.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), bytes.Length);
        Sign(bytes);

        Assert.Contains("training table", Assert.Throws<ModelFormatException>(
            () => ModelContainer.ReadModel(new MemoryStream(bytes))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadModel_OfAProfile_KeepsIt()
    {
        var written = SampleModels.Trees.Description.Profile!;

        var read = ModelContainer.ReadModel(new MemoryStream(Bytes(SampleModels.Trees))).Description.Profile!;

        Assert.Equal(written.Features, read.Features);
        Assert.Equal(written.Label, read.Label);
    }

    [Fact]
    public void ReadModel_WithAnyByteChangedOrCut_IsRefused()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        foreach (var form in Forms)
        {
            var bytes = Bytes(Sample(form.Data));
            for (var i = 0; i < 400; i++)
            {
                var damaged = bytes.ToArray();
                if (i % 4 == 0)
                {
                    damaged = damaged[..random.Next(bytes.Length)];
                }
                else
                {
                    damaged[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                Assert.True(Refused(damaged), $"seed {seed}, {form.Data}, change {i}");
            }
        }
    }

    // The checksum keeps accidents out; this one is for files that someone made.
    [Fact]
    public void ReadModel_WithContentChangedBehindARightChecksum_IsRefusedOrStillSafe()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var damaged = Bytes(Sample(i % 3 == 0 ? "linear" : i % 3 == 1 ? "multiclass" : "trees"));
            for (var change = random.Next(3); change >= 0; change--)
            {
                damaged[random.Next(64, damaged.Length)] = (byte)random.Next(256);
            }

            Sign(damaged);
            try
            {
                var model = ModelContainer.ReadModel(new MemoryStream(damaged));
                var rows = SampleModels.Rows;
                model.Bind(rows.Schema, true).Apply(rows);
            }
            catch (Exception exception) when (exception is ModelFormatException or Auspex.Experiments.Modules.ModuleException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 3000);
    }

    [Theory]
    [InlineData("", "0 bytes")]
    [InlineData("PK\u0003\u0004 a zip, as ML.NET writes", "does not begin")]
    [InlineData("<html>not found</html>", "does not begin")]
    public void ReadModel_OfSomethingElse_SaysSo(string content, string expected)
    {
        var error = Assert.Throws<ModelFormatException>(
            () => ModelContainer.ReadModel(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content))));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadModel_OfATransform_SaysWhatItIs()
    {
        var bytes = Bytes(SampleModels.Linear);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)ContainerKind.Transform);
        Sign(bytes);

        var error = Assert.Throws<ModelFormatException>(() => ModelContainer.ReadModel(new MemoryStream(bytes)));
        Assert.Contains(".itransform", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadModel_OfALaterFormat_AsksForAnUpdate()
    {
        var bytes = Bytes(SampleModels.Linear);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), 9);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(12), 8);
        Sign(bytes);

        var error = Assert.Throws<ModelFormatException>(() => ModelContainer.ReadModel(new MemoryStream(bytes)));
        Assert.Contains("version 8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadModel_OfALaterVersionThatThisOneCanRead_Reads()
    {
        var bytes = Bytes(SampleModels.Linear);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), 9);
        Sign(bytes);

        AssertAlike(SampleModels.Linear, ModelContainer.ReadModel(new MemoryStream(bytes)));
    }

    private static TrainedModel Sample(string form) => form switch
    {
        "trees" => SampleModels.Trees,
        "linear" => SampleModels.Linear,
        _ => SampleModels.Multiclass,
    };

    private static void AssertAlike(TrainedModel expected, TrainedModel actual)
    {
        Assert.Equal(expected.Learner, actual.Learner);
        Assert.Equal(expected.Description.Parameters, actual.Description.Parameters);
        Assert.Equal(expected.Description.Classes, actual.Description.Classes);
        Assert.Equal(expected.Description.TrainedRows, actual.Description.TrainedRows);
        Assert.Equal(expected.Features.Fields.Select(field => field.Name), actual.Features.Fields.Select(field => field.Name));
        var rows = SampleModels.Rows;
        var (first, second) = (expected.Bind(rows.Schema, false).Apply(rows), actual.Bind(rows.Schema, false).Apply(rows));
        Assert.Equal(first.Schema.Fields.Select(field => field.Name), second.Schema.Fields.Select(field => field.Name));
        foreach (var field in first.Schema.Fields.Where(field => field is { Type: ColumnType.Double, IsCategorical: false }))
        {
            Assert.Equal(Tables.Doubles(first, field.Name), Tables.Doubles(second, field.Name));
        }
    }

    private static byte[] Bytes(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ModelContainer.WriteModel(model, stream);
        return stream.ToArray();
    }

    private static void Sign(byte[] bytes) => SHA256.HashData([.. bytes[..32], .. bytes[64..]]).CopyTo(bytes, 32);

    private static bool Refused(byte[] bytes)
    {
        try
        {
            ModelContainer.ReadModel(new MemoryStream(bytes));
            return false;
        }
        catch (ModelFormatException)
        {
            return true;
        }
    }
}
