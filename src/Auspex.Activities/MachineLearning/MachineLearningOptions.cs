namespace Auspex.Activities.MachineLearning;

/// <summary>How the Machine Learning activities talk to web services.</summary>
public sealed class MachineLearningOptions
{
    /// <summary>The pause before the first look at a job's status; each later pause is half as long again. 10 ms to 30 s; default 250 ms.</summary>
    public TimeSpan FirstPoll { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause between two looks. At most 30 s, as Data Factory; default 5 s.</summary>
    public TimeSpan LongestPoll { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many looks in a row may fail to reach the service before the attempt fails; default 10.</summary>
    public int ToleratedPollFailures { get; set; } = 10;

    /// <summary>How long an answer may take. Default 100 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(100);
}
