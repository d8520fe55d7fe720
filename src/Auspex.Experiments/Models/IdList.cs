using System.Text;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models;

/// <summary>Distinct ids of users or items, compared as text: the number 7 and the text "7" are one id. Immutable and thread-safe.</summary>
internal sealed class IdList
{
    private readonly string[] _texts;
    private readonly Dictionary<string, int> _indexes;

    /// <exception cref="ArgumentException">An id is there twice, or is no value of the type.</exception>
    public IdList(ColumnType type, string[] texts)
    {
        if (!IsIdType(type))
        {
            throw new ArgumentException($"Ids cannot be of type {type}.", nameof(type));
        }

        Type = type;
        _texts = texts;
        _indexes = new Dictionary<string, int>(texts.Length, StringComparer.Ordinal);
        var check = ColumnBuilder.For(type);
        for (var i = 0; i < texts.Length; i++)
        {
            if (!_indexes.TryAdd(texts[i], i) || !check.TryAppendText(Encoding.UTF8.GetBytes(texts[i])))
            {
                throw new ArgumentException($"Id {i} is there twice, or is no {type}.", nameof(texts));
            }
        }
    }

    /// <summary>The type of the column that the ids came from.</summary>
    public ColumnType Type { get; }

    public int Count => _texts.Length;

    /// <summary>Whether a column of the type can hold ids.</summary>
    public static bool IsIdType(ColumnType type) =>
        type is ColumnType.String or ColumnType.Int32 or ColumnType.Int64 or ColumnType.Double;

    public string this[int index] => _texts[index];

    /// <summary>The place of an id, or -1.</summary>
    public int IndexOf(string text) => _indexes.TryGetValue(text, out var index) ? index : -1;

    /// <summary>Appends an id to a column of the ids' type.</summary>
    public void AppendTo(ColumnBuilder column, int index) => column.TryAppendText(Encoding.UTF8.GetBytes(_texts[index]));

    public void Write(string name, Dictionary<string, byte[]> sections)
    {
        var ends = new int[_texts.Length];
        using var bytes = new MemoryStream();
        for (var i = 0; i < _texts.Length; i++)
        {
            bytes.Write(Encoding.UTF8.GetBytes(_texts[i]));
            ends[i] = checked((int)bytes.Length);
        }

        sections[name + "Ids"] = bytes.ToArray();
        sections[name + "IdEnds"] = ModelContainer.Bytes<int>(ends);
    }

    public static IdList Read(string name, ColumnType type, Container container)
    {
        var bytes = ModelContainer.Array<byte>(container, name + "Ids");
        var ends = ModelContainer.Array<int>(container, name + "IdEnds");
        var texts = new string[ends.Length];
        for (int i = 0, start = 0; i < ends.Length; start = ends[i++])
        {
            texts[i] = ends[i] >= start && ends[i] <= bytes.Length
                ? Encoding.UTF8.GetString(bytes.AsSpan(start..ends[i]))
                : throw new FormatException("The ids are cut off.");
        }

        return new IdList(type, texts);
    }
}
