namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
    /// <summary>
    /// A property of an activity is missing or malformed (Data Factory's 2103, 2104, 2111). The message names the
    /// property; mend the activity.
    /// </summary>
    public static ErrorCode ActivityProperty => new("AUX5001");

    /// <summary>
    /// A linked service is missing, of a type that the activity cannot use (2110), or lacks a property. Mend the linked
    /// service, or lay values for this machine over it in <c>auspex.json</c>.
    /// </summary>
    public static ErrorCode LinkedServiceUnusable => new("AUX5002");

    /// <summary>
    /// A secret is not in the definition (Key Vault, encrypted or masked) and the overlay does not say where to find it.
    /// Add <c>"secrets": {"LinkedService.property": {"env": "NAME"}}</c> to <c>auspex.json</c>.
    /// </summary>
    public static ErrorCode SecretUnavailable => new("AUX5003");

    /// <summary>
    /// The Machine Learning service refused a call or its job failed (2600). The message carries the service's reply.
    /// </summary>
    public static ErrorCode BatchExecutionFailed => new("AUX5004");

    /// <summary>
    /// A trained model could not be put under an endpoint. The message carries the service's reply.
    /// </summary>
    public static ErrorCode UpdateResourceFailed => new("AUX5005");

    /// <summary>
    /// An address did not answer (2128): wrong host or port, no network, or the service is down.
    /// </summary>
    public static ErrorCode EndpointUnreachable => new("AUX5006");

    /// <summary>
    /// A web service did not answer when it was asked for its inputs, outputs and parameters, so that names could not be
    /// checked. Start the service, or ignore this.
    /// </summary>
    public static ErrorCode SignatureUnavailable => new("AUX5007");

    /// <summary>
    /// An activity names an input, output or parameter that the web service does not have. Names are case-sensitive;
    /// correct the name.
    /// </summary>
    public static ErrorCode SignatureMismatch => new("AUX5008");

    /// <summary>
    /// A dataset is missing, lacks an argument or a property, or cannot be evaluated. Mend the dataset or the reference to it.
    /// </summary>
    public static ErrorCode DatasetUnusable => new("AUX5020");

    /// <summary>
    /// A store, format, source, sink or option of data activities is known but not supported here. The message names what is;
    /// use one of those, or lay another linked service over the one that is not supported.
    /// </summary>
    public static ErrorCode DataTypeUnsupported => new("AUX5021");

    /// <summary>
    /// A file, folder or table that an activity needs is not there. Check the dataset's path, or ask for <c>exists</c> first.
    /// </summary>
    public static ErrorCode DataNotFound => new("AUX5022");

    /// <summary>
    /// A row does not fit the sink: a value is none of its column's type, or a column is missing. Mend the data or the mapping,
    /// or let incompatible rows be skipped.
    /// </summary>
    public static ErrorCode RowIncompatible => new("AUX5023");

    /// <summary>
    /// An activity's output is larger than 4 MB (2001). Ask for fewer rows or columns.
    /// </summary>
    public static ErrorCode OutputTooLarge => new("AUX5024");

    /// <summary>
    /// What was written is not what was read, found by comparing it after the copy. Run the copy again.
    /// </summary>
    public static ErrorCode CopyInconsistent => new("AUX5025");

    /// <summary>
    /// A Validation activity waited its time, and what it waits for did not come.
    /// </summary>
    public static ErrorCode ValidationTimedOut => new("AUX5026");

    /// <summary>
    /// There is no token for a service principal or a managed identity (2108). Check the principal, or set
    /// <c>Auspex:Identity:ManagedIdentityEndpoint</c> to a service that gives tokens of the identity.
    /// </summary>
    public static ErrorCode IdentityUnavailable => new("AUX5060");

    /// <summary>
    /// A web address answered, but with an error (2108, 3608). The message carries the status and the answer's text.
    /// </summary>
    public static ErrorCode EndpointRefused => new("AUX5061");

    /// <summary>
    /// The answer of a function is no JSON object (3603). Let the function answer with one.
    /// </summary>
    public static ErrorCode FunctionAnswerInvalid => new("AUX5062");

    /// <summary>
    /// A web hook's call-back did not come in time, or said that the work failed. Look at the service that was called; give it a
    /// longer <c>timeout</c>.
    /// </summary>
    public static ErrorCode WebHookFailed => new("AUX5063");

    /// <summary>
    /// A gate of the overlay (<c>modelGates</c>) refused a new model: it is worse than the present one by the gate's metric, or nothing is
    /// known of it. Train a better one, widen the margin, or promote the refused version by hand.
    /// </summary>
    public static ErrorCode ModelRefusedByGate => new("AUX5040");

    /// <summary>
    /// A gate of the overlay is set for an update of a service that knows no gates: a New web service, or one of another server.
    /// Remove the gate, or publish the service here.
    /// </summary>
    public static ErrorCode ModelGateUnavailable => new("AUX5041");

    /// <summary>
    /// A Custom activity wants to run a command, which this server does not do. Set <c>Auspex:Custom:Enabled</c> to <c>true</c> if
    /// whoever may write pipelines may run programs here.
    /// </summary>
    public static ErrorCode CustomCommandsDisabled => new("AUX5064");

    /// <summary>
    /// The program of a Custom activity ended with an exit code other than 0, or could not be started (2500). Its
    /// <c>stderr.txt</c> says why.
    /// </summary>
    public static ErrorCode CustomCommandFailed => new("AUX5065");

    /// <summary>
    /// The folder of a Custom activity's program is missing or empty, or two of its files bear the same name (2507, 2508).
    /// </summary>
    public static ErrorCode CustomFilesInvalid => new("AUX5066");

    /// <summary>
    /// The <c>outputs.json</c> that a Custom activity's program left is no JSON, or larger than 2 MB. Mend the program.
    /// </summary>
    public static ErrorCode CustomOutputInvalid => new("AUX5067");

    /// <summary>
    /// A call-back to a web hook's address was refused: the address is unknown or its time is over, or the body is too large.
    /// </summary>
    public static ErrorCode CallbackRefused => new("AUX5068");
}
