using System.Globalization;
using System.Text;

namespace Auspex.Experiments.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Kind">The class that gives its colour: <c>m0</c>, <c>m1</c>, or <c>ref</c> for a dashed reference.</param>
/// <param name="Points">In order; a point without a number is left out.</param>
internal sealed record ChartLine(string Name, string Kind, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Charts with axes as SVG elements; colours come from the page's style.</summary>
internal static class SvgChart
{
    private const int Width = 340;
    private const int Height = 290;
    private const int Left = 52;
    private const int Bottom = 44;
    private const int Top = 28;
    private const int Right = 12;
    private const int TicksWanted = 5;

    /// <summary>Lines over two numeric axes that begin at 0.</summary>
    public static string Lines(string title, string xLabel, string yLabel, double mostX, double mostY, IEnumerable<ChartLine> lines)
    {
        var svg = Begin(title);
        var (x, y) = Axes(svg, 0, mostX, 0, mostY, xLabel, yLabel);
        foreach (var line in lines)
        {
            var points = line.Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToList();
            svg.Append("<polyline class=\"line ").Append(line.Kind).Append("\" points=\"")
                .AppendJoin(' ', points.Select(point => $"{HtmlText.At(x(point.X))},{HtmlText.At(y(point.Y))}"))
                .Append("\"><title>").Append(HtmlText.Encode(line.Name)).Append("</title></polyline>");
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>Bars side by side from one number to the next.</summary>
    public static string Bars(string title, string xLabel, string yLabel, IReadOnlyList<(double From, double To, double Rows)> bars, string kind)
    {
        var svg = Begin(title);
        var (least, greatest) = (bars[0].From, bars[^1].To);
        if (!(greatest > least))
        {
            (least, greatest) = (least - 0.5, greatest + 0.5);
        }

        var (x, y) = Axes(svg, least, greatest, 0, Math.Max(1, bars.Max(bar => bar.Rows)), xLabel, yLabel, countsY: true);
        foreach (var (from, to, rows) in bars)
        {
            var (start, end) = to > from ? (x(from), x(to)) : (x(from) - 12, x(from) + 12);
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"bar {kind}\" x=\"{HtmlText.At(start + 0.5)}\" y=\"{HtmlText.At(y(rows))}\" ")
                .Append(CultureInfo.InvariantCulture, $"width=\"{HtmlText.At(Math.Max(0.5, end - start - 1))}\" height=\"{HtmlText.At(y(0) - y(rows))}\">")
                .Append(CultureInfo.InvariantCulture, $"<title>{HtmlText.Number(from)} to {HtmlText.Number(to)}: {HtmlText.Count((long)rows)} rows</title></rect>");
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>A column's bars without axes, for a table's cell.</summary>
    public static string Spark(IReadOnlyList<ColumnBar> bars)
    {
        const double SparkWidth = 150;
        const double SparkHeight = 30;
        var svg = new StringBuilder($"<svg class=\"spark\" width=\"{SparkWidth}\" height=\"{SparkHeight}\" role=\"img\">");
        var most = bars.Count == 0 ? 1 : bars.Max(bar => bar.Rows);
        var step = SparkWidth / Math.Max(bars.Count, 5);
        for (var i = 0; i < bars.Count; i++)
        {
            // Even a rare value is there to be seen.
            var height = bars[i].Rows == 0 ? 0 : Math.Max(1, (SparkHeight - 1) * bars[i].Rows / most);
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"bar m0\" x=\"{HtmlText.At((i * step) + 0.5)}\" y=\"{HtmlText.At(SparkHeight - height)}\" ")
                .Append(CultureInfo.InvariantCulture, $"width=\"{HtmlText.At(step - 1)}\" height=\"{HtmlText.At(height)}\"><title>")
                .Append(HtmlText.Encode(HtmlText.Shorten(bars[i].Label, 60)))
                .Append(CultureInfo.InvariantCulture, $": {HtmlText.Count(bars[i].Rows)} rows</title></rect>");
        }

        return svg.Append("</svg>").ToString();
    }

    private static StringBuilder Begin(string title) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" role=\"img\">")
        .Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{Left}\" y=\"16\">{HtmlText.Encode(title)}</text>");

    private static (Func<double, double> X, Func<double, double> Y) Axes(
        StringBuilder svg, double leastX, double mostX, double leastY, double mostY, string xLabel, string yLabel, bool countsY = false)
    {
        double X(double value) => Left + ((Width - Left - Right) * (value - leastX) / (mostX - leastX));
        double Y(double value) => Height - Bottom - ((Height - Bottom - Top) * (value - leastY) / (mostY - leastY));
        foreach (var tick in Ticks(leastX, mostX))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{HtmlText.At(X(tick))}\" x2=\"{HtmlText.At(X(tick))}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{HtmlText.At(X(tick))}\" y=\"{Height - Bottom + 15}\" text-anchor=\"middle\">{HtmlText.Number(tick)}</text>");
        }

        // There are no half rows.
        foreach (var tick in Ticks(leastY, mostY).Where(tick => !countsY || tick == Math.Floor(tick)))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{HtmlText.At(Y(tick))}\" y2=\"{HtmlText.At(Y(tick))}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{Left - 6}\" y=\"{HtmlText.At(Y(tick) + 4)}\" text-anchor=\"end\">{HtmlText.Number(tick)}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"axis\" x=\"{HtmlText.At((Left + Width - Right) / 2.0)}\" y=\"{Height - 8}\" text-anchor=\"middle\">{HtmlText.Encode(xLabel)}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"axis\" transform=\"translate(12 {HtmlText.At((Top + Height - Bottom) / 2.0)}) rotate(-90)\" text-anchor=\"middle\">{HtmlText.Encode(yLabel)}</text>");
        return (X, Y);
    }

    /// <summary>Round numbers between two ends, about five of them.</summary>
    internal static IEnumerable<double> Ticks(double least, double most)
    {
        var rough = (most - least) / TicksWanted;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 };
        for (var index = Math.Ceiling((least / step) - 1e-9); index * step <= most + (step * 1e-9); index++)
        {
            // Of 3 x 0.2 a reader wants to see 0.6, and no sign before a zero.
            yield return Math.Round(index * step, 12) + 0.0;
        }
    }
}
