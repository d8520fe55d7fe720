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

    /// <summary>Cause: conditions that can never hold together, so that an activity never runs. Remedy: change <c>dependsOn</c>; entries are ANDed, conditions within one are ORed.</summary>
    public static ErrorCode NeverRuns => new("AUX1224");

    /// <summary>Cause: a timeout that is no duration. Remedy: write it as <c>d.hh:mm:ss</c>.</summary>
    public static ErrorCode InvalidDuration => new("AUX1107");

    /// <summary>Cause: two cases of a Switch for the same value. Remedy: remove one.</summary>
    public static ErrorCode DuplicateCase => new("AUX1108");

    /// <summary>Cause: a variable is given a value of another type than it is declared with. Remedy: declare it with the other type, or convert the value.</summary>
    public static ErrorCode VariableTypeMismatch => new("AUX1109");

    /// <summary>Cause: an expression whose type cannot be what its function or member takes. Remedy: convert it, or read what the message names.</summary>
    public static ErrorCode ExpressionType => new("AUX1110");

    /// <summary>Cause: a parameter that nothing reads. Remedy: none needed; remove it, or read it.</summary>
    public static ErrorCode UnusedParameter => new("AUX1111");

    /// <summary>Cause: a variable that nothing reads. Remedy: none needed; remove it, or read it.</summary>
    public static ErrorCode UnusedVariable => new("AUX1112");

    /// <summary>Cause: a source, sink or dataset whose formats do not fit each other. Remedy: use the type that the message names.</summary>
    public static ErrorCode FormatMismatch => new("AUX1113");

    /// <summary>Cause: a reference to a linked service that does not exist. Remedy: correct the name, or add it to <c>linkedService/</c> or the overlay.</summary>
    public static ErrorCode UnknownLinkedService => new("AUX1200");

    /// <summary>Cause: a reference to a dataset that does not exist. Remedy: correct the name, or add it to <c>dataset/</c>.</summary>
    public static ErrorCode UnknownDataset => new("AUX1201");

    /// <summary>Cause: a reference to a pipeline that does not exist. Remedy: correct the name, or add it to <c>pipeline/</c>.</summary>
    public static ErrorCode UnknownPipeline => new("AUX1202");

    /// <summary>Cause: a reference to an integration runtime that does not exist. Remedy: none needed here: this machine runs everything.</summary>
    public static ErrorCode UnknownIntegrationRuntime => new("AUX1203");

    /// <summary>Cause: a reference to a trigger that does not exist. Remedy: correct the name, or add it to <c>trigger/</c>.</summary>
    public static ErrorCode UnknownTrigger => new("AUX1204");

    /// <summary>Cause: a value for a parameter that its target does not declare. Remedy: correct the name, or declare the parameter.</summary>
    public static ErrorCode UnknownArgument => new("AUX1205");

    /// <summary>Cause: a parameter without a default gets no value. Remedy: add the value, or give the parameter a default.</summary>
    public static ErrorCode MissingArgument => new("AUX1206");

    /// <summary>Cause: an activity refers to a linked service of a type that it cannot work with. Remedy: refer to one of the type that the message names.</summary>
    public static ErrorCode WrongLinkedServiceType => new("AUX1207");

    /// <summary>Cause: <c>dependsOn</c> names an activity that is not in the same list. Remedy: correct the name, or depend on the container around it.</summary>
    public static ErrorCode UnknownDependency => new("AUX1220");

    /// <summary>Cause: an activity depends on itself. Remedy: remove the entry.</summary>
    public static ErrorCode SelfDependency => new("AUX1221");

    /// <summary>Cause: activities wait for each other in a circle. Remedy: remove one of the dependencies.</summary>
    public static ErrorCode CyclicDependency => new("AUX1222");

    /// <summary>Cause: two activities of a pipeline have the same name, ignoring case. Remedy: rename one.</summary>
    public static ErrorCode DuplicateActivity => new("AUX1240");

    /// <summary>Cause: a name that Data Factory refuses. Remedy: rename it before it is deployed there.</summary>
    public static ErrorCode InvalidName => new("AUX1241");

    /// <summary>Cause: a name is written in another case than where it is declared. Remedy: write it as it is declared.</summary>
    public static ErrorCode CaseDiffers => new("AUX1242");

    /// <summary>Cause: an expression reads the result of an activity that does not exist. Remedy: correct the name.</summary>
    public static ErrorCode UnknownActivityReference => new("AUX1260");

    /// <summary>Cause: an expression reads the result of an activity that nothing makes end earlier. Remedy: add it to <c>dependsOn</c>.</summary>
    public static ErrorCode ActivityNotBefore => new("AUX1261");

    /// <summary>Cause: an expression reads the result of an activity inside a ForEach that has ended. Remedy: collect the results in an Array variable inside the loop.</summary>
    public static ErrorCode ActivityInsideForEach => new("AUX1262");

    /// <summary>Cause: an expression reads the result of an inactive activity. Remedy: activate it, or do without its result.</summary>
    public static ErrorCode InactiveActivityReference => new("AUX1263");

    /// <summary>Cause: a variable that the pipeline does not declare. Remedy: correct the name, or declare it in <c>variables</c>.</summary>
    public static ErrorCode UnknownVariable => new("AUX1264");

    /// <summary>Cause: a parameter that the definition does not declare. Remedy: correct the name, or declare it in <c>parameters</c>.</summary>
    public static ErrorCode UnknownParameter => new("AUX1265");

    /// <summary>Cause: a global parameter that neither factory nor overlay has. Remedy: add it to either.</summary>
    public static ErrorCode UnknownGlobalParameter => new("AUX1266");

    /// <summary>Cause: <c>item()</c> outside a ForEach and a Filter's condition. Remedy: move the activity into the loop, or read the array itself.</summary>
    public static ErrorCode ItemOutsideLoop => new("AUX1267");

    /// <summary>Cause: an expression reads something that is not known where it stands. Remedy: pass the value through a parameter.</summary>
    public static ErrorCode ReferenceOutOfPlace => new("AUX1268");

    /// <summary>Cause: a SetVariable reads the variable that it sets. Remedy: compute the value in a second variable.</summary>
    public static ErrorCode VariableReadsItself => new("AUX1269");

    /// <summary>Cause: an expression reads a member that the activity's result does not have. Remedy: read one that the message names.</summary>
    public static ErrorCode UnknownOutputMember => new("AUX1270");

    /// <summary>Cause: containers within each other that Data Factory refuses. Remedy: put the inner part into a pipeline of its own before it is deployed there.</summary>
    public static ErrorCode RefusedNesting => new("AUX1300");

    /// <summary>Cause: a number outside what Data Factory allows. Remedy: change it before it is deployed there.</summary>
    public static ErrorCode OutsideServiceRange => new("AUX1301");

    /// <summary>Cause: a trigger that starts nothing. Remedy: name a pipeline, or remove the trigger.</summary>
    public static ErrorCode TriggerWithoutPipeline => new("AUX1320");

    /// <summary>Cause: a trigger whose parts do not fit its type. Remedy: change it as the message says.</summary>
    public static ErrorCode TriggerShape => new("AUX1321");

    /// <summary>Cause: a trigger's time that cannot be read. Remedy: write it as <c>2024-01-31T06:00:00Z</c>, or without <c>Z</c> by the clock of <c>timeZone</c>.</summary>
    public static ErrorCode TriggerTime => new("AUX1322");

    /// <summary>Cause: a time zone that is not known. Remedy: use a Windows id such as <c>W. Europe Standard Time</c>, or an IANA id such as <c>Europe/Berlin</c>.</summary>
    public static ErrorCode UnknownTimeZone => new("AUX1323");

    /// <summary>Cause: a tumbling window depends on what has no windows, or windows wait for each other in a circle. Remedy: change <c>dependsOn</c> as the message says.</summary>
    public static ErrorCode WindowDependency => new("AUX1324");

    /// <summary>Cause: a secret stands readable in a file. Remedy: take it from Key Vault or from the overlay's <c>secrets</c>.</summary>
    public static ErrorCode SecretInClear => new("AUX1340");

    /// <summary>Cause: a value that the service has masked. Remedy: give the secret in the overlay's <c>secrets</c>.</summary>
    public static ErrorCode MaskedSecret => new("AUX1341");

    /// <summary>Cause: a secret that only the service can decrypt. Remedy: give it in the overlay's <c>secrets</c>.</summary>
    public static ErrorCode EncryptedCredential => new("AUX1342");

    /// <summary>Cause: an <c>mlEndpoint</c> that is no batch address. Remedy: copy the service's 'Batch Requests' address.</summary>
    public static ErrorCode NotABatchEndpoint => new("AUX1360");

    /// <summary>Cause: an <c>updateResourceEndpoint</c> that is missing or cannot work. Remedy: mend it as the message says.</summary>
    public static ErrorCode UpdateEndpoint => new("AUX1361");

    /// <summary>Cause: an output file whose name the web service refuses. Remedy: end the name in .csv, .tsv, .arff or .ilearner.</summary>
    public static ErrorCode OutputExtension => new("AUX1362");

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
