using Auspex.Experiments.Execution;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Linear;

namespace Auspex.Experiments.Training.LocallyDeep;

/// <summary>
/// Stochastic gradient descent on the hinge loss with squared weights. While it trains a row goes both ways at every inner
/// node, more and more decidedly, so that routes have a gradient; in the end it goes one.
/// </summary>
internal sealed class LocallyDeepTrainer
{
    // Steps are those of adaptive gradients (Duchi and others 2011).
    private const double FirstRate = 0.1;
    private const double FirstDecision = 1;
    private const double LastDecision = 20;

    private readonly LocallyDeepOptions _options;
    private readonly LinearRows _rows;
    private readonly double[] _targets;
    private readonly int _size;
    private readonly int _inner;
    private readonly Weights _votes;
    private readonly Weights _gates;
    private readonly Weights _routes;
    private readonly int[] _slots;
    private readonly double[] _values;
    private readonly double[] _vote;
    private readonly double[] _gate;
    private readonly double[] _left;
    private readonly double[] _below;
    private readonly double[] _reach;
    private double _rate;

    public LocallyDeepTrainer(LocallyDeepOptions options, LinearRows rows, double[] targets)
    {
        _options = options;
        _rows = rows;
        _targets = targets;
        _size = rows.SlotCount + 1;
        _inner = (1 << options.Depth) - 1;
        var nodes = (2 << options.Depth) - 1;
        var random = new SeededRandom(options.Seed);
        _votes = new Weights(nodes * _size, random);
        _gates = new Weights(nodes * _size, random);
        _routes = new Weights(_inner * _size, random);
        _slots = new int[rows.EntryCount + 1];
        _values = new double[rows.EntryCount + 1];
        (_slots[^1], _values[^1]) = (rows.SlotCount, 1);
        _vote = new double[nodes];
        _gate = new double[nodes];
        _left = new double[nodes];
        _below = new double[nodes];
        _reach = new double[nodes];
        Random = random;
    }

    public double[] Votes => _votes.Values;

    public double[] Gates => _gates.Values;

    public double[] Routes => _routes.Values;

    private SeededRandom Random { get; }

    public void Train(Action<string, long, long?>? report, CancellationToken cancellationToken)
    {
        var batch = Math.Clamp((int)Math.Sqrt(_rows.RowCount), 1, 64);
        for (var iteration = 0; iteration < _options.Iterations; iteration++)
        {
            if (iteration % 100 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                report?.Invoke("Training the tree", iteration, _options.Iterations);
            }

            // Steps shrink to nothing, so that the last rows do not weigh more than the others.
            var decision = FirstDecision * Math.Pow(LastDecision / FirstDecision, (double)iteration / _options.Iterations);
            _rate = FirstRate * (1 - ((double)iteration / _options.Iterations));
            for (var i = 0; i < batch; i++)
            {
                Step(Random.Next(_rows.RowCount), decision);
            }
        }
    }

    private void Step(int row, double decision)
    {
        _rows.Read(row, _slots.AsSpan(0, _rows.EntryCount), _values.AsSpan(0, _rows.EntryCount));
        var sign = _targets[row] > 0.5 ? 1.0 : -1.0;
        if (sign * Forward(decision) >= 1)
        {
            // On the right side, far enough: only the weights' own cost is left.
            Move(_ => (0, 0, 0));
            return;
        }

        _reach[0] = 1;
        for (var node = 0; node < _inner; node++)
        {
            _reach[(2 * node) + 1] = _reach[node] * _left[node];
            _reach[(2 * node) + 2] = _reach[node] * (1 - _left[node]);
        }

        Move(node => (
            -sign * _reach[node] * _gate[node],
            -sign * _reach[node] * _vote[node] * _options.Sharpness * (1 - (_gate[node] * _gate[node])),
            node >= _inner ? 0
                : -sign * _reach[node] * (_below[(2 * node) + 1] - _below[(2 * node) + 2]) * 2 * decision * _left[node] * (1 - _left[node])));
    }

    // What a row that is certain to come to a node gets there and below; of the root, its margin.
    private double Forward(double decision)
    {
        for (var node = _vote.Length - 1; node >= 0; node--)
        {
            _vote[node] = Sum(_votes.Values, node);
            _gate[node] = Math.Tanh(_options.Sharpness * Sum(_gates.Values, node));
            _below[node] = _vote[node] * _gate[node];
            if (node < _inner)
            {
                _left[node] = 1 / (1 + Math.Exp(-2 * decision * Sum(_routes.Values, node)));
                _below[node] += (_left[node] * _below[(2 * node) + 1]) + ((1 - _left[node]) * _below[(2 * node) + 2]);
            }
        }

        return _below[0];
    }

    private double Sum(double[] weights, int node) => LocallyDeepScorer.Sum(
        weights, node, _size, _slots.AsSpan(0, _rows.EntryCount), _values.AsSpan(0, _rows.EntryCount));

    private void Move(Func<int, (double Vote, double Gate, double Route)> gradient)
    {
        for (var node = 0; node < _vote.Length; node++)
        {
            var (vote, gate, route) = gradient(node);
            _votes.Move(node * _size, _slots, _values, vote, _options.LambdaVotes / _rows.RowCount, _rate);
            _gates.Move(node * _size, _slots, _values, gate, _options.LambdaGates / _rows.RowCount, _rate);
            if (node < _inner)
            {
                _routes.Move(node * _size, _slots, _values, route, _options.LambdaRoutes / _rows.RowCount, _rate);
            }
        }
    }

    private sealed class Weights
    {
        private readonly double[] _squares;

        public Weights(int count, SeededRandom random)
        {
            Values = new double[count];
            _squares = new double[count];
            for (var i = 0; i < count; i++)
            {
                Values[i] = (random.NextDouble() - 0.5) * 0.2;
            }
        }

        public double[] Values { get; }

        public void Move(int start, int[] slots, double[] values, double gradient, double lambda, double rate)
        {
            for (var i = 0; i < slots.Length; i++)
            {
                var at = start + slots[i];
                var slope = (gradient * values[i]) + (lambda * Values[at]);
                if (slope != 0)
                {
                    _squares[at] += slope * slope;
                    Values[at] -= rate * slope / Math.Sqrt(_squares[at] + 1e-8);
                }
            }
        }
    }
}
