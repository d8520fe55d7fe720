using System.Diagnostics;
using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Errors;
using Auspex.Experiments.Contracts;
using Auspex.Experiments.Models;
using Xunit;

namespace Auspex.Tests.Experiments.Contracts;

public sealed class InputCheckTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OfAFileWithoutEnd_ReadsTheSampleOnly()
    {
        await using var endless = new EndlessStream("age,hours,workclass\n", "39,40,Private\n", length: null);

        var report = await InputCheck.RunAsync(InputContract.Of(Census.Model()), endless, Census.Csv, null, Cancellation);

        Assert.Empty(report.Differences);
        Assert.Equal(10_000, report.Rows);
        Assert.False(report.IsWhole);
        Assert.InRange(endless.BytesRead, 1, SampleLimits.Default.Bytes);
    }

    [Fact]
    public async Task Run_OfTwoGigabytesOfLongRows_StopsAtTheByteLimitAndInsideNoRow()
    {
        // No row ends at the limit, and quoted line ends lie everywhere.
        var row = $"39,40,\"{string.Concat(Enumerable.Repeat("a\nb\r\nc, ", 1000))}\"\n";
        await using var large = new EndlessStream("age,hours,workclass\n", row, 2L << 30);

        var report = await InputCheck.RunAsync(InputContract.Of(Census.Model()), large, Census.Csv, null, Cancellation);

        Assert.Equal([("AUX4205", "workclass")], Census.Codes(report));
        Assert.InRange(report.Rows, 400, 600);
        Assert.InRange(large.BytesRead, 1, SampleLimits.Default.Bytes);
    }

    [Fact]
    public async Task Run_OfOneEndlessLine_EndsAndSaysSo()
    {
        await using var endless = new EndlessStream("age,hours", ",x", length: null);

        var report = await InputCheck.RunAsync(InputContract.Of(Census.Model()), endless, Census.Csv, null, Cancellation);

        Assert.Contains(
            "no line end", Census.Single(report, ErrorCode.ContractRowsUnreadable, DiagnosticSeverity.Error).Found, StringComparison.Ordinal);
        Assert.InRange(endless.BytesRead, 1, 64 << 20);
    }

    [Fact]
    public async Task Run_OfAWideFile_ComparesAllNamesInTime()
    {
        const int Columns = 5000;
        var fields = Enumerable.Range(0, Columns).Select(i => Tables.Number($"measure {i}")).ToArray();
        var model = new LinearModel(
            Census.Model().Description with { Features = new TableSchema([.. fields]), Profile = null }, [.. new double[Columns]], 0);
        var right = new StringBuilder().AppendJoin(',', fields.Select(field => field.Name)).Append('\n');
        var wrong = new StringBuilder().AppendJoin(',', Enumerable.Range(0, Columns).Select(i => $"Measures_of_{i * 7}")).Append('\n');
        var row = new StringBuilder().AppendJoin(',', Enumerable.Range(0, Columns).Select(i => $"{i}.5")).Append('\n').ToString();
        for (var i = 0; i < 30; i++)
        {
            right.Append(row);
            wrong.Append(row);
        }

        var started = Stopwatch.GetTimestamp();
        var fits = await Census.CheckAsync(right.ToString(), contract: InputContract.Of(model));
        var differs = await Census.CheckAsync(wrong.ToString(), contract: InputContract.Of(model));
        var elapsed = Stopwatch.GetElapsedTime(started);

        Assert.Empty(fits.Differences);
        Assert.Equal(Columns, differs.Errors);
        Assert.InRange(differs.ToText().Length, 1000, 10_000);

        // The promise is a second each; machines that run other tests beside get some more.
        Assert.InRange(elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Run_WithARowLimit_CountsAndCutsExactly(int rows)
    {
        var report = await Census.CheckAsync(
            Census.Rows("39,40,Private", "x", "50,40,Private"), limits: new SampleLimits(rows));

        Assert.Equal((Math.Min(rows, 3), rows >= 3), (report.Rows, report.IsWhole));
    }

    [Fact]
    public async Task Run_WithAnyByteLimit_NeverBlamesTheCut()
    {
        var random = new Random(7);
        var text = new StringBuilder("age,hours,workclass,note\n");
        for (var i = 0; i < 50; i++)
        {
            var noise = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => "\n,\"\"x\u00E4 "[random.Next(7)])).Replace("\"", "\"\"", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"{20 + i},40,Private,\"{noise}\"\n");
        }

        foreach (var encoding in (Encoding[])[new UTF8Encoding(false), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true), new UTF32Encoding(false, true)])
        {
            byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(text.ToString())];
            for (var limit = 1; limit < bytes.Length; limit += 7)
            {
                var report = await Census.CheckAsync(bytes, limits: new SampleLimits(Bytes: limit));
                Assert.True(report.Errors + report.Warnings == 0, $"{encoding.WebName}, {limit} bytes: {report.ToText()}");
            }
        }
    }

    [Fact]
    public async Task Run_OfRandomBytes_NeverThrows()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var contract = InputContract.Of(Census.Model());
        for (var i = 0; i < 500; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(Census.Rows([.. Census.GoodRows]));
            for (var change = random.Next(1, 10); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var report = await Census.CheckAsync(i % 5 == 0 ? bytes[..random.Next(bytes.Length)] : bytes, contract: contract);

            Assert.NotEmpty(report.ToText());
            Assert.NotNull(report.ToJson());
        }
    }

    /// <summary>A head, then the same bytes again and again, made as they are read.</summary>
    private sealed class EndlessStream(string head, string again, long? length) : Stream
    {
        private readonly byte[] _head = Encoding.UTF8.GetBytes(head);
        private readonly byte[] _again = Encoding.UTF8.GetBytes(again);

        public long BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, length - BytesRead ?? buffer.Length);
            for (var i = 0; i < count; i++)
            {
                buffer[i] = BytesRead < _head.Length ? _head[BytesRead] : _again[(BytesRead - _head.Length) % _again.Length];
                BytesRead++;
            }

            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
