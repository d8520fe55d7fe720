using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Auspex.Experiments.Models;

/// <summary>What a container holds.</summary>
internal enum ContainerKind : ushort
{
    /// <summary>A trained model: <c>.ilearner</c>.</summary>
    Model = 1,

    /// <summary>A fitted transform: <c>.itransform</c>.</summary>
    Transform = 2,
}

/// <summary>A container's parts: a JSON header, and arrays by name.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Header">The header in JSON.</param>
/// <param name="Sections">The arrays.</param>
/// <param name="Version">The first version of the format that can say this: what it is written as, and needs to be read.</param>
internal sealed record Container(
    ContainerKind Kind, byte[] Header, IReadOnlyDictionary<string, byte[]> Sections, ushort Version = ContainerFormat.FirstVersion);

/// <summary>
/// The envelope of model files. Little-endian: magic (8 bytes), kind, version written, oldest reader, 0 (2 bytes each),
/// bytes of the header and number of sections (4 each), bytes of the file (8), SHA-256 of all other bytes (32); then the
/// header in JSON; then each section: bytes of its name (1), the name in ASCII, bytes of its content (8), its content.
/// </summary>
internal static class ContainerFormat
{
    /// <summary>The first form. Members of headers are only ever added; readers pass over those that they do not know.</summary>
    public const ushort FirstVersion = 1;

    /// <summary>
    /// Trees in double precision, with points, with zeros that are missing, in several sums, or with other links than the
    /// logistic function: what imported models need.
    /// </summary>
    public const ushort ImportedTreesVersion = 2;

    /// <summary>
    /// Models of other forms than trees and plain weighted sums: forests with distributions in their leaves, networks, clusters,
    /// detectors, models made of models; and weighted sums with other links than their task's usual one.
    /// </summary>
    public const ushort LearnersVersion = 3;

    /// <summary>The newest version that this program reads.</summary>
    public const ushort NewestVersion = LearnersVersion;

    /// <summary>The oldest version of a file that this program reads.</summary>
    public const ushort OldestRead = 1;

    /// <summary>Bytes of the largest file that is read.</summary>
    public const long MostBytes = 1L << 30;

    private const int PrefixLength = 64;
    private const int DigestStart = 32;
    private const int MostSections = 64;

    // As in PNG: bytes that a transfer in text mode would change.
    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'A', (byte)'U', (byte)'X', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    public static void Write(Container container, Stream stream)
    {
        var sections = container.Sections.OrderBy(section => section.Key, StringComparer.Ordinal).ToArray();
        var length = PrefixLength + container.Header.Length + sections.Sum(section => 9L + section.Key.Length + section.Value.Length);
        if (length > MostBytes)
        {
            throw new ModelFormatException($"The model takes {length} bytes; a file may have {MostBytes}. Train a smaller one.");
        }

        var bytes = new byte[length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)container.Kind);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), container.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(12), container.Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), container.Header.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), sections.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), length);
        container.Header.CopyTo(bytes, PrefixLength);
        var at = PrefixLength + container.Header.Length;
        foreach (var (name, content) in sections)
        {
            bytes[at++] = (byte)name.Length;
            at += Encoding.ASCII.GetBytes(name, bytes.AsSpan(at));
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), content.Length);
            content.CopyTo(bytes, at + 8);
            at += 8 + content.Length;
        }

        Digest(bytes).CopyTo(bytes, DigestStart);
        stream.Write(bytes);
    }

    public static Container Read(Stream stream, ContainerKind expected)
    {
        var bytes = ReadAll(stream);
        if (bytes.Length < PrefixLength || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            throw new ModelFormatException(
                $"The {Name(expected)} of {bytes.Length} bytes does not begin as one of this product does; "
                + "files of Machine Learning Studio (classic) and of other tools cannot be read: train again.");
        }

        CheckPrefix(bytes, expected);
        var at = PrefixLength;
        var header = Slice(bytes, ref at, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(16))).ToArray();
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(20));
        if (count is < 0 or > MostSections)
        {
            throw new ModelFormatException($"The file claims {count} sections; expected 0 to {MostSections}. It is damaged.");
        }

        var sections = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var name = Encoding.ASCII.GetString(Slice(bytes, ref at, Slice(bytes, ref at, 1)[0]));
            var content = Slice(bytes, ref at, BinaryPrimitives.ReadInt64LittleEndian(Slice(bytes, ref at, 8))).ToArray();
            if (!sections.TryAdd(name, content))
            {
                throw new ModelFormatException($"The file has section '{name}' twice; it is damaged.");
            }
        }

        return at == bytes.Length
            ? new Container(expected, header, sections)
            : throw new ModelFormatException($"The file has {bytes.Length - at} bytes after its end; it is damaged.");
    }

    private static void CheckPrefix(byte[] bytes, ContainerKind expected)
    {
        var written = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(10));
        var oldestReader = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(12));
        if (oldestReader > NewestVersion)
        {
            throw new ModelFormatException(
                $"The file is of version {written} and needs a reader of version {oldestReader}; this one is of version "
                + $"{NewestVersion}. Update this program.");
        }

        if (written < OldestRead)
        {
            throw new ModelFormatException(
                $"The file is of version {written}; the oldest that is read is {OldestRead}. Train again with this version.");
        }

        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24));
        if (length != bytes.Length)
        {
            throw new ModelFormatException(
                $"The file has {bytes.Length} bytes and says it has {length}; it is truncated or damaged. Copy it again.");
        }

        if (!Digest(bytes).AsSpan().SequenceEqual(bytes.AsSpan(DigestStart, SHA256.HashSizeInBytes)))
        {
            throw new ModelFormatException("The file's checksum does not match its content; it is damaged. Copy it again.");
        }

        var kind = (ContainerKind)BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        if (kind != expected)
        {
            throw new ModelFormatException($"The file is a {Name(kind)}; expected a {Name(expected)}.");
        }
    }

    private static byte[] Digest(byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes, 0, DigestStart);
        hash.AppendData(bytes, PrefixLength, bytes.Length - PrefixLength);
        return hash.GetHashAndReset();
    }

    private static ReadOnlySpan<byte> Slice(byte[] bytes, ref int at, long length)
    {
        if (length < 0 || length > bytes.Length - at)
        {
            throw new ModelFormatException($"A part of the file claims {length} bytes at {at} of {bytes.Length}; it is damaged.");
        }

        var slice = bytes.AsSpan(at, (int)length);
        at += (int)length;
        return slice;
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        int read;
        while ((read = stream.Read(chunk)) > 0)
        {
            if (buffer.Length + read > MostBytes)
            {
                throw new ModelFormatException($"The file has more than {MostBytes} bytes, the most that is read.");
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    private static string Name(ContainerKind kind) => kind switch
    {
        ContainerKind.Model => "trained model (.ilearner)",
        ContainerKind.Transform => "transform (.itransform)",
        _ => $"container of kind {(ushort)kind}",
    };
}
