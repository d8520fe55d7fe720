namespace Auspex.Connectors.Formats.Arrow;

/// <summary>How many nodes and buffers a column takes in a record batch, and which of them are its own.</summary>
/// <param name="Node">The index of the column's node.</param>
/// <param name="Buffer">The index of its first buffer.</param>
/// <param name="Buffers">How many buffers it has, those of its parts included.</param>
/// <param name="Variadic">The index of its number of data buffers, for views.</param>
internal readonly record struct ArrowLayout(int Node, int Buffer, int Buffers, int Variadic)
{
    private const int MostBuffers = 10_000_000;

    /// <summary>The places of all columns, in order.</summary>
    /// <param name="fields">The schema.</param>
    /// <param name="variadicCounts">Data buffers of each view column in this batch.</param>
    /// <param name="isBeforeVersion5">Whether unions have a validity buffer.</param>
    /// <exception cref="InvalidDataException">There are fewer variadic counts than view columns.</exception>
    public static ArrowLayout[] Of(IReadOnlyList<ArrowField> fields, ReadOnlySpan<long> variadicCounts, bool isBeforeVersion5)
    {
        var counter = new Counter(variadicCounts, isBeforeVersion5);
        var layouts = new ArrowLayout[fields.Count];
        for (var i = 0; i < layouts.Length; i++)
        {
            var (node, buffer, variadic) = (counter.Nodes, counter.Buffers, counter.Variadic);
            counter.Add(fields[i]);
            layouts[i] = new ArrowLayout(node, buffer, counter.Buffers - buffer, variadic);
        }

        return layouts;
    }

    private ref struct Counter(ReadOnlySpan<long> variadicCounts, bool isBeforeVersion5)
    {
        private readonly ReadOnlySpan<long> _variadicCounts = variadicCounts;

        public int Nodes { get; private set; }

        public int Buffers { get; private set; }

        public int Variadic { get; private set; }

        public void Add(ArrowField field)
        {
            Nodes++;
            if (field.Dictionary is not null)
            {
                Buffers += 2;
                return;
            }

            Buffers += field.Type.Kind switch
            {
                ArrowKind.Null or ArrowKind.RunEndEncoded => 0,
                ArrowKind.Union => (field.Type.IsDense ? 2 : 1) + (isBeforeVersion5 ? 1 : 0),
                ArrowKind.Struct or ArrowKind.FixedSizeList => 1,
                ArrowKind.Utf8 or ArrowKind.Binary or ArrowKind.LargeUtf8 or ArrowKind.LargeBinary => 3,
                ArrowKind.ListView or ArrowKind.LargeListView => 3,
                ArrowKind.Utf8View or ArrowKind.BinaryView => 2 + NextVariadic(),
                _ => 2,
            };
            if (Buffers > MostBuffers)
            {
                throw new InvalidDataException("a record batch has too many buffers");
            }

            foreach (var child in field.Children)
            {
                Add(child);
            }
        }

        private int NextVariadic()
        {
            if (Variadic >= _variadicCounts.Length || _variadicCounts[Variadic] is < 0 or > MostBuffers)
            {
                throw new InvalidDataException("a record batch does not say how many buffers its text has");
            }

            return (int)_variadicCounts[Variadic++];
        }
    }
}
