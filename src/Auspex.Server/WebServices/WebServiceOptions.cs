using System.ComponentModel.DataAnnotations;
using Auspex.Connectors.Formats;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices;

/// <summary>Limits of web services. Section <c>Auspex:WebServices</c>, environment <c>Auspex__WebServices__RequestTimeout</c> and so on.</summary>
internal sealed class WebServiceOptions
{
    public const string Section = "Auspex:WebServices";

    /// <summary>How long a request-response call may take. 1 s to 1 h; default 100 s. Longer ones get 408.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>The largest request body in bytes. 1 KiB to 1 GiB; default 64 MiB. Larger ones get 413.</summary>
    [Range(1024, 1 << 30)]
    public int MaxRequestBytes { get; set; } = 64 << 20;

    /// <summary>
    /// How long a call over the endpoint's MaxConcurrentCalls waits for a place before it gets 503. 0 to 1 min; default
    /// 5 s. With 0 every call over the limit is refused at once.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ConcurrencyWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many calls of an endpoint may wait so; more get 503 at once. 0 to 10,000; default 500.</summary>
    [Range(0, 10_000)]
    public int MaxWaitingCalls { get; set; } = 500;

    /// <summary>Batch jobs of an endpoint that run at once; more are queued. 1 to 1,000; default 40.</summary>
    [Range(1, 1000)]
    public int MaxRunningJobs { get; set; } = 40;

    /// <summary>How long an ended job is remembered. 7 d to 10 y; default 30 d. Later its id gives 404.</summary>
    [Range(typeof(TimeSpan), "7.00:00:00", "3650.00:00:00")]
    public TimeSpan JobRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long the addresses of a job's results can be read; each status gives new ones. 1 min to 7 d; default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan ResultValidity { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Blocks of a job that are scored at once. 0 to 50; default 0: one per processor.</summary>
    [Range(0, 50)]
    public int Parallelism { get; set; }

    /// <summary>
    /// What becomes of a batch job's rows that cannot be read, such as one with too many fields, where the job does not say.
    /// Default <c>Fail</c>, as in Studio; <c>Skip</c> leaves them out and counts them; <c>Quarantine</c> also keeps them in
    /// <c>OUTPUT.rejects.csv</c> beside the output.
    /// </summary>
    public BadRowMode BadRows { get; set; }

    /// <summary>
    /// The most such rows that a job may leave out: a number of rows such as <c>1000</c>, or a share such as <c>0.5%</c>.
    /// Default none: any number.
    /// </summary>
    [RegularExpression("[0-9]{1,18}|[0-9]{1,3}(\\.[0-9]+)?%")]
    public string? BadRowLimit { get; set; }

    /// <summary>
    /// The longest row of a batch job's text in bytes, where the job does not say: a longer one is a bad row, most often for want of a closing quote. A
    /// job may hold as much for each block that is scored at once, and for two more. 1 KiB to 512 MiB; default 16 MiB.
    /// </summary>
    [Range(BadRowPolicy.LeastRecordBytes, DelimitedTextOptions.MostRecordBytes)]
    public int MaxRecordBytes { get; set; } = DelimitedTextOptions.DefaultMaxRecordBytes;

    /// <summary>What becomes of bad rows in a job: what it asks for, and the options where it does not say.</summary>
    /// <exception cref="OptionsValidationException">The limit of the options is none.</exception>
    public BadRowPolicy BadRowPolicyOf(Batch.JobBody job)
    {
        if (job.BadRows is not { } policy && !BadRowPolicy.TryParse(BadRows.ToString(), BadRowLimit, out policy, out var problem))
        {
            throw new OptionsValidationException(Section, typeof(WebServiceOptions), [problem]);
        }

        return policy with { MaxRecordBytes = policy.MaxRecordBytes ?? MaxRecordBytes };
    }

    /// <summary>The largest package or model that can be uploaded, in bytes. 1 MiB to 16 GiB; default 2 GiB.</summary>
    [Range(typeof(long), "1048576", "17179869184")]
    public long MaxUploadBytes { get; set; } = 2L << 30;

    /// <summary>
    /// Whether a batch job writes <c>OUTPUT.drift.json</c> and <c>OUTPUT.drift.html</c> beside its output: how far its rows and scores
    /// lie from the model's training. Default false.
    /// </summary>
    public bool ReportDrift { get; set; }

    /// <summary>
    /// The model versions that an endpoint keeps; the oldest go first, but neither the one that is served nor the one that a rollback
    /// would bring back. 2 to 10,000; default 100.
    /// </summary>
    [Range(2, 10_000)]
    public int KeptModelVersions { get; set; } = 100;

    /// <summary>
    /// Whether an endpoint holds the model that it served last in memory beside the present one, so that a rollback need not load it.
    /// Default true; false halves the memory of large models that are updated often.
    /// </summary>
    public bool KeepPreviousModelLoaded { get; set; } = true;

    /// <summary>
    /// Whether a job submitted without <c>api-version</c> starts by itself, as in the protocol of 2014. Default false.
    /// </summary>
    public bool StartJobsWithoutVersion { get; set; }
}

[OptionsValidator]
internal sealed partial class WebServiceOptionsValidator : IValidateOptions<WebServiceOptions>;
