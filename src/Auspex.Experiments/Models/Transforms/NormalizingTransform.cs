using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>The formulas of Normalize Data.</summary>
internal enum NormalizationMethod
{
    /// <summary>(x - mean) / sigma, sigma of the population.</summary>
    ZScore,

    /// <summary>(x - min) / (max - min).</summary>
    MinMax,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Logistic,

    /// <summary>The distribution function of the log-normal distribution that fits best.</summary>
    LogNormal,

    /// <summary>(exp(x) - exp(-x)) / (exp(x) + exp(-x)).</summary>
    Tanh,
}

/// <summary>One column's scale.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Offset">What is subtracted: mean, minimum, or the mean of ln x.</param>
/// <param name="Divisor">What is divided by: sigma, the width, or the sigma of ln x; 0 for a constant column.</param>
/// <param name="IsLabel">Whether it was the label at fitting; later tables may come without it.</param>
internal sealed record ColumnScale(string Column, double Offset, double Divisor, bool IsLabel);

/// <summary>What Normalize Data fitted: numeric columns become doubles in place; missing values stay missing.</summary>
internal sealed class NormalizingTransform(
    NormalizationMethod method,
    double constantValue,
    ImmutableArray<ColumnScale> scales) : FittedTransform
{
    public const string KindName = "normalize";

    public override string Kind => KindName;

    public static NormalizingTransform Fit(
        TableBatch table,
        ImmutableArray<int> columns,
        NormalizationMethod method,
        double constantValue,
        CancellationToken cancellationToken)
    {
        var scales = ImmutableArray.CreateBuilder<ColumnScale>(columns.Length);
        foreach (var index in columns)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var field = table.Schema.Fields[index];
            RequireNumbers(field);
            var (offset, divisor) = method switch
            {
                NormalizationMethod.ZScore => MeanAndSigma(NumericValues.Present(table.Columns[index])),
                NormalizationMethod.MinMax => MinimumAndWidth(NumericValues.Present(table.Columns[index])),
                NormalizationMethod.LogNormal => MeanAndSigma(Logarithms(NumericValues.Present(table.Columns[index]))),
                _ => (0.0, 1.0),
            };
            scales.Add(new ColumnScale(field.Name, offset, divisor, field.Role == ColumnRole.Label));
        }

        return new NormalizingTransform(method, constantValue, scales.MoveToImmutable());
    }

    public override IRowTransform Bind(TableSchema input)
    {
        var columns = ColumnwiseTransform.PassThrough(input);
        foreach (var scale in scales)
        {
            if (scale.IsLabel && input.IndexOf(scale.Column) < 0)
            {
                continue;
            }

            var index = ColumnNames.Find(input, scale.Column);
            RequireNumbers(input.Fields[index]);
            columns[index] = new OutputColumn(
                input.Fields[index] with { Type = ColumnType.Double },
                new NormalizedColumn(index, method, scale.Offset, scale.Divisor, constantValue));
        }

        return new ColumnwiseTransform(columns, input.Fields.Length);
    }

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("method", method.ToString());
        TransformJson.WriteDouble(writer, "constant", constantValue);
        writer.WriteStartArray("columns");
        foreach (var scale in scales)
        {
            writer.WriteStartObject();
            writer.WriteString("name", scale.Column);
            TransformJson.WriteDouble(writer, "offset", scale.Offset);
            TransformJson.WriteDouble(writer, "divisor", scale.Divisor);
            writer.WriteBoolean("label", scale.IsLabel);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static NormalizingTransform Read(JsonElement json) => new(
        TransformJson.ReadEnum<NormalizationMethod>(json.GetProperty("method")),
        TransformJson.ReadDouble(json.GetProperty("constant")),
        [
            .. json.GetProperty("columns").EnumerateArray().Select(column => new ColumnScale(
                column.GetProperty("name").GetString() ?? throw new FormatException("A column has no name."),
                TransformJson.ReadDouble(column.GetProperty("offset")),
                TransformJson.ReadDouble(column.GetProperty("divisor")),
                column.GetProperty("label").GetBoolean())),
        ]);

    private static void RequireNumbers(TableField field)
    {
        if (!field.IsNumeric || field.IsCategorical)
        {
            throw new ModuleException(
                17,
                $"Column '{field.Name}' is {(field.IsCategorical ? "categorical" : field.Type)}; "
                + "Normalize Data takes numeric columns only. Leave it out, or change its type with Edit Metadata.");
        }
    }

    // No values at all count as a constant column, so that later values become what constants become.
    private static (double Mean, double Sigma) MeanAndSigma(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return (0, 0);
        }

        var mean = Sum(values) / values.Length;
        var squares = 0.0;
        var isConstant = true;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
            isConstant &= value == values[0];
        }

        // Rounding of the mean must not make a constant column look as if it varied.
        return (mean, isConstant ? 0 : Math.Sqrt(squares / values.Length));
    }

    private static (double Minimum, double Width) MinimumAndWidth(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return (0, 0);
        }

        var minimum = values[0];
        var maximum = values[0];
        foreach (var value in values)
        {
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }

        return (minimum, maximum - minimum);
    }

    private static double[] Logarithms(double[] values) =>
        [.. values.Where(value => value > 0).Select(value => Math.Log(value))];

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }
}
