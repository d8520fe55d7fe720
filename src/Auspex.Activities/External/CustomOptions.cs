namespace Auspex.Activities.External;

/// <summary>How commands of Custom activities run. Section <c>Auspex:Custom</c>.</summary>
public sealed class CustomOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Auspex:Custom";

    /// <summary>
    /// Whether Custom activities run at all. Default no: their commands are programs that run with this process's rights.
    /// </summary>
    public bool Enabled { get; set; }

    /// <summary>The most bytes that are kept of what a program writes to each of stdout and stderr; the rest is thrown away. 1 KiB to 16 GiB; default 256 MiB.</summary>
    public long MaxStreamBytes { get; set; } = 256L << 20;

    /// <summary>The environment variables that programs see besides those of Azure Batch, separated by commas. Default what programs need to be found and to speak.</summary>
    public string Environment { get; set; } = "PATH,HOME,USER,LANG,LC_ALL,TZ,TMPDIR,TEMP,TMP,SystemRoot,ComSpec,PATHEXT";
}
