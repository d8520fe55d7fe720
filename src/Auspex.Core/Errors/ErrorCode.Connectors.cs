namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
    /// <summary>A row has more or fewer fields than the file has columns. Mend the row, or skip bad rows.</summary>
    public static ErrorCode RaggedRow => new("AUX3001");

    /// <summary>A quoted field is not closed, is followed by text, or makes its row too long. Mend or double the quotes.</summary>
    public static ErrorCode BrokenQuotes => new("AUX3002");

    /// <summary>Bytes are no text in the file's encoding, or are zeros. Name the encoding that the file was written in.</summary>
    public static ErrorCode InvalidText => new("AUX3003");

    /// <summary>A field's text is no value of its column's type. Mend the row, or give the column another type.</summary>
    public static ErrorCode WrongCellType => new("AUX3004");

    /// <summary>A wanted column is not in the file. Mend the header; names are compared exactly, case included.</summary>
    public static ErrorCode MissingColumn => new("AUX3005");

    /// <summary>A file has columns that are not expected. Remove them, or allow extra columns.</summary>
    public static ErrorCode UnexpectedColumn => new("AUX3006");

    /// <summary>A file that must begin with a header is empty. Check that the file was written to its end.</summary>
    public static ErrorCode NoHeader => new("AUX3007");

    /// <summary>The encoding is unknown, or cannot be read in parts. Use a name that .NET knows, such as <c>utf-8</c> or <c>windows-1252</c>.</summary>
    public static ErrorCode UnknownEncoding => new("AUX3008");

    /// <summary>A value cannot be written in the wanted text format. Choose another delimiter, or allow quotes.</summary>
    public static ErrorCode UnwritableCell => new("AUX3009");

    /// <summary>A rejects file cannot be taken back. Change nothing in it but the records, and keep every row.</summary>
    public static ErrorCode RejectsFile => new("AUX3010");

    /// <summary>No such blob, file or container. Check the path; blob names are case-sensitive.</summary>
    public static ErrorCode BlobNotFound => new("AUX3101");

    /// <summary>Key, token or file roots do not allow it. Renew the key or token, or add the folder to <c>fileRoots</c>.</summary>
    public static ErrorCode BlobForbidden => new("AUX3102");

    /// <summary>A connection string, reference or path is malformed. The message says which part.</summary>
    public static ErrorCode BlobReferenceInvalid => new("AUX3103");

    /// <summary>The disk or the account is full. Free space, then run again; nothing that was there before has changed.</summary>
    public static ErrorCode BlobStoreFull => new("AUX3104");

    /// <summary>The store did not answer or broke off, also after retries. Check network and endpoint, then run again.</summary>
    public static ErrorCode BlobStoreUnavailable => new("AUX3105");

    /// <summary>An outgoing address is not allowed. Add the host to the allow-list if it is meant.</summary>
    public static ErrorCode OutboundRefused => new("AUX3106");

    /// <summary>An upload cannot be continued or committed: discarded, left for a week, or overtaken by another one. Begin it anew.</summary>
    public static ErrorCode BlobUploadGone => new("AUX3107");

    /// <summary>A blob was replaced while it was read; nothing of the new one was given out. Read it again from the start.</summary>
    public static ErrorCode BlobChanged => new("AUX3108");

    /// <summary>An SSH server's key is not the expected one, or nothing says which is expected. Set <c>hostKeyFingerprint</c> after asking who runs the server.</summary>
    public static ErrorCode HostKeyUntrusted => new("AUX3111");

    /// <summary>The database server did not answer or broke off. Check host, port and network, then run again.</summary>
    public static ErrorCode DatabaseUnavailable => new("AUX3201");

    /// <summary>User or password are wrong, or the user may not do this. Check the credentials and grants.</summary>
    public static ErrorCode DatabaseForbidden => new("AUX3202");

    /// <summary>The database, table or column does not exist. Check the names.</summary>
    public static ErrorCode DatabaseObjectMissing => new("AUX3203");

    /// <summary>The database cannot understand the statement. Mend the query.</summary>
    public static ErrorCode DatabaseStatementInvalid => new("AUX3204");

    /// <summary>A row breaks a constraint of the table. Nothing was written; mend the data or the table.</summary>
    public static ErrorCode DatabaseConstraintBroken => new("AUX3205");

    /// <summary>A value does not fit its column's type. Nothing was written; convert the column.</summary>
    public static ErrorCode DatabaseTypeMismatch => new("AUX3206");

    /// <summary>The database's disk or quota is full. Free space, then run again.</summary>
    public static ErrorCode DatabaseFull => new("AUX3207");

    /// <summary>Server name, column mapping or other settings of a database are malformed. The message says which.</summary>
    public static ErrorCode DatabaseSettingsInvalid => new("AUX3208");

    /// <summary>An ARFF file breaks the format, or a value is none that its attribute allows. The message says the line.</summary>
    public static ErrorCode ArffInvalid => new("AUX3020");

    /// <summary>An SVMLight file breaks the format, or has more columns than can be held. The message says the line.</summary>
    public static ErrorCode SvmLightInvalid => new("AUX3021");

    /// <summary>A Parquet, Arrow or compressed file is cut off, damaged, or no such file. Write or copy it again; check its extension.</summary>
    public static ErrorCode DamagedTableFile => new("AUX3030");

    /// <summary>A file holds what is not supported, such as nested columns or encryption. Write it without; the message says what.</summary>
    public static ErrorCode UnsupportedTableFile => new("AUX3031");

    /// <summary>A block of a file unpacks to more memory than is allowed. Write the file in smaller row groups, pages or batches.</summary>
    public static ErrorCode TableBlockTooLarge => new("AUX3032");

    /// <summary>No table format goes by this file name. Use one of the extensions that the message lists.</summary>
    public static ErrorCode UnknownTableFormat => new("AUX3033");

    /// <summary>A script on tables in memory is malformed, names what is not there, or is not allowed. Mend the script.</summary>
    public static ErrorCode SqlScriptFailed => new("AUX3301");

    /// <summary>A text is no JSON, or not of the shape that is expected. The message says where. Mend the file.</summary>
    public static ErrorCode JsonInvalid => new("AUX3040");

    /// <summary>A compressed file is broken, or not compressed as its dataset says. Check the dataset's compression.</summary>
    public static ErrorCode CompressionInvalid => new("AUX3041");
}
