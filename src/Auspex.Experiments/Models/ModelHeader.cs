using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>A model's description as JSON, there and back.</summary>
internal static class ModelHeader
{
    public static void Write(Utf8JsonWriter writer, ModelDescription description)
    {
        writer.WriteString("learner", description.Learner);
        writer.WriteString("task", description.Task.ToString());
        writer.WritePropertyName("label");
        WriteField(writer, description.Label);
        writer.WriteStartArray("features");
        foreach (var field in description.Features.Fields)
        {
            WriteField(writer, field);
        }

        writer.WriteEndArray();
        WriteTexts(writer, "classes", description.Classes);
        if (description.GivesDeviation)
        {
            writer.WriteBoolean("givesDeviation", true);
        }

        if (!description.Quantiles.IsEmpty)
        {
            writer.WriteStartArray("quantiles");
            foreach (var quantile in description.Quantiles)
            {
                writer.WriteNumberValue(quantile);
            }

            writer.WriteEndArray();
        }

        if (description.Clusters > 0)
        {
            writer.WriteNumber("clusters", description.Clusters);
        }

        writer.WriteBoolean("allowsUnknownLevels", description.AllowsUnknownLevels);
        writer.WriteStartObject("parameters");
        foreach (var (name, value) in description.Parameters)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteNumber("trainedRows", description.TrainedRows);
        writer.WriteNumber("skippedRows", description.SkippedRows);
        writer.WriteString("createdBy", description.CreatedBy);
        if (description.TrainingData is { } data)
        {
            writer.WriteString("trainingData", data);
        }

        if (description.Distribution is { } distribution)
        {
            writer.WriteStartObject("distribution");
            writer.WritePropertyName("score");
            WriteDistribution(writer, distribution.Score);
            writer.WriteStartArray("features");
            foreach (var feature in distribution.Features)
            {
                WriteDistribution(writer, feature);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        if (description.Profile is { } profile)
        {
            writer.WriteStartObject("profile");
            writer.WritePropertyName("label");
            WriteProfile(writer, profile.Label);
            writer.WriteStartArray("features");
            foreach (var feature in profile.Features)
            {
                WriteProfile(writer, feature);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    /// <exception cref="FormatException">A member is missing or does not fit; other exceptions of JSON reading pass.</exception>
    public static ModelDescription Read(JsonElement json)
    {
        var description = new ModelDescription
        {
            Learner = Text(json.GetProperty("learner")),
            Task = Parse<ModelTask>(json.GetProperty("task")),
            Label = ReadField(json.GetProperty("label")),
            Features = new TableSchema(ReadAll(json.GetProperty("features"), ReadField)),
            Classes = ReadTexts(json.GetProperty("classes")),
            GivesDeviation = json.TryGetProperty("givesDeviation", out var gives) && gives.GetBoolean(),
            Quantiles = json.TryGetProperty("quantiles", out var quantiles)
                ? [.. quantiles.EnumerateArray().Select(quantile => quantile.GetDouble())]
                : [],
            Clusters = json.TryGetProperty("clusters", out var clusters) ? clusters.GetInt32() : 0,
            AllowsUnknownLevels = json.GetProperty("allowsUnknownLevels").GetBoolean(),
            Parameters = ReadParameters(json.GetProperty("parameters")),
            TrainedRows = json.GetProperty("trainedRows").GetInt64(),
            SkippedRows = json.GetProperty("skippedRows").GetInt64(),
            CreatedBy = Text(json.GetProperty("createdBy")),
            TrainingData = json.TryGetProperty("trainingData", out var data) ? Text(data) : null,
            Distribution = json.TryGetProperty("distribution", out var distribution)
                ? new TrainingDistribution(
                    [.. distribution.GetProperty("features").EnumerateArray().Select(ReadDistribution)],
                    ReadDistribution(distribution.GetProperty("score")))
                : null,
            Profile = json.TryGetProperty("profile", out var profile)
                ? new TrainingProfile(
                    ReadAll(profile.GetProperty("features"), ReadProfile),
                    ReadProfile(profile.GetProperty("label")))
                : null,
        };
        Check(description);
        return description;
    }

    private static void Check(ModelDescription description)
    {
        var classes = description.Classes.Length;
        var fits = description.Task switch
        {
            ModelTask.Binary => classes == 2,
            ModelTask.Multiclass or ModelTask.Ordinal => classes >= 2,
            _ => classes == 0,
        };
        fits &= description.GivesDeviation ? description.Task == ModelTask.Regression : true;
        fits &= description.Task == ModelTask.Quantile
            ? !description.Quantiles.IsEmpty && description.Quantiles.All(quantile => quantile is > 0 and < 1)
            : description.Quantiles.IsEmpty;
        fits &= description.Task == ModelTask.Clustering ? description.Clusters >= 1 : description.Clusters == 0;
        if (!fits || description.Classes.Distinct(StringComparer.Ordinal).Count() != classes)
        {
            throw new FormatException($"A {description.Task} model cannot have these {classes} classes.");
        }

        if (classes > 0)
        {
            // Its constructor checks that every class is a value of the label's type.
            _ = new LabelValues(description.Label, description.Classes);
        }

        if (description.Profile is { } profile
            && (profile.Features.Length != description.Features.Fields.Length
                || !profile.Label.IsSound
                || !profile.Features.All(feature => feature.IsSound)))
        {
            throw new FormatException("What the file says of its training table cannot be true.");
        }

        if (description.Distribution is { } distribution
            && (distribution.Features.Length != description.Features.Fields.Length
                || !distribution.Score.IsSound(description.Task == ModelTask.Multiclass ? classes : null)
                || !distribution.Features.Zip(description.Features.Fields)
                    .All(feature => feature.First.IsSound(feature.Second.Categories?.Levels.Length))))
        {
            throw new FormatException("What the file says of how its training table was spread cannot be true.");
        }

        foreach (var field in description.Features.Fields)
        {
            if (field.Categories is null && !field.IsNumeric && field.Type != ColumnType.Boolean)
            {
                throw new FormatException($"Feature '{field.Name}' of type {field.Type} has no levels.");
            }
        }
    }

    internal static void WriteField(Utf8JsonWriter writer, TableField field)
    {
        writer.WriteStartObject();
        writer.WriteString("name", field.Name);
        writer.WriteString("type", field.Type.ToString());
        writer.WriteBoolean("nullable", field.IsNullable);
        writer.WriteString("role", field.Role.ToString());
        if (field.Categories is { } domain)
        {
            WriteTexts(writer, "levels", domain.Levels);
            writer.WriteBoolean("ordered", domain.IsOrdered);
        }

        writer.WriteEndObject();
    }

    internal static TableField ReadField(JsonElement json) => new()
    {
        Name = Text(json.GetProperty("name")),
        Type = Parse<ColumnType>(json.GetProperty("type")),
        IsNullable = json.GetProperty("nullable").GetBoolean(),
        Role = Parse<ColumnRole>(json.GetProperty("role")),
        Categories = json.TryGetProperty("levels", out var levels)
            ? new CategoryDomain(Distinct(ReadTexts(levels)), json.GetProperty("ordered").GetBoolean())
            : null,
    };

    private static void WriteProfile(Utf8JsonWriter writer, ColumnProfile profile)
    {
        writer.WriteStartObject();
        writer.WriteNumber("rows", profile.Rows);
        writer.WriteNumber("missing", profile.Missing);
        if (profile is { Minimum: { } minimum, Maximum: { } maximum })
        {
            TransformJson.WriteDouble(writer, "minimum", minimum);
            TransformJson.WriteDouble(writer, "maximum", maximum);
        }

        writer.WriteEndObject();
    }

    private static void WriteDistribution(Utf8JsonWriter writer, ColumnDistribution distribution)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("edges");
        foreach (var edge in distribution.Edges)
        {
            writer.WriteNumberValue(edge);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("counts");
        foreach (var count in distribution.Counts)
        {
            writer.WriteNumberValue(count);
        }

        writer.WriteEndArray();
        writer.WriteNumber("missing", distribution.Missing);
        writer.WriteEndObject();
    }

    private static ColumnDistribution ReadDistribution(JsonElement json) => new(
        [.. json.GetProperty("edges").EnumerateArray().Select(edge => edge.GetDouble())],
        [.. json.GetProperty("counts").EnumerateArray().Select(count => count.GetInt64())],
        json.GetProperty("missing").GetInt64());

    private static ColumnProfile ReadProfile(JsonElement json) => new(
        json.GetProperty("rows").GetInt64(),
        json.GetProperty("missing").GetInt64(),
        json.TryGetProperty("minimum", out var minimum) ? TransformJson.ReadDouble(minimum) : null,
        json.TryGetProperty("maximum", out var maximum) ? TransformJson.ReadDouble(maximum) : null);

    private static ImmutableArray<string> Distinct(ImmutableArray<string> levels) =>
        levels.Distinct(StringComparer.Ordinal).Count() == levels.Length
            ? levels
            : throw new FormatException("A column has a level twice.");

    private static void WriteTexts(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static ImmutableArray<string> ReadTexts(JsonElement json) => ReadAll(json, Text);

    // Plain loops, as everywhere on the way to the first row: see NodeGroups.
    internal static ImmutableArray<T> ReadAll<T>(JsonElement json, Func<JsonElement, T> read)
        where T : class
    {
        var items = ImmutableArray.CreateBuilder<T>(json.GetArrayLength());
        foreach (var item in json.EnumerateArray())
        {
            items.Add(read(item));
        }

        return items.MoveToImmutable();
    }

    private static ImmutableSortedDictionary<string, string> ReadParameters(JsonElement json)
    {
        var parameters = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            parameters.Add(member.Name, Text(member.Value));
        }

        return parameters.ToImmutable();
    }

    private static string Text(JsonElement json) => json.GetString() ?? throw new FormatException("A text is null.");

    private static T Parse<T>(JsonElement json)
        where T : struct, Enum =>
        Enum.TryParse<T>(Text(json), out var value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"'{json}' is no {typeof(T).Name}.");
}
