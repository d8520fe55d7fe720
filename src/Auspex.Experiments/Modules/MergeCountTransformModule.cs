using System.Collections.Immutable;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Counting;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Merge Count Transform": the counts of two transforms together, those of the second times a factor.</summary>
internal sealed class MergeCountTransformModule : IModule
{
    private const string Previous = "Previous counting transform";
    private const string New = "New counting transform";
    private const string Decay = "Decay factor";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Merge Count Transform",
        Category = "Data Transformation/Learning with Counts",
        Inputs = [Declare.Transform(Previous), new(New, PortType.ITransform, IsOptional: true)],
        Outputs = [Declare.Transform("Merged counting transform")],
        Parameters = [new() { Name = Decay, Kind = ParameterKind.Float, Default = "1.0" }],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var previous = CountTables.Of(context, Previous);
        var merged = context.Has(New) ? Merge(previous, CountTables.Of(context, New), context.Parameters.Float(Decay)) : previous;
        context.Set("Merged counting transform", new TransformValue(merged));
        return Task.CompletedTask;
    }

    private static CountingTransform Merge(CountingTransform one, CountingTransform other, double factor)
    {
        var isAlike = one.Scheme.Classes.SequenceEqual(other.Scheme.Classes, StringComparer.Ordinal)
            && one.Scheme with { Classes = default } == (other.Scheme with { Classes = default })
            && one.Columns.Select(column => column.Column).SequenceEqual(other.Columns.Select(column => column.Column), StringComparer.Ordinal);
        return isAlike
            ? new CountingTransform(
                one.Scheme,
                one.Features,
                [
                    .. one.Columns.Zip(other.Columns, (left, right) => left with
                    {
                        Counts = left.Counts.Keys.Union(right.Counts.Keys).ToImmutableDictionary(
                            key => key, key => Sum(left.Counts.GetValueOrDefault(key), right.Counts.GetValueOrDefault(key), factor)),
                    }),
                ])
            : throw new ModuleException(
                86, "The two counting transforms differ in columns, classes, hash or kind of table; only those that count alike can be merged. Build both with the same settings.");
    }

    private static double[] Sum(double[]? one, double[]? other, double factor) =>
        [.. Enumerable.Range(0, (one ?? other)!.Length).Select(i => (one?[i] ?? 0) + ((other?[i] ?? 0) * factor))];
}
