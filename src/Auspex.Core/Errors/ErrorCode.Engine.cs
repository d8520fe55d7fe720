namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
    /// <summary>Another host appended to the run's journal first. Nothing to do: this host reloads or lets go.</summary>
    public static ErrorCode JournalConflict => new("AUX2001");

    /// <summary>
    /// A journal does not fit what this release would have decided. Run the release that wrote it, or cancel the run;
    /// the message names the event.
    /// </summary>
    public static ErrorCode JournalDivergence => new("AUX2002");

    /// <summary>A parameter's value is not of its declared type. Give a value of that type.</summary>
    public static ErrorCode ParameterType => new("AUX2003");

    /// <summary>Too many runs of the pipeline wait already. Wait for them, cancel some, or raise <c>concurrency</c>.</summary>
    public static ErrorCode RunQueueFull => new("AUX2004");

    /// <summary>Activities depend on each other in a circle. Remove one of the named dependencies.</summary>
    public static ErrorCode DependencyCycle => new("AUX2005");

    /// <summary><c>dependsOn</c> names an activity that is not in the same list. Correct the name.</summary>
    public static ErrorCode DependencyUnknown => new("AUX2006");

    /// <summary>Two activities of a pipeline bear the same name. Rename one.</summary>
    public static ErrorCode ActivityNameTaken => new("AUX2007");

    /// <summary>Pipelines start each other too deep, perhaps without end. Break the recursion, or raise the option.</summary>
    public static ErrorCode PipelineDepth => new("AUX2008");

    /// <summary>No executor is registered for an activity's type. Use one of the types that the message names.</summary>
    public static ErrorCode ActivityTypeUnknown => new("AUX2009");

    /// <summary>An expression of an activity failed, or gave more than the limits allow. The message says which, in Data Factory's words.</summary>
    public static ErrorCode ActivityTemplate => new("AUX2010");

    /// <summary>An attempt took longer than its policy allows. Raise <c>policy.timeout</c> or make the work smaller.</summary>
    public static ErrorCode AttemptTimedOut => new("AUX2011");

    /// <summary>The host stops or has not been started, and takes no runs. Start again later.</summary>
    public static ErrorCode HostNotRunning => new("AUX2012");

    /// <summary>ExecutePipeline names a pipeline that its factory does not hold. Correct the reference.</summary>
    public static ErrorCode PipelineUnknown => new("AUX2013");

    /// <summary>The pipeline that ExecutePipeline started did not succeed. Mend what the message says of that run.</summary>
    public static ErrorCode ChildRunFailed => new("AUX2014");

    /// <summary>An option of the engine is out of its range. The message names option and range.</summary>
    public static ErrorCode EngineOption => new("AUX2015");

    /// <summary>A Fail activity ran. Its author's message says why.</summary>
    public static ErrorCode ActivityFailedOnPurpose => new("AUX2016");

    /// <summary>
    /// A run cannot be repeated as asked: the run to repeat is unknown, is another pipeline's or goes on, the activity to begin at
    /// is not there, nothing failed, or an activity changed whose result would be taken over. Do what the message says, or start
    /// a new run with the same arguments.
    /// </summary>
    public static ErrorCode RecoveryImpossible => new("AUX2017");

    /// <summary>There is no trigger, or no trigger run, of this name or id. Correct it.</summary>
    public static ErrorCode TriggerUnknown => new("AUX2030");

    /// <summary>A trigger cannot be started as it is defined. Mend what the message names, then start it.</summary>
    public static ErrorCode TriggerNotStartable => new("AUX2031");

    /// <summary>Not possible in the trigger's or the trigger run's present state. Do first what the message says.</summary>
    public static ErrorCode TriggerInOtherState => new("AUX2032");

    /// <summary>A query of trigger runs has a filter, an order or a token that trigger runs do not have. Use those that the message names.</summary>
    public static ErrorCode TriggerQuery => new("AUX2033");

    /// <summary>What was posted is no event of Event Grid's or the CloudEvents schema. Post events as the message says.</summary>
    public static ErrorCode EventUnreadable => new("AUX2034");

    /// <summary>A store whose blobs a trigger watches cannot be listed. Mend what the message names; it is tried again.</summary>
    public static ErrorCode TriggerStoreUnavailable => new("AUX2035");
}
