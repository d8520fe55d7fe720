namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
    /// <summary>
    /// A call to the server was refused; the answer's <c>error.code</c> and <c>error.details</c> say why. Mend the request.
    /// </summary>
    public static ErrorCode ServiceCallRefused => new("AUX7001");

    /// <summary>The address to listen on is taken by another process. Choose another, or port 0 for any free one.</summary>
    public static ErrorCode AddressInUse => new("AUX7002");

    /// <summary>An address to listen on is malformed or not one of this machine. Write <c>http://HOST:PORT</c>.</summary>
    public static ErrorCode ListenAddressInvalid => new("AUX7003");

    /// <summary>The TLS certificate cannot be read. Give a PFX file, or a PEM file with its key, and the right password.</summary>
    public static ErrorCode CertificateInvalid => new("AUX7004");

    /// <summary>An option's value is out of its range. The message names the key; <c>docs/configuration.md</c> lists all keys.</summary>
    public static ErrorCode OptionInvalid => new("AUX7005");

    /// <summary>What was uploaded as a web service is not one: a file is missing, damaged or too large. Publish it again.</summary>
    public static ErrorCode PackageArchiveInvalid => new("AUX7006");

    /// <summary>
    /// A stored secret cannot be read with the keys in the data folder, as after restoring one without the other. Restore
    /// the <c>keys</c> folder that belongs to it.
    /// </summary>
    public static ErrorCode SecretUnreadable => new("AUX7007");

    /// <summary>A batch job failed; the job's details say at which module and why.</summary>
    public static ErrorCode BatchJobFailed => new("AUX7008");
}
