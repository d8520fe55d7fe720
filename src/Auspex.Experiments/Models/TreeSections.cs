using System.Text.Json;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>Trees and their links as parts of a container, there and back.</summary>
internal static class TreeSections
{
    private const string Singles = "thresholds";
    private const string Doubles = "doubleThresholds";

    /// <summary>Writes a link's members; returns the version of the format that they need.</summary>
    public static ushort WriteLink(Utf8JsonWriter writer, SumLink link, ModelTask task)
    {
        writer.WriteNumber("slope", link.Slope);
        writer.WriteNumber("offset", link.Offset);
        if (link.Kind == Usual(task) && link.Divisor == 1)
        {
            return ContainerFormat.FirstVersion;
        }

        writer.WriteString("link", link.Kind.ToString());
        writer.WriteNumber("divisor", link.Divisor);
        return ContainerFormat.ImportedTreesVersion;
    }

    public static SumLink ReadLink(JsonElement json, ModelTask task)
    {
        var (slope, offset) = (Finite(json, "slope"), Finite(json, "offset"));
        return json.TryGetProperty("link", out var kind)
            ? new SumLink(Parse(kind), slope, offset, Finite(json, "divisor"))
            : new SumLink(Usual(task), slope, offset);
    }

    /// <summary>Adds the arrays to the sections; returns the version of the format that they need.</summary>
    public static ushort Write(TreeArrays arrays, Dictionary<string, byte[]> sections)
    {
        sections["nodeStarts"] = ModelContainer.Bytes<int>(arrays.NodeStarts);
        sections["leafStarts"] = ModelContainer.Bytes<int>(arrays.LeafStarts);
        sections["features"] = ModelContainer.Bytes<int>(arrays.Features);
        sections["levels"] = ModelContainer.Bytes<int>(arrays.Levels);
        sections["missingRight"] = arrays.MissingRight;
        sections["left"] = ModelContainer.Bytes<int>(arrays.Left);
        sections["right"] = ModelContainer.Bytes<int>(arrays.Right);
        sections["leafValues"] = ModelContainer.Bytes<double>(arrays.LeafValues);
        if (arrays.LeafCovers.Length > 0)
        {
            // Read by explanations alone: whoever does not know them scores the same.
            sections["leafCovers"] = ModelContainer.Bytes<double>(arrays.LeafCovers);
        }

        if (arrays.SetStarts.Length > 1)
        {
            sections["setStarts"] = ModelContainer.Bytes<int>(arrays.SetStarts);
            sections["setLevels"] = ModelContainer.Bytes<int>(arrays.SetLevels);
        }

        if (arrays.PointColumns.Length > 0)
        {
            sections["pointColumns"] = ModelContainer.Bytes<int>(arrays.PointColumns);
            sections["pointStarts"] = ModelContainer.Bytes<int>(arrays.PointStarts);
            sections["points"] = ModelContainer.Bytes<double>(arrays.Points);
        }

        if (arrays.InDouble)
        {
            sections[Doubles] = ModelContainer.Bytes<double>(arrays.Thresholds);
        }
        else
        {
            sections[Singles] = ModelContainer.Bytes<float>([.. arrays.Thresholds.Select(threshold => (float)threshold)]);
        }

        return arrays.InDouble || arrays.PointColumns.Length > 0 || arrays.MissingRight.Any(way => way > TreeArrays.GoesRight)
            ? ContainerFormat.ImportedTreesVersion
            : ContainerFormat.FirstVersion;
    }

    /// <summary>The arrays, not yet checked.</summary>
    public static TreeArrays Read(Container container)
    {
        var inDouble = container.Sections.ContainsKey(Doubles);
        var arrays = new TreeArrays
        {
            NodeStarts = ModelContainer.Array<int>(container, "nodeStarts"),
            LeafStarts = ModelContainer.Array<int>(container, "leafStarts"),
            Features = ModelContainer.Array<int>(container, "features"),
            Thresholds = inDouble
                ? ModelContainer.Array<double>(container, Doubles)
                : [.. ModelContainer.Array<float>(container, Singles).Select(threshold => (double)threshold)],
            InDouble = inDouble,
            Levels = ModelContainer.Array<int>(container, "levels"),
            MissingRight = ModelContainer.Array<byte>(container, "missingRight"),
            Left = ModelContainer.Array<int>(container, "left"),
            Right = ModelContainer.Array<int>(container, "right"),
            LeafValues = ModelContainer.Array<double>(container, "leafValues"),
        };
        if (container.Sections.ContainsKey("leafCovers"))
        {
            arrays = arrays with { LeafCovers = ModelContainer.Array<double>(container, "leafCovers") };
        }

        if (container.Sections.ContainsKey("setStarts"))
        {
            arrays = arrays with
            {
                SetStarts = ModelContainer.Array<int>(container, "setStarts"),
                SetLevels = ModelContainer.Array<int>(container, "setLevels"),
            };
        }

        return container.Sections.ContainsKey("pointColumns")
            ? arrays with
            {
                PointColumns = ModelContainer.Array<int>(container, "pointColumns"),
                PointStarts = ModelContainer.Array<int>(container, "pointStarts"),
                Points = ModelContainer.Array<double>(container, "points"),
            }
            : arrays;
    }

    public static double Finite(JsonElement json, string name)
    {
        var value = json.GetProperty(name).GetDouble();
        return double.IsFinite(value) ? value : throw new FormatException($"'{name}' is not finite.");
    }

    private static SumLinkKind Usual(ModelTask task) => task == ModelTask.Binary ? SumLinkKind.Logistic : SumLinkKind.None;

    private static SumLinkKind Parse(JsonElement json) =>
        Enum.TryParse<SumLinkKind>(json.GetString(), out var kind) && Enum.IsDefined(kind)
            ? kind
            : throw new FormatException($"'{json}' is no link from sums to scores.");
}
