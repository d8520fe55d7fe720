using System.Collections.Immutable;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Training.Linear;

namespace Auspex.Experiments.Training.Networks;

/// <summary>
/// Stochastic gradient descent with momentum, row by row on one thread: each step needs the one before. Of the first layer
/// only the weights of a row's slots are touched; what momentum would have done to the others is made up for when their
/// turn comes.
/// </summary>
internal sealed class NetworkTrainer
{
    private const int RowsBetweenChecks = 1024;
    private const double UsualDiameter = 0.1;

    // In this last part of all steps their size falls to nothing: what is kept is not at the mercy of the last few rows.
    private const double Fading = 0.1;

    private readonly NetworkOptions _options;
    private readonly LinearRows _rows;
    private readonly double[] _targets;
    private readonly NodeFunction _output;
    private readonly Layer[] _layers;
    private readonly int[] _slots;
    private readonly double[] _values;
    private readonly SeededRandom _random;
    private readonly long[] _touched;
    private long _step;

    public NetworkTrainer(NetworkOptions options, LinearRows rows, double[] targets, int outputs, NodeFunction output)
    {
        _options = options;
        _rows = rows;
        _targets = targets;
        _output = output;
        _random = new SeededRandom(options.Seed);
        _slots = new int[rows.EntryCount];
        _values = new double[rows.EntryCount];
        _touched = new long[rows.SlotCount];
        var inputs = rows.SlotCount;
        var layers = new List<Layer>();
        foreach (var (nodes, function) in (HiddenLayer[])[.. options.Hidden, new HiddenLayer(outputs, output)])
        {
            layers.Add(new Layer(inputs, nodes, function, options, _random));
            inputs = nodes;
        }

        _layers = [.. layers];
    }

    public ImmutableArray<NetworkLayer> Train(Action<string, long, long?>? report, CancellationToken cancellationToken)
    {
        int[] order = [.. Enumerable.Range(0, _rows.RowCount)];
        for (var iteration = 0; iteration < _options.Iterations; iteration++)
        {
            if (_options.Shuffles)
            {
                _random.Shuffle<int>(order);
            }

            for (var i = 0; i < order.Length; i++)
            {
                if (i % RowsBetweenChecks == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                Step(order[i]);
            }

            if (!double.IsFinite(_layers[^1].Sums[0]))
            {
                throw new ModuleException(
                    83, $"The network's weights grew beyond all bounds in iteration {iteration + 1}; choose a smaller learning rate, or a normalizer.");
            }

            report?.Invoke("Training the network", iteration + 1, _options.Iterations);
        }

        for (var slot = 0; slot < _touched.Length; slot++)
        {
            CatchUp(slot, _step + 1);
        }

        return [.. _layers.Select(layer => new NetworkLayer(layer.Function, [.. layer.Weights], [.. layer.Biases]))];
    }

    private double Rate()
    {
        var left = 1 - ((_step - 1) / ((double)_options.Iterations * _rows.RowCount));
        return _options.LearningRate * Math.Min(1, left / Fading);
    }

    private void Step(int row)
    {
        _step++;
        var rate = Rate();
        _rows.Read(row, _slots, _values);
        var first = _layers[0];
        first.Biases.CopyTo(first.Sums, 0);
        for (var i = 0; i < _slots.Length; i++)
        {
            CatchUp(_slots[i], _step);
            NetworkLayer.Add(first.WeightsOf(_slots[i]), _values[i], first.Sums);
        }

        first.Activate();
        for (var layer = 1; layer < _layers.Length; layer++)
        {
            _layers[layer].SumOf(_layers[layer - 1].Outputs);
            _layers[layer].Activate();
        }

        var last = _layers[^1];
        for (var node = 0; node < last.Deltas.Length; node++)
        {
            // Cross-entropy and squared error with their own functions: the same difference.
            var target = _output == NodeFunction.Softmax ? ((int)_targets[row] == node ? 1 : 0) : _targets[row];
            last.Deltas[node] = last.Outputs[node] - target;
        }

        for (var layer = _layers.Length - 1; layer > 0; layer--)
        {
            _layers[layer].PassBack(_layers[layer - 1]);
            _layers[layer].Learn(_layers[layer - 1].Outputs, rate);
        }

        for (var i = 0; i < _slots.Length; i++)
        {
            first.Move(_slots[i], _values[i], rate);
            _touched[_slots[i]] = _step;
        }

        first.MoveBiases(rate);
    }

    // Steps that did not touch the slot: its velocity shrank and moved its weights all the same.
    private void CatchUp(int slot, long step)
    {
        var skipped = step - 1 - _touched[slot];
        if (_options.Momentum > 0 && _touched[slot] > 0 && skipped > 0)
        {
            var left = Math.Pow(_options.Momentum, skipped);
            var way = _options.Momentum < 1 ? _options.Momentum * (1 - left) / (1 - _options.Momentum) : skipped;
            _layers[0].Coast(slot, left, way);
            _touched[slot] = step - 1;
        }
    }

    private sealed class Layer
    {
        private readonly NetworkOptions _options;
        private readonly double[]? _velocities;
        private readonly double[]? _biasVelocities;

        public Layer(int inputs, int nodes, NodeFunction function, NetworkOptions options, SeededRandom random)
        {
            _options = options;
            Function = function;
            Weights = new double[checked(inputs * nodes)];
            Biases = new double[nodes];
            Sums = new double[nodes];
            Outputs = new double[nodes];
            Deltas = new double[nodes];

            // Sums of few inputs need greater weights than those of many to tell nodes apart (Glorot and Bengio 2010); the usual diameter
            // gives the bounds that suit sigmoids.
            var diameter = 2 * Math.Sqrt(2.0 / Math.Max(1, inputs + nodes)) * options.Diameter / UsualDiameter;
            for (var i = 0; i < Weights.Length; i++)
            {
                Weights[i] = (random.NextDouble() - 0.5) * diameter;
            }

            for (var i = 0; i < nodes; i++)
            {
                Biases[i] = (random.NextDouble() - 0.5) * diameter;
            }

            if (options.Momentum > 0)
            {
                _velocities = new double[Weights.Length];
                _biasVelocities = new double[nodes];
            }
        }

        public NodeFunction Function { get; }

        public double[] Weights { get; }

        public double[] Biases { get; }

        public double[] Sums { get; }

        public double[] Outputs { get; }

        public double[] Deltas { get; }

        public Span<double> WeightsOf(int input) => Weights.AsSpan(input * Biases.Length, Biases.Length);

        public void SumOf(double[] inputs)
        {
            Biases.CopyTo(Sums, 0);
            for (var input = 0; input < inputs.Length; input++)
            {
                NetworkLayer.Add(WeightsOf(input), inputs[input], Sums);
            }
        }

        public void Activate()
        {
            Sums.CopyTo(Outputs, 0);
            NetworkLayer.Apply(Function, Outputs);
        }

        public void PassBack(Layer before)
        {
            for (var input = 0; input < before.Deltas.Length; input++)
            {
                before.Deltas[input] = FixedSums.Dot(WeightsOf(input), Deltas) * Slope(before.Function, before.Sums[input], before.Outputs[input]);
            }
        }

        public void Learn(double[] inputs, double rate)
        {
            for (var input = 0; input < inputs.Length; input++)
            {
                Move(input, inputs[input], rate);
            }

            MoveBiases(rate);
        }

        public void Move(int input, double value, double rate) => Move(
            WeightsOf(input), _velocities is null ? [] : _velocities.AsSpan(input * Biases.Length, Biases.Length), -rate * value);

        public void MoveBiases(double rate) => Move(Biases, _biasVelocities, -rate);

        /// <summary>Adds what is left of the velocity, summed over the steps that were passed over.</summary>
        public void Coast(int input, double left, double way)
        {
            var velocities = _velocities.AsSpan(input * Biases.Length, Biases.Length);
            NetworkLayer.Add(velocities, way, WeightsOf(input));
            foreach (ref var velocity in velocities)
            {
                velocity *= left;
            }
        }

        private void Move(Span<double> weights, Span<double> velocities, double factor)
        {
            if (velocities.IsEmpty)
            {
                NetworkLayer.Add(Deltas, factor, weights);
                return;
            }

            for (var i = 0; i < weights.Length; i++)
            {
                velocities[i] = (_options.Momentum * velocities[i]) + (factor * Deltas[i]);
                weights[i] += velocities[i];
            }
        }

        private static double Slope(NodeFunction function, double sum, double output) => function switch
        {
            NodeFunction.Sigmoid => output * (1 - output),
            NodeFunction.Tanh => 1 - (output * output),
            NodeFunction.Rectified => sum > 0 ? 1 : 0,
            NodeFunction.BoundedRectified => sum is > 0 and < 1 ? 1 : 0,
            NodeFunction.SoftRectified => 1 / (1 + Math.Exp(-sum)),
            NodeFunction.Square => 2 * sum,
            NodeFunction.SquareRoot => Math.Sign(sum) / (2 * Math.Max(output, 1e-6)),
            NodeFunction.Absolute => Math.Sign(sum),
            _ => 1,
        };
    }
}
