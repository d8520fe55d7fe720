using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Auspex.Benchmarks.Figures;

/// <summary>
/// <c>calls ADDRESS KEY AT_ONCE SECONDS BODY_FILE [PER_SECOND]</c>: how many request-response calls a second does a server
/// answer, and how long does each take? So many callers send the body again as soon as they have their answer (a closed loop
/// over loopback, caller and server share the processors). With a rate, calls are due at even distances whatever the answers
/// take, and a call's time counts from the moment it was due.
/// </summary>
internal static class ScoringCalls
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var address, var key, var atOnce, var seconds, var bodyFile, .. { Length: <= 1 } rate])
        {
            await Console.Error.WriteLineAsync("calls: expected ADDRESS KEY AT_ONCE SECONDS BODY_FILE [PER_SECOND].");
            return 2;
        }

        var perSecond = rate.Length == 0 ? 0 : double.Parse(rate[0], CultureInfo.InvariantCulture);
        var body = await File.ReadAllBytesAsync(bodyFile);
        var callers = int.Parse(atOnce, CultureInfo.InvariantCulture);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = callers });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        await CallAsync(http, address, body, TimeSpan.FromSeconds(2), callers, perSecond);
        var calls = await CallAsync(
            http, address, body, TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), callers, perSecond);

        var times = calls.Times;
        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"callers={callers} calls={times.Count} failed={calls.Failed} perSecond={times.Count / calls.Elapsed.TotalSeconds:0} p50={Rank(times, 0.5):0.00}ms p95={Rank(times, 0.95):0.00}ms p99={Rank(times, 0.99):0.00}ms"));
        return calls.Failed == 0 ? 0 : 1;
    }

    private static async Task<(List<double> Times, int Failed, TimeSpan Elapsed)> CallAsync(
        HttpClient http, string address, byte[] body, TimeSpan duration, int callers, double perSecond)
    {
        var started = TimeProvider.System.GetTimestamp();
        var all = new (List<double> Times, int Failed)[callers];
        if (perSecond > 0)
        {
            CallWhenDue(http, address, body, started, (int)(duration.TotalSeconds * perSecond), perSecond, all);
        }
        else
        {
            await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(
                async () => all[caller] = await CallAgainAsync(http, address, body, started, duration))));
        }

        return ([.. all.SelectMany(one => one.Times)], all.Sum(one => one.Failed), TimeProvider.System.GetElapsedTime(started));
    }

    private static async Task<(List<double> Times, int Failed)> CallAgainAsync(
        HttpClient http, string address, byte[] body, long started, TimeSpan duration)
    {
        var times = new List<double>();
        var failed = 0;
        while (TimeProvider.System.GetElapsedTime(started) < duration)
        {
            var began = TimeProvider.System.GetTimestamp();
            using var request = Request(address, body);
            using var response = await http.SendAsync(request);
            var answer = await response.Content.ReadAsByteArrayAsync();
            times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            failed += response.StatusCode == HttpStatusCode.OK && answer.Length > 0 ? 0 : 1;
        }

        return (times, failed);
    }

    /// <summary>Calls on threads of their own: a timer or a busy thread pool on this side would be counted as the server's.</summary>
    private static void CallWhenDue(
        HttpClient http, string address, byte[] body, long started, int calls, double perSecond, (List<double> Times, int Failed)[] all)
    {
        var next = -1;
        var threads = Enumerable.Range(0, all.Length).Select(caller => new Thread(() =>
        {
            var times = new List<double>();
            var failed = 0;
            for (var call = Interlocked.Increment(ref next); call < calls; call = Interlocked.Increment(ref next))
            {
                var due = started + (long)(call / perSecond * TimeProvider.System.TimestampFrequency);
                WaitUntil(due);
                using var request = Request(address, body);
                using var response = http.Send(request);
                using var answer = new MemoryStream();
                response.Content.ReadAsStream().CopyTo(answer);
                times.Add(TimeProvider.System.GetElapsedTime(due).TotalMilliseconds);
                failed += response.StatusCode == HttpStatusCode.OK && answer.Length > 0 ? 0 : 1;
            }

            all[caller] = (times, failed);
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }

    private static HttpRequestMessage Request(string address, byte[] body) => new(HttpMethod.Post, address)
    {
        Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", Encoding.UTF8.WebName) } },
    };

    private static void WaitUntil(long moment)
    {
        var left = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), moment);
        if (left > TimeSpan.FromMilliseconds(0.3))
        {
            CancellationToken.None.WaitHandle.WaitOne(left - TimeSpan.FromMilliseconds(0.3));
        }

        while (TimeProvider.System.GetTimestamp() < moment)
        {
            Thread.SpinWait(20);
        }
    }

    private static double Rank(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];
}
