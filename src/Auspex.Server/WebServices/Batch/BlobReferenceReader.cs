using System.Text.Json;
using Auspex.Connectors.ObjectStorage;
using Auspex.Server.Api;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Reads blob references in their two forms, and says which part is wrong without repeating a secret.</summary>
internal static class BlobReferenceReader
{
    /// <param name="json">The reference.</param>
    /// <param name="what">Whose it is, such as <c>input 'input1'</c>.</param>
    /// <param name="incomplete">The sub-code for a reference that has neither form.</param>
    /// <exception cref="ServiceErrorException">400.</exception>
    public static BlobReference Read(JsonElement json, string what, string incomplete)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw ServiceErrors.BadArgument(
                incomplete,
                $"The blob reference of {what} is missing or no JSON object. Give ConnectionString and RelativeLocation, or BaseLocation, RelativeLocation and SasBlobToken.");
        }

        var connection = NullIfEmpty(json.Text("ConnectionString"));
        var relative = NullIfEmpty(json.Text("RelativeLocation"))?.TrimStart('/');
        var address = NullIfEmpty(json.Text("BaseLocation"));
        var token = json.Text("SasBlobToken");
        if (connection is null && address is null)
        {
            throw ServiceErrors.BadArgument(
                incomplete,
                $"The blob reference of {what} has neither ConnectionString nor BaseLocation. Give ConnectionString and RelativeLocation, or BaseLocation, RelativeLocation and SasBlobToken.");
        }

        if (string.IsNullOrWhiteSpace(relative))
        {
            throw ServiceErrors.BadArgument(
                "InputBlobRelativeLocationInvalid",
                $"The blob reference of {what} has no RelativeLocation. Give container, path and name of the blob.");
        }

        if (relative.EndsWith('/') || relative.Split('/').Any(part => part is "." or ".."))
        {
            throw ServiceErrors.BadArgument(
                "InputBlobRelativeLocationInvalid",
                $"RelativeLocation of {what} is '{ServiceErrors.Shorten(relative)}'; expected CONTAINER/PATH/NAME.EXTENSION.");
        }

        if (connection is not null)
        {
            return new BlobReference(connection, relative, null, null);
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw ServiceErrors.BadArgument(
                "InvalidBlob", $"BaseLocation of {what} is no http or https address.");
        }

        return new BlobReference(
            null, relative, address.EndsWith('/') ? address : address + "/", token is null or "" ? "" : token[0] == '?' ? token : "?" + token);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
