using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring;

/// <summary>
/// The part of a row's length, less the centre, that lies outside the subspace: 0 to 1; above a half the row is an anomaly.
/// </summary>
internal sealed class SubspaceScorer : IScorer
{
    private const double Bound = 0.5;

    private readonly FeatureLayout _layout;
    private readonly BoundFeature[] _features;
    private readonly SlotScale _scale;
    private readonly ImmutableArray<double> _center;
    private readonly ImmutableArray<ImmutableArray<double>> _components;
    private readonly double[] _ofCenter;
    private readonly double _centerSquare;

    public SubspaceScorer(
        FeatureLayout layout, BoundFeature[] features, ImmutableArray<double> center, ImmutableArray<ImmutableArray<double>> components)
    {
        _layout = layout;
        _features = features;
        _scale = SlotScale.Plain(features.Length);
        _center = center;
        _components = components;
        _ofCenter = [.. components.Select(component => component.Zip(center, (left, right) => left * right).Sum())];

        // Columns of levels: a row has one of their slots, and the centre of all others counts too.
        _centerSquare = Enumerable.Range(0, layout.Columns.Length).Where(layout.IsLevels)
            .Sum(column => Enumerable.Range(layout.Start(column), layout.Width(column)).Sum(slot => center[slot] * center[slot]));
    }

    public int Outputs => 2;

    public void Score(TableBatch batch, double[][] scores) => new SlotReader(_layout, _features, _scale).Read(
        batch,
        (row, slots, values) =>
        {
            var score = Outside(slots, values);
            scores[0][row] = score > Bound ? 1 : 0;
            scores[1][row] = score;
        },
        row => Rows.Clear(scores, row));

    private double Outside(ReadOnlySpan<int> slots, ReadOnlySpan<double> values)
    {
        var square = _centerSquare;
        for (var column = 0; column < slots.Length; column++)
        {
            var center = _center[slots[column]];
            var difference = values[column] - center;
            square += (difference * difference) - (_layout.IsLevels(column) ? center * center : 0);
        }

        var inside = 0.0;
        for (var i = 0; i < _components.Length; i++)
        {
            var component = _components[i].AsSpan();
            var length = -_ofCenter[i];
            for (var column = 0; column < slots.Length; column++)
            {
                length += component[slots[column]] * values[column];
            }

            inside += length * length;
        }

        // A row at the centre has no length; nothing of it is outside.
        return square > 0 ? Math.Sqrt(Math.Clamp((square - inside) / square, 0, 1)) : 0;
    }
}
