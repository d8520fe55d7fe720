using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Import.LightGbm;

/// <summary>
/// The columns of a LightGBM model. A categorical one has a level per category that training saw or a node names: the whole
/// number that stands for it, or, from pandas, the category's own text.
/// </summary>
internal sealed class LightGbmColumns
{
    // A bit set of the file's size could name far more categories than any table has.
    private const int MostCategories = 1 << 20;
    private const int MostSetLevels = 1 << 26;

    private readonly Dictionary<int, int>?[] _levels;
    private int _setLevels;

    private LightGbmColumns(TableSchema schema, Dictionary<int, int>?[] levels)
    {
        Schema = schema;
        _levels = levels;
    }

    public TableSchema Schema { get; }

    /// <exception cref="ModelImportException">Names or categories do not fit the trees.</exception>
    public static LightGbmColumns Read(LightGbmFile file, ModelImportOptions options, List<string> notes)
    {
        var names = file.Words("feature_names");
        var count = file.Number("max_feature_idx", least: -1, missing: names.Length - 1) + 1L;
        if (names.Length != count)
        {
            throw new ModelImportException(
                $"{options.FileName}: found {names.Length} feature names and 'max_feature_idx' of {count - 1}. The file is damaged.");
        }

        var wanted = FeatureNames.Choose(options, names);
        var codes = Codes(file, names.Length, options.FileName);
        var texts = PandasTexts(file, codes, notes, options.FileName);
        var fields = ImmutableArray.CreateBuilder<TableField>(names.Length);
        var levels = new Dictionary<int, int>?[names.Length];
        for (var feature = 0; feature < names.Length; feature++)
        {
            if (codes[feature] is not { } ofFeature)
            {
                fields.Add(new TableField { Name = wanted[feature], Type = ColumnType.Double });
                continue;
            }

            var domain = texts[feature] is { } categories
                ? ofFeature.Where(code => code < categories.Length).ToArray()
                : [.. ofFeature];
            levels[feature] = domain.Select((code, level) => (code, level)).ToDictionary(entry => entry.code, entry => entry.level);
            fields.Add(new TableField
            {
                Name = wanted[feature],
                Type = texts[feature] is { } own && own.Any(text => !IsNumber(text)) ? ColumnType.String : ColumnType.Double,
                Categories = new CategoryDomain(
                    [.. domain.Select(code => texts[feature]?[code] ?? code.ToString(CultureInfo.InvariantCulture))]),
            });
        }

        return new LightGbmColumns(new TableSchema(fields.MoveToImmutable()), levels);
    }

    /// <summary>The levels of a categorical feature that a bit set names, ascending.</summary>
    public int[] LevelsOf(int feature, ReadOnlySpan<uint> words)
    {
        var levels = new List<int>();
        foreach (var code in Bits(words, int.MaxValue))
        {
            if (_levels[feature]!.TryGetValue(code, out var level))
            {
                levels.Add(level);
            }
        }

        _setLevels += levels.Count;
        if (_setLevels > MostSetLevels)
        {
            throw new ModelImportException($"The sets of categories of all nodes have more than {MostSetLevels} members, the most that are read.");
        }

        levels.Sort();
        return [.. levels];
    }

    // Per categorical feature its codes, ascending; null for a feature of numbers.
    private static SortedSet<int>?[] Codes(LightGbmFile file, int features, string fileName)
    {
        var codes = new SortedSet<int>?[features];
        var infos = file.Words("feature_infos");
        for (var feature = 0; feature < Math.Min(features, infos.Length); feature++)
        {
            codes[feature] = FromInfo(infos[feature], fileName);
        }

        var comparesNumbers = new bool[features];
        foreach (var tree in file.Trees)
        {
            for (var node = 0; node < tree.Features.Length; node++)
            {
                var feature = tree.Features[node];
                if (!tree.IsCategorical(node))
                {
                    comparesNumbers[feature] = true;
                    continue;
                }

                var words = tree.SetOf(node);
                var ofFeature = codes[feature] ??= [];
                if (words.Length <= MostCategories)
                {
                    ofFeature.UnionWith(Bits(words, MostCategories + 1));
                }

                if (words.Length > MostCategories || ofFeature.Count > MostCategories)
                {
                    throw new ModelImportException(
                        $"{tree.Where}: feature {feature} has more than {MostCategories} categories, the most that are read.");
                }
            }
        }

        for (var feature = 0; feature < features; feature++)
        {
            if (comparesNumbers[feature] && codes[feature] is not null)
            {
                throw new ModelImportException(
                    $"{fileName}: feature {feature} is compared as a number and asked for categories. The file is damaged.");
            }
        }

        return codes;
    }

    // "[0:1]" is a range of numbers, "none" a feature of one value, "0:3:-1" a list of categories.
    private static SortedSet<int>? FromInfo(string info, string fileName)
    {
        if (info.StartsWith('[') || info == "none")
        {
            return null;
        }

        var codes = new SortedSet<int>();
        foreach (var word in info.Split(':'))
        {
            if (!int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code))
            {
                throw new ModelImportException(
                    $"{fileName}: 'feature_infos' has a word that is no range, no list of categories and not 'none'. The file is damaged.");
            }

            // Negative codes are missing values.
            if (code >= 0)
            {
                codes.Add(code);
            }
        }

        return codes;
    }

    private static List<int> Bits(ReadOnlySpan<uint> words, int most)
    {
        var bits = new List<int>();
        for (var i = 0; i < words.Length && bits.Count < most; i++)
        {
            for (var word = words[i]; word != 0; word &= word - 1)
            {
                bits.Add((i * 32) + BitOperations.TrailingZeroCount(word));
            }
        }

        return bits;
    }

    // Per feature the texts of its codes. The list names no columns: it can be told which is which only when there are as many.
    private static string[]?[] PandasTexts(LightGbmFile file, SortedSet<int>?[] codes, List<string> notes, string fileName)
    {
        var texts = new string[]?[codes.Length];
        if (file.Categories is not { } json || json.Trim() is "" or "null" or "[]")
        {
            return texts;
        }

        int[] categorical = [.. Enumerable.Range(0, codes.Length).Where(feature => codes[feature] is not null)];
        var lists = ParseLists(json, fileName);
        if (lists.Length != categorical.Length)
        {
            notes.Add($"The file lists the categories of {lists.Length} columns but has {categorical.Length} categorical features; "
                + "these must be given as the whole numbers that LightGBM saw.");
            return texts;
        }

        for (var i = 0; i < lists.Length; i++)
        {
            texts[categorical[i]] = lists[i];
        }

        return texts;
    }

    private static string[][] ParseLists(string json, string fileName)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(list => list.EnumerateArray().Select(Text).ToArray())];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ModelImportException($"{fileName}: 'pandas_categorical' is no list of lists. The file is damaged.", exception);
        }
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        _ => throw new JsonException("A category is no text, number or truth value."),
    };

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
