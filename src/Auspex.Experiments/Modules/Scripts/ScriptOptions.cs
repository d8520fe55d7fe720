namespace Auspex.Experiments.Modules;

/// <summary>How Execute Python Script and Execute R Script run: which programs, and within which bounds.</summary>
public sealed record ScriptOptions
{
    /// <summary>The Python program, with pandas; null looks for the first of <c>python3</c> on the path and in <c>/usr/bin</c> that has it.</summary>
    public string? Python { get; init; }

    /// <summary>The <c>Rscript</c> program; null looks for it on the path.</summary>
    public string? Rscript { get; init; }

    /// <summary>How long a script may run. Default: one hour.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Address space of a script in bytes. Default: 4 GiB. Not enforced on Windows.</summary>
    public long MemoryInBytes { get; init; } = 4L << 30;

    /// <summary>
    /// Whether scripts may reach the network. Default: no. They are cut off by a network namespace of their own, where the
    /// system lets this process make one; where it does not, the node's log says that they are not cut off.
    /// </summary>
    public bool AllowsNetwork { get; init; }

    /// <summary>How many Pythons wait for scripts, started and with pandas loaded, where the program keeps some. 0 to 16; default 1.</summary>
    public int Standby { get; init; } = 1;

    /// <summary>After so long without a script they are ended. Default: ten minutes.</summary>
    public TimeSpan StandbyTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How much of the standard output, and of the standard error, is kept. Default: 1 MiB each.</summary>
    public int OutputBytes { get; init; } = 1 << 20;
}
