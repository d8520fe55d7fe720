namespace Auspex.Server.Auth;

/// <summary>What a token allows; each role includes those before it.</summary>
internal enum Role
{
    /// <summary>Sees definitions, runs and services, without keys.</summary>
    Reader,

    /// <summary>Starts and cancels runs.</summary>
    Operator,

    /// <summary>Changes definitions and services, and sees endpoint keys.</summary>
    Contributor,

    /// <summary>Everything, tokens included.</summary>
    Owner,
}
