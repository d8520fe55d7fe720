using System.Buffers.Binary;
using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models;

/// <summary>Two-class models inside other models.</summary>
internal static class ModelParts
{
    /// <summary>Checks that a part is of two classes and wants the same features as the whole.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void CheckPart(ModelDescription whole, TrainedModel part, TableSchema features)
    {
        var fits = part.Task == ModelTask.Binary
            && part.Description.AllowsUnknownLevels == whole.AllowsUnknownLevels
            && features.Fields.Length == whole.Features.Fields.Length;
        for (var i = 0; fits && i < features.Fields.Length; i++)
        {
            var (own, wanted) = (features.Fields[i], whole.Features.Fields[i]);
            fits = own.Name == wanted.Name && own.Type == wanted.Type && own.IsCategorical == wanted.IsCategorical
                && (own.Categories is null || own.Categories.Levels.SequenceEqual(wanted.Categories!.Levels, StringComparer.Ordinal));
        }

        if (!fits)
        {
            throw new ArgumentException("A model inside the model is not of two classes, or of other features than the whole.", nameof(part));
        }
    }

    /// <summary>Each part as a file of its own, behind the number of its bytes.</summary>
    public static byte[] Write(ImmutableArray<TrainedModel> parts)
    {
        using var bytes = new MemoryStream();
        var length = new byte[sizeof(long)];
        foreach (var part in parts)
        {
            using var file = new MemoryStream();
            ModelContainer.WriteModel(part, file);
            BinaryPrimitives.WriteInt64LittleEndian(length, file.Length);
            bytes.Write(length);
            file.WriteTo(bytes);
        }

        return bytes.ToArray();
    }

    /// <summary>Reads the parts back; they are two-class models, which have no parts themselves.</summary>
    public static ImmutableArray<TrainedModel> Read(Container container, string section)
    {
        var bytes = ModelContainer.Array<byte>(container, section);
        var parts = ImmutableArray.CreateBuilder<TrainedModel>();
        var at = 0;
        while (at < bytes.Length)
        {
            var length = bytes.Length - at < sizeof(long) ? -1 : BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
            at += sizeof(long);
            if (length < 0 || length > bytes.Length - at)
            {
                throw new FormatException("A model inside the model is cut off.");
            }

            using var file = new MemoryStream(bytes, at, (int)length, writable: false);
            parts.Add(ModelContainer.ReadPart(file));
            at += (int)length;
        }

        return parts.ToImmutable();
    }
}
