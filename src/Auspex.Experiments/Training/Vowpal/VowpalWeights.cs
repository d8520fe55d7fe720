using Auspex.Experiments.Models;

namespace Auspex.Experiments.Training.Vowpal;

/// <summary>Weights while they are learned, in single precision as the program has them, one set for each class.</summary>
internal sealed class VowpalWeights
{
    private readonly VowpalOptions _options;
    private readonly int _sets;
    private readonly uint _mask;
    private readonly float[] _weights;
    private readonly float[] _squares;
    private readonly float[] _scales;
    private readonly float[] _rates;
    private double _rate;
    private double _time;
    private double _normSum;
    private double _weightSum;
    private double _gravity;
    private double _contraction = 1;

    /// <param name="options">The arguments.</param>
    /// <param name="start">A model to go on from; null for none.</param>
    public VowpalWeights(VowpalOptions options, VowpalModel? start)
    {
        _options = options;
        _sets = Math.Max(1, options.Classes);
        _mask = (1u << options.Bits) - 1;
        var size = checked((1 << options.Bits) * _sets);
        (_weights, _squares, _scales, _rates) = (new float[size], new float[size], new float[size], new float[size]);
        (_rate, _time, _normSum, _weightSum) = (options.Rate, options.InitialT, options.InitialT, options.InitialT);
        (Least, Greatest) = options.Loss == VowpalLossKind.Logistic ? (-50, 50) : (0, 0);
        if (start is not null)
        {
            start.CopyTo(_weights);
            (Least, Greatest) = (start.Least, start.Greatest);
        }

        Least = options.LeastPrediction ?? Least;
        Greatest = options.GreatestPrediction ?? Greatest;
    }

    /// <summary>The least prediction: of labels so far, unless arguments say otherwise.</summary>
    public double Least { get; private set; }

    /// <summary>The greatest prediction.</summary>
    public double Greatest { get; private set; }

    /// <summary>All weights, the sets of a feature side by side.</summary>
    public ReadOnlySpan<float> Values => _weights;

    public void Learn(VowpalExample example)
    {
        if (example.Label is not { } label || example.Weight <= 0)
        {
            return;
        }

        _time += example.Weight;
        for (var set = 0; set < _sets; set++)
        {
            Learn(example, _options.Classes == 0 ? label : (int)label == set + 1 ? 1 : -1, set);
        }
    }

    /// <summary>Ends a pass over all examples: what regularization held back comes into the weights.</summary>
    public void EndPass()
    {
        _rate *= _options.RateDecay;
        if (_options.L1 == 0 && _options.L2 == 0)
        {
            return;
        }

        for (var i = 0; i < _weights.Length; i++)
        {
            _weights[i] = (float)(Truncate(_weights[i]) * _contraction);
        }

        (_gravity, _contraction) = (0, 1);
    }

    private void Learn(VowpalExample example, double label, int set)
    {
        if (_options.Loss != VowpalLossKind.Logistic)
        {
            Least = _options.LeastPrediction ?? Math.Min(Least, label);
            Greatest = _options.GreatestPrediction ?? Math.Max(Greatest, label);
        }

        var sum = example.Base;
        for (var i = 0; i < example.Indexes.Length; i++)
        {
            sum += Truncate(_weights[Place(example.Indexes[i], set)]) * example.Values[i];
        }

        var prediction = Math.Clamp((float)(sum * _contraction), Least, Math.Max(Least, Greatest));
        var slope = VowpalLoss.Slope(_options, prediction, label);
        var gradient = slope * slope * example.Weight;
        if (gradient == 0)
        {
            return;
        }

        var perUpdate = Scale(example, set, gradient, out var multiplier);
        var scale = _rate * example.Weight * (_options.IsAdaptive ? 1 : Math.Pow(_time, -_options.PowerT));
        var update = VowpalLoss.Update(_options, prediction, label, scale, perUpdate);
        update = Regularize(update, slope) * multiplier;
        for (var i = 0; i < example.Indexes.Length && update != 0; i++)
        {
            var place = Place(example.Indexes[i], set);
            _weights[place] += (float)(update * example.Values[i] * _rates[place]);
        }
    }

    // What is known of each feature's scale and gradients (Duchi and others 2010; Ross, Mineiro and Langford 2013) becomes its rate.
    private double Scale(VowpalExample example, int set, double gradient, out double multiplier)
    {
        var (isRoot, power) = (_options.PowerT == 0.5, _options.IsAdaptive ? _options.PowerT - 1 : -1.0);
        var (norm, perUpdate) = (0.0, 0.0);
        for (var i = 0; i < example.Indexes.Length; i++)
        {
            var place = Place(example.Indexes[i], set);
            var value = example.Values[i];
            var square = Math.Max((double)value * value, 1.17549435e-38);
            var rate = 1.0;
            if (_options.IsAdaptive)
            {
                _squares[place] += (float)(gradient * square);
                rate = isRoot ? 1 / Math.Sqrt(_squares[place]) : Math.Pow(_squares[place], -_options.PowerT);
            }

            if (_options.IsNormalized)
            {
                var size = (float)Math.Sqrt(square);
                if (size > _scales[place])
                {
                    if (_scales[place] > 0)
                    {
                        var shrink = _scales[place] / (double)size;
                        _weights[place] *= (float)Math.Pow(shrink * shrink, -(isRoot && _options.IsAdaptive ? -0.5 : isRoot ? -1 : power));
                    }

                    _scales[place] = size;
                }

                var bound = (double)_scales[place] * _scales[place];
                norm += square / bound;
                rate *= isRoot && _options.IsAdaptive ? 1 / _scales[place] : isRoot ? 1 / bound : Math.Pow(bound, power);
            }

            _rates[place] = (float)rate;
            perUpdate += square * rate;
        }

        multiplier = 1;
        if (_options.IsNormalized && norm > 0)
        {
            _normSum += example.Weight * norm;
            _weightSum += example.Weight;
            var mean = _weightSum / _normSum;
            multiplier = isRoot ? (_options.IsAdaptive ? Math.Sqrt(mean) : mean) : Math.Pow(1 / mean, power);
        }

        return perUpdate * multiplier;
    }

    private double Regularize(double update, double slope)
    {
        if ((_options.L1 == 0 && _options.L2 == 0) || Math.Abs(update) <= 1e-8)
        {
            return update;
        }

        var rate = Math.Abs(slope) > 1e-8 ? -update / slope : 0;
        _contraction *= Math.Abs(slope) > 1e-8 ? 1 - (_options.L2 * rate) : 1;
        _gravity += rate * _options.L1;
        return update / _contraction;
    }

    private double Truncate(float weight) =>
        _gravity == 0 ? weight : Math.Abs(weight) > _gravity ? weight - (Math.Sign(weight) * _gravity) : 0;

    private int Place(uint index, int set) => ((int)(index & _mask) * _sets) + set;
}
