namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
    /// <summary>A module failed; its Studio error number and text say why and what to do.</summary>
    public static ErrorCode ModuleFailed => new("AUX4001");

    /// <summary>An experiment names a module that the catalogue does not have. Correct the name.</summary>
    public static ErrorCode ModuleUnknown => new("AUX4101");

    /// <summary>A reference names a port that the module does not have, or none where there are several. Correct it.</summary>
    public static ErrorCode PortUnknown => new("AUX4102");

    /// <summary>Two ports are connected that do not carry the same kind of value. Connect like to like.</summary>
    public static ErrorCode PortTypeMismatch => new("AUX4103");

    /// <summary>A required input port has no connection. Connect something to it.</summary>
    public static ErrorCode InputUnconnected => new("AUX4104");

    /// <summary>Nodes feed each other in a circle. Remove one of the connections that the message lists.</summary>
    public static ErrorCode ExperimentCycle => new("AUX4105");

    /// <summary>A node has a parameter that its module does not know. Correct the name.</summary>
    public static ErrorCode ModuleParameterUnknown => new("AUX4106");

    /// <summary>A parameter's value does not parse, is not listed, or is out of range. Correct it as the message says.</summary>
    public static ErrorCode ModuleParameterInvalid => new("AUX4107");

    /// <summary>A web-service input or output cannot be taken there. Place it as the message says.</summary>
    public static ErrorCode ServicePortInvalid => new("AUX4108");

    /// <summary>A web-service parameter's link or type does not fit the module parameter it sets. Correct one of them.</summary>
    public static ErrorCode ParameterLinkInvalid => new("AUX4109");

    /// <summary>The columns that reach a node do not fit it. The module's message says which column and why.</summary>
    public static ErrorCode SchemaMismatch => new("AUX4110");

    /// <summary>A warning: an experiment names a deprecated module, and its successors run in its place. Name those instead.</summary>
    public static ErrorCode ModuleDeprecated => new("AUX4119");

    /// <summary>An experiment has errors and was to be run all the same. Mend what the message lists.</summary>
    public static ErrorCode ExperimentInvalid => new("AUX4120");

    /// <summary>Bytes that should be a stored table are not one, are cut short, or come from a newer release.</summary>
    public static ErrorCode TableFileInvalid => new("AUX4121");

    /// <summary>A saved model, transform or dataset is not there, or is of another kind. Save it, or correct the name.</summary>
    public static ErrorCode AssetNotFound => new("AUX4122");

    /// <summary>A training experiment cannot be converted; the message says what is missing or which choice to make.</summary>
    public static ErrorCode ConversionFailed => new("AUX4123");

    /// <summary>A web service cannot be made from a run: it has not finished, or an input or output holds nothing.</summary>
    public static ErrorCode PackagingFailed => new("AUX4124");

    /// <summary>A call's parameter is missing, unknown, unparsable or out of range. Correct the call.</summary>
    public static ErrorCode ServiceParameterRejected => new("AUX4130");

    /// <summary>A call's input is unknown to the web service. Correct the name; names are case-sensitive.</summary>
    public static ErrorCode ServiceInputRejected => new("AUX4131");

    /// <summary>A model or transform does not fit the web service that it should update. Train it on the same columns.</summary>
    public static ErrorCode ModelIncompatible => new("AUX4140");

    /// <summary>A stored web service cannot be read. It comes from a newer release or was damaged; publish it again.</summary>
    public static ErrorCode PackageInvalid => new("AUX4141");

    /// <summary>
    /// A model or transform file is truncated, damaged, of another product or of a version that this one does not read;
    /// make it again with this version, or update this program. Studio's error 82.
    /// </summary>
    public static ErrorCode ModelFormat => new("AUX4020");

    /// <summary>
    /// An input does not fit the model or web service that is to score it; nothing was scored. The message lists the
    /// differences with what to do; <c>docs/architecture/contract.md</c> explains them.
    /// </summary>
    public static ErrorCode InputContractBroken => new("AUX4200");

    /// <summary>A needed column is not in the input. Rename or add it; names are compared exactly, case included.</summary>
    public static ErrorCode ContractColumnMissing => new("AUX4201");

    /// <summary>The input has a column that is not needed. Nothing need be done: it passes through.</summary>
    public static ErrorCode ContractColumnExtra => new("AUX4202");

    /// <summary>The header names a needed column twice; the first is used. Remove or rename the other.</summary>
    public static ErrorCode ContractColumnRepeated => new("AUX4203");

    /// <summary>Cells of a column are no values of the type that is needed. Mend the cells, or see whether columns have moved.</summary>
    public static ErrorCode ContractTypeDiffers => new("AUX4204");

    /// <summary>Cells hold levels that training has not seen. Check spelling, case and blanks; or train again with such rows.</summary>
    public static ErrorCode ContractLevelsUnseen => new("AUX4205");

    /// <summary>Cells are empty in a column that never was at training. Fill them, or train again with such rows.</summary>
    public static ErrorCode ContractValuesMissing => new("AUX4206");

    /// <summary>Numbers lie far outside of what training has seen. Check units and columns; or train again with such rows.</summary>
    public static ErrorCode ContractRangeLeft => new("AUX4207");

    /// <summary>A needed column has no value in any row looked at. Check how the file was made.</summary>
    public static ErrorCode ContractColumnEmpty => new("AUX4208");

    /// <summary>A row is the header once more, as in files put one after the other. Remove these rows.</summary>
    public static ErrorCode ContractHeaderRepeated => new("AUX4209");

    /// <summary>The file seems to begin with data. Put a row with the names of the columns before it.</summary>
    public static ErrorCode ContractHeaderAbsent => new("AUX4210");

    /// <summary>The header is delimited by another character. Save with the right one, or name the file .tsv for tabs.</summary>
    public static ErrorCode ContractDelimiterDiffers => new("AUX4211");

    /// <summary>Bytes are no text in the encoding that is read. Save the file as UTF-8, or begin it with a byte-order mark.</summary>
    public static ErrorCode ContractTextUnreadable => new("AUX4212");

    /// <summary>The input has no rows. Check that it was written to its end.</summary>
    public static ErrorCode ContractNoRows => new("AUX4213");

    /// <summary>Rows have another number of fields than the header, or quotes that do not fit. Mend them as the message says.</summary>
    public static ErrorCode ContractRowsUnreadable => new("AUX4214");

    /// <summary>A column of the input bears the name of a column that scoring adds. Rename it.</summary>
    public static ErrorCode ContractNameTaken => new("AUX4215");

    /// <summary>
    /// A model of another make cannot be brought in: it is damaged, of a kind that is not read, or has a part that our
    /// kernels could not score exactly. The message names the part and says how to export the model otherwise.
    /// </summary>
    public static ErrorCode ModelImport => new("AUX4021");

    /// <summary>
    /// ONNX Runtime could not load or run a model that it scores: its library for this platform is not beside the program, or the
    /// graph does not take these rows. The message has what it said; install the program for this platform, or export the model again.
    /// </summary>
    public static ErrorCode ModelRun => new("AUX4022");
}
