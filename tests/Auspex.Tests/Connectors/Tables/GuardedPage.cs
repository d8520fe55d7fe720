using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Xunit;

namespace Auspex.Tests.Connectors.Tables;

/// <summary>A page of memory between two that cannot be read: whoever reads past its edges brings the process down.</summary>
internal sealed class GuardedPage : IDisposable
{
    public const int Size = 4096;

    private const int Readable = 3;
    private const int PrivateAndAnonymous = 0x22;

    private readonly nint _mapping;

    public GuardedPage()
    {
        _mapping = Map(0, 3 * Size, 0, PrivateAndAnonymous, -1, 0);
        Assert.NotEqual(-1, _mapping);
        Assert.Equal(0, Protect(_mapping + Size, Size, Readable));
    }

    public Memory<byte> AtStart(int length) => new Bytes(_mapping + Size, length).Memory;

    public Memory<byte> AtEnd(int length) => new Bytes(_mapping + (2 * Size) - length, length).Memory;

    public void Dispose() => _ = Unmap(_mapping, 3 * Size);

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Protect(nint address, nint length, int protection);

    [DllImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unmap(nint address, nint length);

    private sealed class Bytes(nint address, int length) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() =>
            MemoryMarshal.CreateSpan(ref Unsafe.AddByteOffset(ref Unsafe.NullRef<byte>(), address), length);

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("The memory does not move.");

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
