using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Import.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Auspex.Experiments.Scoring;

/// <summary>The tensors of some rows, which ONNX Runtime reads where they are. For one thread.</summary>
internal sealed class OnnxInputRows
{
    private readonly OnnxPlan _plan;
    private readonly Array[] _tensors;
    private readonly double[] _numbers;

    public OnnxInputRows(OnnxPlan plan, int most)
    {
        _plan = plan;
        _numbers = new double[most];
        IsIncomplete = new bool[most];
        _tensors =
        [
            .. plan.Inputs.Select(Array (input) => input.Type switch
            {
                OnnxTensor.Double => new double[most * input.Width],
                OnnxTensor.Int32 => new int[most * input.Width],
                OnnxTensor.Int64 => new long[most * input.Width],
                OnnxTensor.Boolean => new bool[most * input.Width],
                _ => new float[most * input.Width],
            }),
        ];
    }

    /// <summary>Which rows lack a value that the graph cannot take as missing.</summary>
    public bool[] IsIncomplete { get; }

    /// <summary>Takes rows of a table.</summary>
    public void Fill(BoundFeature[] features, TableBatch batch, int start, int rows)
    {
        IsIncomplete.AsSpan(0, rows).Clear();
        var numbers = _numbers.AsSpan(0, rows);
        for (var i = 0; i < _tensors.Length; i++)
        {
            var input = _plan.Inputs[i];
            for (var index = 0; index < input.Width; index++)
            {
                features[input.Column + index].ReadNumbers(batch, start, numbers);
                Store(_tensors[i], input.Width, index, numbers);
            }
        }
    }

    /// <summary>Takes made-up rows, the same each time: small numbers of both signs, 0 and 1 where numbers are whole.</summary>
    public void FillProbe(int start, int rows)
    {
        for (var i = 0; i < _tensors.Length; i++)
        {
            var input = _plan.Inputs[i];
            var isReal = input.Type is OnnxTensor.Single or OnnxTensor.Double;
            for (var index = 0; index < input.Width; index++)
            {
                for (var row = 0; row < rows; row++)
                {
                    var step = ((start + row) * 7) + ((input.Column + index) * 3);
                    _numbers[row] = isReal ? ((step % 11) - 5) * 0.5 : step % 2;
                }

                Store(_tensors[i], input.Width, index, _numbers.AsSpan(0, rows));
            }
        }
    }

    /// <summary>The tensors of the first rows, to be disposed of; they keep the memory where it is.</summary>
    public OrtValue[] Values(int rows) => [.. _plan.Inputs.Select((input, i) => Value(input, _tensors[i], rows))];

    private static OrtValue Value(OnnxPlanInput input, Array tensor, int rows)
    {
        long[] shape = input.IsFlat ? [rows] : [rows, input.Width];
        return tensor switch
        {
            double[] doubles => Of(doubles),
            int[] integers => Of(integers),
            long[] integers => Of(integers),
            bool[] truths => Of(truths),
            _ => Of((float[])tensor),
        };

        OrtValue Of<T>(T[] values)
            where T : unmanaged =>
            OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values.AsMemory(0, rows * input.Width), shape);
    }

    private void Store(Array tensor, int width, int index, ReadOnlySpan<double> numbers)
    {
        switch (tensor)
        {
            case float[] singles:
                for (var row = 0; row < numbers.Length; row++)
                {
                    singles[(row * width) + index] = (float)numbers[row];
                }

                break;
            case double[] doubles:
                for (var row = 0; row < numbers.Length; row++)
                {
                    doubles[(row * width) + index] = numbers[row];
                }

                break;
            case int[] integers:
                for (var row = 0; row < numbers.Length; row++)
                {
                    integers[(row * width) + index] = (int)Whole(row, numbers[row], int.MinValue, int.MaxValue);
                }

                break;
            case long[] integers:
                for (var row = 0; row < numbers.Length; row++)
                {
                    // The greatest double below 2^63.
                    integers[(row * width) + index] = (long)Whole(row, numbers[row], long.MinValue, 9223372036854774784);
                }

                break;
            case bool[] truths:
                for (var row = 0; row < numbers.Length; row++)
                {
                    truths[(row * width) + index] = Whole(row, numbers[row], double.MinValue, double.MaxValue) != 0;
                }

                break;
        }
    }

    // What is no whole number of the type leaves its row without a score.
    private double Whole(int row, double number, double least, double greatest)
    {
        if (number >= least && number <= greatest && Math.Floor(number) == number)
        {
            return number;
        }

        IsIncomplete[row] = true;
        return 0;
    }
}
