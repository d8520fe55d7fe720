using System.Globalization;
using System.Text;

namespace Auspex.Experiments.Models.Import.LightGbm;

/// <summary>A model as LightGBM saves it: <c>name=value</c> lines, a block per tree, what training was told, categories of pandas.</summary>
internal sealed class LightGbmFile
{
    // A block with nothing in it takes this many bytes: so many trees, and lists, are bounded by the file.
    private const string EndOfTrees = "end of trees";
    private const string PandasCategorical = "pandas_categorical:";

    private readonly Dictionary<string, string> _header = new(StringComparer.Ordinal);
    private readonly string _name;

    private LightGbmFile(string name) => _name = name;

    /// <summary>The trees in the order of the file.</summary>
    public List<LightGbmTree> Trees { get; } = [];

    /// <summary>JSON: a list of categories per categorical column of the pandas table it was trained on; null where it says nothing.</summary>
    public string? Categories { get; private set; }

    /// <summary>Whether the text begins as such a model does.</summary>
    public static bool Matches(ReadOnlySpan<byte> text) => text.StartsWith("tree\n"u8) || text.StartsWith("tree\r\n"u8);

    /// <exception cref="ModelImportException">Truncated, damaged, or of a kind that is not read.</exception>
    public static LightGbmFile Read(ReadOnlySpan<byte> text, string name)
    {
        var file = new LightGbmFile(name);
        var lines = new Utf8Lines(text);
        LightGbmBlock? block = null;
        var ended = false;
        while (!ended && lines.TryRead(out var line))
        {
            ended = line.SequenceEqual("end of trees"u8) || line.StartsWith("feature importances"u8) || line.StartsWith("feature_importances"u8);
            if (ended || line.StartsWith("Tree="u8))
            {
                file.Finish(block);
                block = new LightGbmBlock(ended ? "" : file.WhereIs(line, lines.Number));
            }
            else if (block is not null)
            {
                block.Add(line, lines.Number);
            }
            else
            {
                file.AddHeader(line);
            }
        }

        if (!ended)
        {
            throw new ModelImportException(
                $"{name}: the file ends after line {lines.Number} without '{EndOfTrees}'; it is truncated. Save the model again.");
        }

        while (lines.TryRead(out var line))
        {
            if (line.StartsWith("pandas_categorical:"u8))
            {
                file.Categories = Encoding.UTF8.GetString(line[PandasCategorical.Length..]);
            }
        }

        return file;
    }

    /// <summary>A header line's value; null where there is none.</summary>
    public string? Header(string key) => _header.GetValueOrDefault(key);

    /// <summary>A header line without value.</summary>
    public bool HasFlag(string key) => _header.ContainsKey(key);

    /// <summary>A header line's whole number.</summary>
    public int Number(string key, int least, int? missing = null)
    {
        if (Header(key) is not { } text)
        {
            return missing ?? throw new ModelImportException($"{_name}: '{key}' is missing from the header. The file is damaged.");
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new ModelImportException($"{_name}: '{key}={MessagePart.Short(text)}'; expected a whole number of at least {least}. The file is damaged.");
    }

    /// <summary>A header line's words.</summary>
    public string[] Words(string key) => Header(key)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private void AddHeader(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        _header[equals < 0 ? text : text[..equals]] = equals < 0 ? "" : text[(equals + 1)..];
    }

    // Trees stand in order: a lost block in the middle must not go unnoticed.
    private string WhereIs(ReadOnlySpan<byte> line, int number)
    {
        var expected = Trees.Count.ToString(CultureInfo.InvariantCulture);
        return line["Tree=".Length..].SequenceEqual(Encoding.ASCII.GetBytes(expected))
            ? $"{_name}, tree {expected}"
            : throw new ModelImportException(
                $"{_name}, line {number}: found '{Encoding.UTF8.GetString(line[..Math.Min(line.Length, 40)])}'; expected tree {expected}. "
                + "The file is damaged.");
    }

    private void Finish(LightGbmBlock? block)
    {
        if (block is not null)
        {
            Trees.Add(block.ToTree());
        }
    }
}
