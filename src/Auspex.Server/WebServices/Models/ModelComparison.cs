using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Stores;

namespace Auspex.Server.WebServices.Models;

/// <summary>Two versions side by side: metrics with their differences, and what else about their models is not the same.</summary>
internal sealed class ModelComparison(ArtifactValues values)
{
    /// <summary>Compares the assets that bear the same name.</summary>
    public async Task<ImmutableArray<AssetDifference>> CompareAsync(
        ModelVersionDocument first, ModelVersionDocument second, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<AssetDifference>();
        foreach (var asset in first.Assets)
        {
            if (second.Assets.FirstOrDefault(other => other.Kind == asset.Kind && other.Name == asset.Name) is not { } other)
            {
                found.Add(new AssetDifference(asset.Name, false, [], [$"only version {first.Number} has it"]));
                continue;
            }

            var isSame = asset.Artifact == other.Artifact;
            found.Add(new AssetDifference(
                asset.Name,
                isSame,
                CompareMetrics(asset, other),
                isSame || asset.Kind != AssetKind.TrainedModel
                    ? []
                    : Differences(await LoadAsync(asset, cancellationToken), await LoadAsync(other, cancellationToken))));
        }

        foreach (var asset in second.Assets.Where(asset => first.Assets.All(other => other.Kind != asset.Kind || other.Name != asset.Name)))
        {
            found.Add(new AssetDifference(asset.Name, false, [], [$"only version {second.Number} has it"]));
        }

        return found.ToImmutable();
    }

    /// <summary>What is different about two models, a sentence each.</summary>
    public static ImmutableArray<string> Differences(ModelDescription first, ModelDescription second)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        Add("learner", first.Learner, second.Learner);
        Add("task", $"{first.Task}", $"{second.Task}");
        Add("label", first.Label.Name, second.Label.Name);
        Add("classes", string.Join(", ", first.Classes), string.Join(", ", second.Classes));
        Add("rows trained on", $"{first.TrainedRows}", $"{second.TrainedRows}");
        Add("training data", first.TrainingData ?? "unknown", second.TrainingData ?? "unknown");
        foreach (var name in first.Parameters.Keys.Union(second.Parameters.Keys).Order(StringComparer.Ordinal))
        {
            Add($"parameter '{name}'", first.Parameters.GetValueOrDefault(name, "not set"), second.Parameters.GetValueOrDefault(name, "not set"));
        }

        foreach (var field in first.Features.Fields)
        {
            var index = second.Features.IndexOf(field.Name);
            if (index < 0)
            {
                found.Add($"column '{field.Name}' is not used any more");
                continue;
            }

            var other = second.Features.Fields[index];
            Add($"column '{field.Name}'", Describe(field), Describe(other));
            if (field.Categories is { Levels: var levels } && other.Categories is { Levels: var others })
            {
                AddLevels($"column '{field.Name}' has new levels", others.Except(levels, StringComparer.Ordinal));
                AddLevels($"column '{field.Name}' has no more levels", levels.Except(others, StringComparer.Ordinal));
            }
        }

        found.AddRange(second.Features.Fields
            .Where(field => first.Features.IndexOf(field.Name) < 0)
            .Select(field => $"column '{field.Name}' of type {Describe(field)} is new"));
        return found.ToImmutable();

        void Add(string what, string before, string now)
        {
            if (before != now)
            {
                found.Add($"{what}: {now} instead of {before}");
            }
        }

        // Levels are values of rows: how many there are may be told, which ones may not.
        void AddLevels(string what, IEnumerable<string> names)
        {
            var count = names.Count();
            if (count > 0)
            {
                found.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {count}"));
            }
        }
    }

    /// <summary>Writes the comparison as JSON.</summary>
    public static void Write(Utf8JsonWriter writer, ImmutableArray<AssetDifference> assets)
    {
        writer.WriteStartArray("assets");
        foreach (var asset in assets)
        {
            writer.WriteStartObject();
            writer.WriteString("name", asset.Name);
            writer.WriteBoolean("same", asset.IsSame);
            writer.WriteStartArray("metrics");
            foreach (var metric in asset.Metrics)
            {
                writer.WriteStartObject();
                writer.WriteString("name", metric.Name);
                WriteNumber(writer, "from", metric.From);
                WriteNumber(writer, "to", metric.To);
                WriteNumber(writer, "difference", metric.To - metric.From);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("differences");
            foreach (var sentence in asset.Differences)
            {
                writer.WriteStringValue(sentence);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static ImmutableArray<MetricDifference> CompareMetrics(VersionedAsset first, VersionedAsset second)
    {
        var (old, now) = (first.Origin?.Metrics ?? [], second.Origin?.Metrics ?? []);
        return
        [
            .. old.Concat(now).Select(metric => metric.Name).Distinct(StringComparer.Ordinal).Select(name => new MetricDifference(
                name,
                old.FirstOrDefault(metric => metric.Name == name)?.Value,
                now.FirstOrDefault(metric => metric.Name == name)?.Value)),
        ];
    }

    private async Task<ModelDescription> LoadAsync(VersionedAsset asset, CancellationToken cancellationToken) =>
        ((ModelValue)await values.LoadAsync(asset.Kind, new ArtifactId(asset.Artifact), cancellationToken)).Model.Description;

    private static string Describe(TableField field) => field.IsCategorical ? $"categorical {field.Type}" : $"{field.Type}";
}

/// <summary>An asset in two versions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsSame">Whether both have the same bytes.</param>
/// <param name="Metrics">Metrics that either has.</param>
/// <param name="Differences">What else is different, a sentence each.</param>
internal sealed record AssetDifference(
    string Name, bool IsSame, ImmutableArray<MetricDifference> Metrics, ImmutableArray<string> Differences);

/// <summary>A metric in two versions; null where it is not known.</summary>
internal sealed record MetricDifference(string Name, double? From, double? To);
