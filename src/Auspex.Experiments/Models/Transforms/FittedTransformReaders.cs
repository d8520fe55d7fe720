using System.Collections.Frozen;
using System.Text.Json;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>Takes fitted transforms back from what their <see cref="FittedTransform.Write"/> wrote: a reader for each kind.</summary>
public static class FittedTransformReaders
{
    private static readonly FrozenDictionary<string, Func<JsonElement, FittedTransform>> Readers =
        new Dictionary<string, Func<JsonElement, FittedTransform>>(StringComparer.Ordinal)
        {
            [CleaningTransform.KindName] = CleaningTransform.Read,
            [NormalizingTransform.KindName] = NormalizingTransform.Read,
            [IndicatorTransform.KindName] = IndicatorTransform.Read,
            [BinningTransform.KindName] = BinningTransform.Read,
            [ReplacementTransform.KindName] = ReplacementTransform.Read,
            [SelectionTransform.KindName] = SelectionTransform.Read,
            [ProjectionTransform.KindName] = ProjectionTransform.Read,
            [CountingTransform.KindName] = CountingTransform.Read,
            [TopicTransform.KindName] = TopicTransform.Read,
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The kinds that can be read.</summary>
    public static IReadOnlyCollection<string> Kinds => Readers.Keys;

    /// <summary>Reads a transform of this kind.</summary>
    /// <exception cref="ModuleException">Error 82: the kind is unknown, or the content is not what this kind writes.</exception>
    public static FittedTransform Read(string kind, JsonElement json)
    {
        if (!Readers.TryGetValue(kind, out var reader))
        {
            throw new ModuleException(
                82, $"The transform is of kind '{kind}'; expected one of {string.Join(", ", Readers.Keys.Order(StringComparer.Ordinal))}.");
        }

        try
        {
            return reader(json);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException
            or ArgumentException)
        {
            throw new ModuleException(
                82, $"The content of the transform is not what kind '{kind}' writes: {exception.Message}", exception);
        }
    }
}
