namespace Auspex.Activities.External;

/// <summary>Limits of the activities that call others: web, web hook, function. Section <c>Auspex:Web</c>.</summary>
public sealed class WebOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Auspex:Web";

    /// <summary>The pause between two looks at work that answered 202 without <c>Retry-After</c>. 10 ms to 1 h; default 10 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many looks in a row may fail to reach the service before the attempt fails. 0 to 1,000; default 10.</summary>
    public int ToleratedPollFailures { get; set; } = 10;

    /// <summary>The largest answer, in bytes; larger ones fail. 1 KiB to 64 MiB; default 4 MiB.</summary>
    public int MaxResponseBytes { get; set; } = 4 << 20;

    /// <summary>
    /// Where others reach this server for call-backs of web hooks, such as <c>https://auspex.example.com</c>. Default the server's own
    /// address, which without <c>--urls</c> is loopback: only programs on this machine can call back then.
    /// </summary>
    public Uri? CallbackAddress { get; set; }
}
