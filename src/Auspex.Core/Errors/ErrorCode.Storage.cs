namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
    /// <summary>Another process holds the database. Stop it, or use another data folder.</summary>
    public static ErrorCode StorageBusy => new("AUX6001");

    /// <summary>The disk is full. Free some space; nothing was lost and waiting runs go on by themselves.</summary>
    public static ErrorCode StorageFull => new("AUX6002");

    /// <summary>A file of our own state is damaged. Restore it from a copy, or move it away to begin anew.</summary>
    public static ErrorCode StorageDamaged => new("AUX6003");

    /// <summary>Our own state cannot be read or written. Check folder, permissions and disk.</summary>
    public static ErrorCode StorageUnavailable => new("AUX6004");

    /// <summary>The data folder was written by a newer release. Run that release.</summary>
    public static ErrorCode StorageNewer => new("AUX6005");

    /// <summary>Another process works on the data folder. Use that process, stop it, or name another folder.</summary>
    public static ErrorCode DataFolderInUse => new("AUX6006");

    /// <summary>The key that protects secrets is missing or damaged. Restore it; without it they cannot be read.</summary>
    public static ErrorCode SecretKeyUnusable => new("AUX6007");

    /// <summary>
    /// A definition cannot be changed through the interface: it lies in an exported template or in an overlay, or its folder
    /// cannot be written. Change the file itself, or give the factory as a git folder.
    /// </summary>
    public static ErrorCode DefinitionNotEditable => new("AUX6008");
}
