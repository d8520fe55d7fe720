using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;
using BenchmarkDotNet.Attributes;

namespace Auspex.Benchmarks.Tables;

/// <summary>
/// What does a number cost on its way from text to bits and back, beside the runtime's own conversions? One operation is one
/// number; the cells stand in one buffer, as a reader has them.
/// </summary>
[MemoryDiagnoser]
public class NumberTextBenchmarks
{
    private const int Cells = 4096;

    private readonly byte[] _scratch = new byte[ColumnText.ScratchSize];
    private readonly int[] _starts = new int[Cells + 1];
    private readonly double[] _numbers = new double[Cells];
    private byte[] _buffer = [];

    /// <summary>
    /// Normal numbers of six decimals; whole numbers below 100; scores, which are single-precision numbers as doubles; a small
    /// exponent; one of these at random.
    /// </summary>
    [Params("six decimals", "whole", "score", "exponent", "mixed")]
    public string Kind { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(1);
        var text = new StringBuilder("first column,");
        for (var i = 0; i < Cells; i++)
        {
            _numbers[i] = Number(random, Kind);
            _starts[i] = text.Length;
            text.Append(_numbers[i].ToString("R", CultureInfo.InvariantCulture)).Append(',');
        }

        _starts[Cells] = text.Length;
        _buffer = Encoding.UTF8.GetBytes(text.ToString());
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Cells)]
    public double Read_Runtime()
    {
        var sum = 0.0;
        for (var i = 0; i < Cells; i++)
        {
            sum += double.TryParse(Cell(i), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Cells)]
    public double Read_Utf8Parser()
    {
        var sum = 0.0;
        for (var i = 0; i < Cells; i++)
        {
            sum += Utf8Parser.TryParse(Cell(i), out double number, out _) ? number : 0;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Cells)]
    public double Read_WithoutVectors()
    {
        var sum = 0.0;
        for (var i = 0; i < Cells; i++)
        {
            sum += CellParser.TryParseAnyDouble(Cell(i), out var number) ? number : 0;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Cells)]
    public double Read_Cell()
    {
        var sum = 0.0;
        for (var i = 0; i < Cells; i++)
        {
            sum += CellParser.TryParseDouble(Cell(i), out var number) ? number : 0;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Cells)]
    public double Read_CellInBuffer()
    {
        var sum = 0.0;
        for (var i = 0; i < Cells; i++)
        {
            sum += CellParser.TryParseDouble(_buffer, _starts[i], _starts[i + 1] - _starts[i] - 1, out var number) ? number : 0;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Cells)]
    public int Write_Runtime() => WriteByRuntime("R");

    [Benchmark(OperationsPerInvoke = Cells)]
    public int Write_File() => Write(CellFormat.File);

    [Benchmark(OperationsPerInvoke = Cells)]
    public int Write_RuntimeG15() => WriteByRuntime("G15");

    [Benchmark(OperationsPerInvoke = Cells)]
    public int Write_Wire() => Write(CellFormat.Wire);

    private static double Number(Random random, string kind) => kind switch
    {
        "six decimals" => Math.Round(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()), 6),
        "whole" => random.Next(100),
        "score" => random.NextSingle(),
        "exponent" => Math.Round(random.NextDouble(), 6) * 1e-6,
        _ => Number(random, random.Next(4) switch { 0 => "six decimals", 1 => "whole", 2 => "score", _ => "exponent" }),
    };

    private ReadOnlySpan<byte> Cell(int at) => _buffer.AsSpan(_starts[at], _starts[at + 1] - _starts[at] - 1);

    private int WriteByRuntime(string format)
    {
        var written = 0;
        foreach (var number in _numbers)
        {
            number.TryFormat(_scratch, out var length, format, CultureInfo.InvariantCulture);
            written += length;
        }

        return written;
    }

    private int Write(CellFormat format)
    {
        var written = 0;
        foreach (var number in _numbers)
        {
            written += ColumnText.Write(number, format, _scratch);
        }

        return written;
    }
}
