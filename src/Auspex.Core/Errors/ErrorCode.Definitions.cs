namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
    /// <summary>Cause: the file holds no JSON at all. Remedy: write a definition into it, or remove it.</summary>
    public static ErrorCode EmptyFile => new("AUX1001");

    /// <summary>Cause: something in the file is no JSON. Remedy: mend the line that the diagnostic names.</summary>
    public static ErrorCode InvalidJson => new("AUX1002");

    /// <summary>Cause: two members or elements have no comma between them. Remedy: add it.</summary>
    public static ErrorCode MissingComma => new("AUX1003");

    /// <summary>Cause: the file ends inside an object, an array or a text. Remedy: restore the rest, or close what is open.</summary>
    public static ErrorCode TruncatedJson => new("AUX1004");

    /// <summary>Cause: comments, trailing commas, unquoted names and the like. Remedy: none needed here; strict readers refuse them.</summary>
    public static ErrorCode LaxJson => new("AUX1005");

    /// <summary>Cause: an object has the same member twice. Remedy: remove one; the last one counts.</summary>
    public static ErrorCode DuplicateMember => new("AUX1006");

    /// <summary>Cause: a raw tab or line break inside a text. Remedy: escape it, or remove it when it slipped in.</summary>
    public static ErrorCode ControlCharacterInText => new("AUX1007");

    /// <summary>Cause: objects and arrays within each other beyond 200 levels. Remedy: flatten the JSON.</summary>
    public static ErrorCode NestedTooDeep => new("AUX1008");

    /// <summary>Cause: bytes that are not UTF-8. Remedy: save the file as UTF-8.</summary>
    public static ErrorCode InvalidUtf8 => new("AUX1009");

    /// <summary>Cause: a JSON file that is none of the known definitions. Remedy: none needed; move it elsewhere when it is in the way.</summary>
    public static ErrorCode UnrecognizedFile => new("AUX1020");

    /// <summary>Cause: a definition lies in the folder of another kind. Remedy: move the file to the folder that the message names.</summary>
    public static ErrorCode FolderMismatch => new("AUX1021");

    /// <summary>Cause: a definition has no <c>name</c>. Remedy: add one; the file's name is taken meanwhile.</summary>
    public static ErrorCode MissingName => new("AUX1022");

    /// <summary>Cause: two definitions of one kind have the same name, ignoring case. Remedy: rename or remove one.</summary>
    public static ErrorCode DuplicateResource => new("AUX1023");

    /// <summary>Cause: the folder holds more than one factory. Remedy: name the folder of the one that is meant.</summary>
    public static ErrorCode SeveralFactories => new("AUX1024");

    /// <summary>Cause: the folder holds no definition. Remedy: name the folder that holds <c>pipeline/</c>, <c>linkedService/</c> and so on.</summary>
    public static ErrorCode EmptyFactory => new("AUX1025");

    /// <summary>Cause: a file or folder could not be read from the disk. Remedy: mend its permissions, or remove it.</summary>
    public static ErrorCode UnreadableFile => new("AUX1026");

    /// <summary>Cause: a file holds an activity instead of a pipeline. Remedy: none needed; it runs as a pipeline of this one activity.</summary>
    public static ErrorCode BareActivity => new("AUX1027");

    /// <summary>Cause: a file holds a part of an activity. Remedy: put it into an activity.</summary>
    public static ErrorCode Fragment => new("AUX1028");

    /// <summary>Cause: a definition of Data Factory version 1. Remedy: none needed where the message says how it was taken.</summary>
    public static ErrorCode Version1Shape => new("AUX1029");

    /// <summary>Cause: a template's parameter has no value, or a function that is not known here. Remedy: lay the template's parameters file beside it, or write the value in.</summary>
    public static ErrorCode ArmExpressionWithoutValue => new("AUX1040");

    /// <summary>Cause: a template also creates things that are no part of a factory. Remedy: none needed.</summary>
    public static ErrorCode ArmResourceIgnored => new("AUX1041");

    /// <summary>Cause: a member of the overlay that nothing reads. Remedy: correct its spelling.</summary>
    public static ErrorCode UnknownOverlayMember => new("AUX1060");

    /// <summary>Cause: a value in the overlay has the wrong shape. Remedy: write it as the message shows.</summary>
    public static ErrorCode InvalidOverlay => new("AUX1061");

    /// <summary>Cause: an environment was asked for whose overlay does not exist. Remedy: create <c>auspex.ENV.json</c>, or ask for another environment.</summary>
    public static ErrorCode OverlayMissing => new("AUX1062");

    /// <summary>Cause: the overlay has a secret for a linked service that does not exist. Remedy: correct the name before the dot.</summary>
    public static ErrorCode UnknownSecretTarget => new("AUX1063");

    /// <summary>Cause: the overlay has a linked service that the factory lacks, with a name close to one it has. Remedy: correct the name when a replacement was meant.</summary>
    public static ErrorCode OverlayCreatesLinkedService => new("AUX1064");

    /// <summary>Cause: a member that must be there is not. Remedy: add it as the message shows.</summary>
    public static ErrorCode MissingMember => new("AUX1100");

    /// <summary>Cause: a member has another JSON type than it should. Remedy: write it as the message shows.</summary>
    public static ErrorCode WrongType => new("AUX1101");

    /// <summary>Cause: an activity of a type that is not known; it is kept and fails only when it is reached. Remedy: correct the type, or deactivate the activity.</summary>
    public static ErrorCode UnknownActivityType => new("AUX1102");

    /// <summary>Cause: a linked service, dataset or trigger of a type that is not known; it fails only when it is used. Remedy: correct the type.</summary>
    public static ErrorCode UnknownResourceType => new("AUX1103");

    /// <summary>Cause: a value that is none of the allowed ones. Remedy: write one of those that the message lists.</summary>
    public static ErrorCode UnknownValue => new("AUX1104");

    /// <summary>Cause: a member that nothing reads, close to the name of one that is read. Remedy: correct its spelling.</summary>
    public static ErrorCode MisspelledMember => new("AUX1105");

    /// <summary>Cause: a parameter or variable is declared twice. Remedy: remove one.</summary>
    public static ErrorCode DuplicateDeclaration => new("AUX1106");

    /// <summary>Cause: a value in <c>dependencyConditions</c> that is none of the four. Remedy: write Succeeded, Failed, Skipped or Completed.</summary>
    public static ErrorCode UnknownDependencyCondition => new("AUX1223");

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
