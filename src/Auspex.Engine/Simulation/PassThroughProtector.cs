using Auspex.Stores;

namespace Auspex.Engine.Simulation;

/// <summary>Leaves secrets as they are: a simulation's journal never leaves the memory of its process.</summary>
internal sealed class PassThroughProtector : ISecretProtector
{
    public byte[] Protect(ReadOnlySpan<byte> plain) => plain.ToArray();

    public byte[] Unprotect(ReadOnlySpan<byte> cipher) => cipher.ToArray();
}
