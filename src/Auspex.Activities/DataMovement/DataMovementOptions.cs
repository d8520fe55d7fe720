namespace Auspex.Activities.DataMovement;

/// <summary>Limits and folders of the data activities.</summary>
public sealed class DataMovementOptions
{
    /// <summary>The most rows that a Lookup gives; more are left out, as in Data Factory. Default 5,000.</summary>
    public int LookupRows { get; set; } = 5_000;

    /// <summary>The largest output of a Lookup or GetMetadata, in bytes of JSON; larger ones fail. Default 4 MiB.</summary>
    public int OutputSizeInBytes { get; set; } = 4 << 20;

    /// <summary>The most files that one Copy moves side by side. Default 4.</summary>
    public int ParallelCopies { get; set; } = 4;

    /// <summary>Where archives are kept while they are read. Default the system's folder for temporary files.</summary>
    public string TemporaryFolder { get; set; } = Path.GetTempPath();
}
