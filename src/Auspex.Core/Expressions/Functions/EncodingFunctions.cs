using System.Text;
using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

/// <summary>Base64, data URIs, percent-encoding and the envelope that stands for bytes.</summary>
internal static class EncodingFunctions
{
    public static void Register(FunctionFamily family)
    {
        const int many = FunctionDefinition.Many;
        family.Add("base64", 1, 1, "value", "the UTF-8 bytes of a text, or the bytes of a binary value, in base64",
            Base64);
        family.Add("base64ToBinary", 1, 1, "base64", "the bytes as a binary value", Base64ToBinary);
        family.Add("base64ToString", 1, 1, "base64", "the bytes read as UTF-8", Base64ToString);
        family.Add("binary", 1, 1, "value", "the UTF-8 bytes of a text as a binary value", Binary);
        family.Add("dataUri", 1, 1, "value", "a data URI of the text or the binary value", ToDataUri);
        family.Add("dataUriToBinary", 1, 1, "uri", "the content of a data URI as a binary value", DataUriToBinary);
        family.Add("dataUriToString", 1, 1, "uri", "the content of a data URI as text", DataUriToString);
        family.Add("decodeBase64", 1, 1, "base64", "the same as base64ToString", Base64ToString);
        family.Add("decodeDataUri", 1, 1, "uri", "the content of a data URI by its type: text, JSON or binary value",
            DecodeDataUri);
        family.Add("decodeUriComponent", 1, 1, "text", "the same as uriComponentToString", UriComponentToString);
        family.Add("encodeUriComponent", 1, many, "text...", "the same as uriComponent", UriComponent);
        family.Add("uriComponent", 1, many, "text...", "the text percent-encoded", UriComponent);
        family.Add("uriComponentToBinary", 1, 1, "text", "the percent-decoded text as a binary value",
            UriComponentToBinary);
        family.Add("uriComponentToString", 1, 1, "text", "the text percent-decoded; + is a blank",
            UriComponentToString);
    }

    private static ExpressionValue Base64(CallArguments arguments) =>
        Convert.ToBase64String(BytesOf(arguments, out _));

    private static ExpressionValue Base64ToBinary(CallArguments arguments) =>
        new ContentEnvelope(ContentEnvelope.OctetStream, FromBase64(arguments, arguments.Text(0))).ToObject();

    private static ExpressionValue Base64ToString(CallArguments arguments) =>
        Encoding.UTF8.GetString(FromBase64(arguments, arguments.Text(0)));

    private static ExpressionValue Binary(CallArguments arguments) =>
        new ContentEnvelope(ContentEnvelope.OctetStream, BytesOf(arguments, out _)).ToObject();

    private static ExpressionValue ToDataUri(CallArguments arguments)
    {
        var content = BytesOf(arguments, out var contentType);
        return $"data:{contentType};base64,{Convert.ToBase64String(content)}";
    }

    private static ExpressionValue DataUriToBinary(CallArguments arguments)
    {
        var uri = DataUri.Parse(arguments);
        return new ContentEnvelope(uri.ContentType, uri.Content).ToObject();
    }

    private static ExpressionValue DataUriToString(CallArguments arguments) => DataUri.Parse(arguments).Text;

    private static ExpressionValue DecodeDataUri(CallArguments arguments)
    {
        var uri = DataUri.Parse(arguments);
        if (uri.MediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
        {
            return uri.Text;
        }

        var isJson = uri.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || uri.MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
        return isJson
            ? ConversionFunctions.Parse(arguments, uri.Text)
            : new ContentEnvelope(uri.ContentType, uri.Content).ToObject();
    }

    // Uri.EscapeDataString and not a form encoder: a blank is %20, hex is upper case.
    private static ExpressionValue UriComponent(CallArguments arguments)
    {
        if (arguments.Count == 1)
        {
            return Uri.EscapeDataString(arguments.Text(0));
        }

        var text = new StringBuilder();
        foreach (var value in arguments.Values)
        {
            text.Append(TextRendering.ToText(value));
        }

        return Uri.EscapeDataString(text.ToString());
    }

    private static ExpressionValue UriComponentToString(CallArguments arguments) =>
        DataUri.PercentDecoded(arguments.Text(0));

    private static ExpressionValue UriComponentToBinary(CallArguments arguments) => new ContentEnvelope(
        ContentEnvelope.OctetStream, Encoding.UTF8.GetBytes(DataUri.PercentDecoded(arguments.Text(0)))).ToObject();

    private static byte[] FromBase64(CallArguments arguments, string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException exception)
        {
            throw arguments.Invalid("The value is not valid base64.", exception);
        }
    }

    private static byte[] BytesOf(CallArguments arguments, out string contentType)
    {
        if (arguments[0].Type == ExpressionType.Object && ContentEnvelope.TryRead(arguments[0].AsObject, out var envelope))
        {
            contentType = envelope.ContentType;
            return envelope.Content;
        }

        contentType = "text/plain;charset=utf-8";
        return Encoding.UTF8.GetBytes(arguments.Text(0));
    }
}
