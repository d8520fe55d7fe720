namespace Auspex.Cli;

/// <summary>What the program's exit codes mean.</summary>
internal static class ExitCodes
{
    /// <summary>Done; for a run: Succeeded.</summary>
    public const int Success = 0;

    /// <summary>Something that was tried failed; for a run: Failed.</summary>
    public const int Failure = 1;

    /// <summary>A definition, an option or an input is wrong; nothing was tried.</summary>
    public const int BadDefinition = 2;

    /// <summary>Stopped on request; for a run: Cancelled.</summary>
    public const int Canceled = 3;
}
