namespace Auspex.Experiments.Training.Linear;

/// <summary>
/// Log loss of weighted sums, one for the second of two classes or one for each of several, with half the sum of squared weights. A
/// class's weights lie side by side, its bias behind them, which costs nothing.
/// </summary>
/// <remarks>Rows are dealt to a number of lanes that depends on the size alone, and lanes are added in order: threads change no bit.</remarks>
internal sealed class LogisticLoss
{
    private const int ChunkRows = 2048;
    private const int MostLanes = 8;
    private const int MostLaneNumbers = 1 << 22;
    private const int MostProducts = 200;
    private const int MostCurved = 600;
    private const int MostCurvatureLanes = 4;

    private readonly LinearRows _rows;
    private readonly double[] _targets;
    private readonly int _sums;
    private readonly double _squares;
    private readonly int _size;
    private readonly Lane[] _lanes;
    private readonly ParallelOptions _parallel;

    /// <param name="rows">Scaled rows.</param>
    /// <param name="targets">Class indexes.</param>
    /// <param name="classes">Classes, at least two.</param>
    /// <param name="squares">The weight of half the sum of squares.</param>
    /// <param name="parallel">How many threads.</param>
    public LogisticLoss(LinearRows rows, double[] targets, int classes, double squares, ParallelOptions parallel)
    {
        _rows = rows;
        _targets = targets;
        _sums = classes == 2 ? 1 : classes;
        _squares = squares;
        _size = rows.SlotCount + 1;
        _parallel = parallel;
        var chunks = (targets.Length + ChunkRows - 1) / ChunkRows;
        var lanes = (int)Math.Clamp(MostLaneNumbers / Math.Max(1, (long)_sums * _size), 1, Math.Min(MostLanes, Math.Max(1, chunks)));
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => new Lane(_sums, _size))];
    }

    /// <summary>Whether the matrix of curvatures costs less than the steps that are saved by knowing it.</summary>
    public bool HasCheapCurvature => (_sums + 1) * _rows.EntryCount <= MostProducts && Size <= MostCurved;

    /// <summary>Numbers of a point: weights and bias of each class.</summary>
    public int Size => _sums * _size;

    /// <summary>The weights that absolute values get: the given one, none for a bias.</summary>
    public double[] AbsoluteWeights(double weight)
    {
        var weights = new double[Size];
        Array.Fill(weights, weight);
        for (var sum = 0; sum < _sums; sum++)
        {
            weights[(sum * _size) + _size - 1] = 0;
        }

        return weights;
    }

    public double Evaluate(ReadOnlySpan<double> point, Span<double> slope)
    {
        var weights = point.ToArray();
        Parallel.For(0, _lanes.Length, _parallel, lane =>
        {
            _lanes[lane].Begin();
            for (var start = lane * ChunkRows; start < _targets.Length; start += _lanes.Length * ChunkRows)
            {
                _lanes[lane].Add(this, weights, start, Math.Min(ChunkRows, _targets.Length - start));
            }
        });
        var loss = 0.0;
        slope.Clear();
        foreach (var lane in _lanes)
        {
            loss += lane.Loss;
            for (var i = 0; i < slope.Length; i++)
            {
                slope[i] += lane.Slope[i];
            }
        }

        for (var i = 0; i < weights.Length; i++)
        {
            if ((i + 1) % _size != 0)
            {
                loss += 0.5 * _squares * weights[i] * weights[i];
                slope[i] += _squares * weights[i];
            }
        }

        return loss;
    }

    /// <summary>The lower half of the matrix of second derivatives.</summary>
    public double[][] Curvature(double[] point)
    {
        var used = Math.Min(_lanes.Length, MostCurvatureLanes);
        var ofLanes = new double[used][][][];
        Parallel.For(0, used, _parallel, lane =>
        {
            ofLanes[lane] = [.. Enumerable.Range(0, _sums * (_sums + 1) / 2).Select(_ => Triangle(_size))];
            for (var start = lane * ChunkRows; start < _targets.Length; start += used * ChunkRows)
            {
                _lanes[lane].AddCurvature(this, point, start, Math.Min(ChunkRows, _targets.Length - start), ofLanes[lane]);
            }
        });
        var whole = Triangle(Size);
        for (var one = 0; one < _sums; one++)
        {
            for (var other = 0; other <= one; other++)
            {
                foreach (var lane in ofLanes)
                {
                    AddBlock(whole, lane[(one * (one + 1) / 2) + other], one * _size, other * _size);
                }
            }
        }

        for (var i = 0; i < whole.Length; i++)
        {
            // Only differences of biases count: a little of a penalty chooses among equals.
            whole[i][i] += (i + 1) % _size != 0 ? _squares : 1e-9 * whole[i][i];
        }

        return whole;
    }

    private static void AddBlock(double[][] whole, double[][] block, int line, int column)
    {
        for (var i = 0; i < block.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                whole[line + i][column + j] += block[i][j];
                if (j < i && line != column)
                {
                    whole[line + j][column + i] += block[i][j];
                }
            }
        }
    }

    private static double[][] Triangle(int size) => [.. Enumerable.Range(1, size).Select(width => new double[width])];

    private sealed class Lane(int sums, int size)
    {
        private readonly double[][] _sums = [.. Enumerable.Range(0, sums).Select(_ => new double[ChunkRows])];

        public double Loss { get; private set; }

        public double[] Slope { get; } = new double[sums * size];

        public void Begin()
        {
            Loss = 0;
            Array.Clear(Slope);
        }

        public void Add(LogisticLoss loss, double[] weights, int start, int count)
        {
            Compare(loss, weights, start, count);
            for (var sum = 0; sum < sums; sum++)
            {
                var residuals = _sums[sum].AsSpan(0, count);
                var slope = Slope.AsSpan(sum * size, size);
                loss._rows.AddSlopes(residuals, start, slope[..^1]);
                foreach (var residual in residuals)
                {
                    slope[^1] += residual;
                }
            }
        }

        /// <summary>Adds the second derivatives of some rows, a lower half for each pair of sums.</summary>
        public void AddCurvature(LogisticLoss loss, double[] weights, int start, int count, double[][][] pairs)
        {
            Compare(loss, weights, start, count);
            var targets = loss._targets.AsSpan(start, count);
            var factors = new double[count];
            for (var (one, pair) = (0, 0); one < sums; one++)
            {
                for (var other = 0; other <= one; other++, pair++)
                {
                    for (var i = 0; i < count; i++)
                    {
                        // The probabilities, from how far they are from the truth.
                        var truth = sums == 1 ? targets[i] : targets[i] == one ? 1 : 0;
                        var probability = _sums[one][i] + truth;
                        factors[i] = one == other
                            ? probability * (1 - probability)
                            : -probability * (_sums[other][i] + (targets[i] == other ? 1 : 0));
                    }

                    loss._rows.AddProducts(factors, start, pairs[pair]);
                }
            }
        }

        // What stands in place of the sums after this is how far each probability is from the truth.
        private void Compare(LogisticLoss loss, double[] weights, int start, int count)
        {
            for (var sum = 0; sum < sums; sum++)
            {
                var ofClass = weights.AsSpan(sum * size, size);
                var values = _sums[sum].AsSpan(0, count);
                values.Fill(ofClass[^1]);
                loss._rows.AddSums(ofClass[..^1], start, values);
            }

            var targets = loss._targets.AsSpan(start, count);
            if (sums == 1)
            {
                OfTwo(targets, _sums[0].AsSpan(0, count));
            }
            else
            {
                OfSeveral(targets);
            }
        }

        private void OfTwo(ReadOnlySpan<double> targets, Span<double> values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                // Of the smaller of the two exponentials, which cannot overflow.
                var small = Math.Exp(-Math.Abs(values[i]));
                var margin = targets[i] > 0.5 ? values[i] : -values[i];
                Loss += Log1P(small) + (margin < 0 ? -margin : 0);
                var probability = values[i] >= 0 ? 1 / (1 + small) : small / (1 + small);
                values[i] = probability - targets[i];
            }
        }

        private void OfSeveral(ReadOnlySpan<double> targets)
        {
            for (var i = 0; i < targets.Length; i++)
            {
                var greatest = double.NegativeInfinity;
                foreach (var values in _sums)
                {
                    greatest = Math.Max(greatest, values[i]);
                }

                var target = (int)targets[i];
                var own = _sums[target][i] - greatest;
                var whole = 0.0;
                foreach (var values in _sums)
                {
                    values[i] = Math.Exp(values[i] - greatest);
                    whole += values[i];
                }

                Loss += Math.Log(whole) - own;
                foreach (var values in _sums)
                {
                    values[i] /= whole;
                }

                _sums[target][i]--;
            }
        }

        // Log of 1 + x that keeps the digits of a small x.
        private static double Log1P(double x)
        {
            var sum = 1 + x;
            return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
        }
    }
}
