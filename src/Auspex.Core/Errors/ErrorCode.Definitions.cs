namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
    /// <summary>An experiment's JSON has a member of the wrong shape, or lacks one. Write it as the message says.</summary>
    public static ErrorCode ExperimentShape => new("AUX1401");

    /// <summary>A node's id is empty or holds a dot, which parts node and port in references. Rename the node.</summary>
    public static ErrorCode ExperimentNodeId => new("AUX1402");

    /// <summary>An experiment refers to a node that it does not have. Correct the name before the first dot.</summary>
    public static ErrorCode ExperimentReference => new("AUX1403");

    /// <summary>A name stands twice in one object of an experiment. Rename or remove one of the two.</summary>
    public static ErrorCode ExperimentDuplicate => new("AUX1404");

    /// <summary>An experiment has a member that means nothing here. It is kept; check its spelling.</summary>
    public static ErrorCode ExperimentMemberUnknown => new("AUX1405");
}
