using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;

namespace Auspex.Connectors.Tables;

/// <summary>The levels of a categorical column, in category order. Two domains with the same levels are equal.</summary>
/// <param name="Levels">Distinct texts; numbers, booleans and times in invariant culture.</param>
/// <param name="IsOrdered">Whether the order means something.</param>
public sealed record CategoryDomain(ImmutableArray<string> Levels, bool IsOrdered = false)
{
    private const int StackChars = 256;

    // Made on first use: most domains are only carried along. A race makes them twice, which is harmless.
    private FrozenDictionary<string, int>? _codes;
    private byte[][]? _utf8;

    // Written out so that `with` does not carry the caches over to other levels.
    private CategoryDomain(CategoryDomain original) => (Levels, IsOrdered) = (original.Levels, original.IsOrdered);

    /// <summary>The code of a level, compared exactly, or -1.</summary>
    public int IndexOf(string level) => Codes.TryGetValue(level, out var code) ? code : -1;

    /// <summary>The code of a level given as UTF-8, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> utf8Level)
    {
        var room = Encoding.UTF8.GetMaxCharCount(utf8Level.Length);
        var chars = room <= StackChars ? stackalloc char[StackChars] : new char[room];
        var length = Encoding.UTF8.GetChars(utf8Level, chars);
        return Codes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(chars[..length], out var code) ? code : -1;
    }

    /// <summary>A level as UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8(int code) => (_utf8 ??= [.. Levels.Select(Encoding.UTF8.GetBytes)])[code];

    /// <inheritdoc/>
    public bool Equals(CategoryDomain? other) =>
        ReferenceEquals(this, other)
        || (other is not null && IsOrdered == other.IsOrdered && Levels.AsSpan().SequenceEqual(other.Levels.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(IsOrdered);
        foreach (var level in Levels)
        {
            hash.Add(level, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    private FrozenDictionary<string, int> Codes =>
        _codes ??= Levels.Select((level, code) => KeyValuePair.Create(level, code))
            .ToFrozenDictionary(StringComparer.Ordinal);
}
