using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Auspex.Benchmarks.Figures;

/// <summary>
/// <c>calls ADDRESS KEY AT_ONCE SECONDS BODY_FILE</c>: how many request-response calls a second does a server answer, and how
/// long does each take? So many callers send the body again as soon as they have their answer (a closed loop over loopback,
/// caller and server share the processors).
/// </summary>
internal static class ScoringCalls
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var address, var key, var atOnce, var seconds, var bodyFile])
        {
            await Console.Error.WriteLineAsync("calls: expected ADDRESS KEY AT_ONCE SECONDS BODY_FILE.");
            return 2;
        }

        var body = await File.ReadAllBytesAsync(bodyFile);
        var callers = int.Parse(atOnce, CultureInfo.InvariantCulture);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = callers });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        await CallAsync(http, address, body, TimeSpan.FromSeconds(2), callers);
        var calls = await CallAsync(
            http, address, body, TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), callers);

        var times = calls.Times;
        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"callers={callers} calls={times.Count} failed={calls.Failed} perSecond={times.Count / calls.Elapsed.TotalSeconds:0} p50={Rank(times, 0.5):0.0}ms p95={Rank(times, 0.95):0.0}ms p99={Rank(times, 0.99):0.0}ms"));
        return calls.Failed == 0 ? 0 : 1;
    }

    private static async Task<(List<double> Times, int Failed, TimeSpan Elapsed)> CallAsync(
        HttpClient http, string address, byte[] body, TimeSpan duration, int callers)
    {
        var started = TimeProvider.System.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var times = new List<double>();
            var failed = 0;
            while (TimeProvider.System.GetElapsedTime(started) < duration)
            {
                var began = TimeProvider.System.GetTimestamp();
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json", Encoding.UTF8.WebName);
                using var response = await http.PostAsync(address, content);
                var answer = await response.Content.ReadAsByteArrayAsync();
                times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
                failed += response.StatusCode == HttpStatusCode.OK && answer.Length > 0 ? 0 : 1;
            }

            return (times, failed);
        })));
        return ([.. all.SelectMany(one => one.times)], all.Sum(one => one.failed), TimeProvider.System.GetElapsedTime(started));
    }

    private static double Rank(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];
}
