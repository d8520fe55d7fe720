using System.Text;

namespace Auspex.Expressions.Functions;

/// <summary>A parsed <c>data:</c> URI.</summary>
/// <param name="MediaType">Such as <c>text/plain</c>, which is also what an absent one means.</param>
/// <param name="ContentType">The media type with its parameters.</param>
/// <param name="Content">The decoded bytes.</param>
internal sealed record DataUri(string MediaType, string ContentType, byte[] Content)
{
    private const string Scheme = "data:";
    private const string DefaultMediaType = "text/plain";

    /// <summary>The bytes read in the charset that the URI names, in UTF-8 when it names none.</summary>
    public string Text => Charset().GetString(Content);

    public static DataUri Parse(CallArguments arguments)
    {
        var text = arguments.Text(0);
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || comma < 0)
        {
            throw Malformed(arguments);
        }

        string[] parts = [.. text[Scheme.Length..comma].Split(';').Select(part => part.Trim())];
        var isBase64 = parts.Skip(1).Any(IsBase64);
        var parameters = parts.Skip(1).Where(part => part.Length > 0 && !IsBase64(part));
        var mediaType = parts[0].Length == 0 ? DefaultMediaType : parts[0];
        if (!mediaType.Contains('/', StringComparison.Ordinal))
        {
            throw Malformed(arguments);
        }

        var payload = text[(comma + 1)..];
        return new DataUri(
            mediaType,
            string.Join(';', parameters.Prepend(mediaType)),
            isBase64 ? FromBase64(arguments, payload) : Encoding.UTF8.GetBytes(PercentDecoded(payload)));
    }

    /// <summary>Undoes percent-encoding; a <c>+</c> is a blank, as in forms.</summary>
    public static string PercentDecoded(string text) =>
        Uri.UnescapeDataString(text.Replace('+', ' '));

    private static bool IsBase64(string parameter) => parameter.Equals("base64", StringComparison.OrdinalIgnoreCase);

    private static byte[] FromBase64(CallArguments arguments, string payload)
    {
        try
        {
            return Convert.FromBase64String(Uri.UnescapeDataString(payload));
        }
        catch (FormatException exception)
        {
            throw Malformed(arguments, exception);
        }
    }

    private static ExpressionException Malformed(CallArguments arguments, FormatException? exception = null) =>
        ExpressionErrors.Failed(
        $"The template language function '{arguments.Function.Name}' expects its parameter to be formatted as a valid data URI.",
        exception);

    private Encoding Charset()
    {
        const string parameter = "charset=";
        var name = ContentType.Split(';')
            .FirstOrDefault(part => part.StartsWith(parameter, StringComparison.OrdinalIgnoreCase))?[parameter.Length..]
            .Trim('"');
        if (name is null)
        {
            return Encoding.UTF8;
        }

        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            // A charset that only its sender knows; nearly all of them share ASCII with UTF-8.
            return Encoding.UTF8;
        }
    }
}
