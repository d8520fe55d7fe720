namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
    /// <summary>No server answers at an address. Start one with <c>auspex up</c>, or correct the address.</summary>
    public static ErrorCode ServerUnreachable => new("AUX8001");

    /// <summary>A server refused a call; the message carries its reason.</summary>
    public static ErrorCode ServerRefused => new("AUX8002");

    /// <summary>A pipeline test has a member that no test has. Correct its name; the message says what is near.</summary>
    public static ErrorCode TestMemberUnknown => new("AUX8020");

    /// <summary>A member of a pipeline test is missing or holds something else than it must. The message says what it takes.</summary>
    public static ErrorCode TestMemberInvalid => new("AUX8021");

    /// <summary>A pipeline test names a pipeline, parameter, trigger or activity that the factory does not have. Correct the name.</summary>
    public static ErrorCode TestTargetUnknown => new("AUX8022");

    /// <summary>An activity that works with the world outside ran in a test without a mock. Give one by name or by type.</summary>
    public static ErrorCode ActivityNotMocked => new("AUX8023");

    /// <summary>A recording cannot be read: it is damaged, or none. Record the run again.</summary>
    public static ErrorCode RecordingUnreadable => new("AUX8024");

    /// <summary>A replayed activity is in no recording. Record the run again, or undo what was changed.</summary>
    public static ErrorCode ActivityNotRecorded => new("AUX8025");
}
