using System.Data.Common;
using Auspex.Errors;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>Connection strings of our own for stores that have none: <c>Kind=value;Key=value</c>, values quoted where they need it. They hold secrets.</summary>
internal static class ConnectionText
{
    /// <summary>Whether a connection string is of a kind.</summary>
    public static bool Is(string text, string kind) =>
        text.AsSpan().TrimStart().StartsWith(kind + "=", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes one; parts without a value are left out.</summary>
    public static string Write(params ReadOnlySpan<(string Key, string? Value)> parts)
    {
        var builder = new DbConnectionStringBuilder();
        foreach (var (key, value) in parts)
        {
            if (!string.IsNullOrEmpty(value))
            {
                builder.Add(key, value);
            }
        }

        return builder.ConnectionString;
    }

    /// <summary>Takes one apart.</summary>
    /// <exception cref="BlobStoreException">It is malformed; the message quotes nothing of it.</exception>
    public static Dictionary<string, string> Read(string text, string kind)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            var builder = new DbConnectionStringBuilder { ConnectionString = text };
            foreach (string key in builder.Keys)
            {
                parts[key] = builder[key].ToString() ?? "";
            }
        }
        catch (ArgumentException)
        {
            // The driver's words may quote the string, which holds secrets.
            throw Invalid(kind, "a part of it is not of the form Key=Value");
        }

        return parts;
    }

    /// <summary>The failure of a connection string.</summary>
    public static BlobStoreException Invalid(string kind, string why) => new(
        ErrorCode.BlobReferenceInvalid, BlobError.Invalid, $"The {kind} connection is malformed: {why}.");
}
