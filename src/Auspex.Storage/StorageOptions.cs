using Microsoft.Extensions.Options;

namespace Auspex.Storage;

/// <summary>When a written event counts as durable.</summary>
public enum FlushPolicy
{
    /// <summary>When the disk has it: survives a loss of power.</summary>
    Full,

    /// <summary>
    /// When the operating system has it: survives the end of this process, however sudden; a loss of power may take the
    /// latest events, never the file's soundness.
    /// </summary>
    Normal,
}

/// <summary>How our own state is kept. Section <c>Auspex:Storage</c>, environment <c>Auspex__Storage__Flush</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Auspex:Storage";

    /// <summary><c>Full</c> or <c>Normal</c>; default <c>Full</c>.</summary>
    [System.ComponentModel.DataAnnotations.EnumDataType(typeof(FlushPolicy))]
    public FlushPolicy Flush { get; set; } = FlushPolicy.Full;
}

/// <summary>Checks the ranges above.</summary>
[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
