using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Xml;
using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

/// <summary>
/// An XML document inside an evaluation. As JSON it is an envelope of its text, so it is an object to other functions.
/// </summary>
internal sealed class XmlValue(XmlDocument document) : ObjectValue
{
    private const string ContentType = "application/xml;charset=utf-8";

    // Reading and writing XML recurse; deeper documents are made to break programs, not to carry data.
    private const int DepthLimit = 256;

    private readonly Lazy<ObjectValue> _envelope = new(() => Envelope(document.OuterXml).AsObject);

    public XmlDocument Document => document;

    public override int Count => _envelope.Value.Count;

    public override IEnumerable<KeyValuePair<string, ExpressionValue>> Members => _envelope.Value.Members;

    public static ExpressionValue Envelope(string xml) =>
        new ContentEnvelope(ContentType, Encoding.UTF8.GetBytes(xml)).ToObject();

    /// <summary>
    /// An XML value, or an envelope that <c>xpath</c> or a variable made of one; null for another object.
    /// </summary>
    public static XmlValue? TryFrom(ObjectValue value, CallArguments arguments) => value switch
    {
        XmlValue xml => xml,
        _ when ContentEnvelope.TryRead(value, out var envelope) && envelope.IsXml =>
            Parse(Encoding.UTF8.GetString(envelope.Content), arguments),
        _ => null,
    };

    public static XmlValue Parse(string text, CallArguments arguments)
    {
        try
        {
            return new XmlValue(Load(text));
        }
        catch (XmlException exception)
        {
            var reason = exception.Message.Contains("DTD", StringComparison.Ordinal)
                ? "A document type (<!DOCTYPE ...>) is not accepted."
                : exception.Message;
            throw arguments.Invalid($"The value is not well-formed XML: {reason}", exception);
        }
    }

    public override bool TryGet(string name, [MaybeNullWhen(false)] out ExpressionValue value) =>
        _envelope.Value.TryGet(name, out value);

    private static XmlDocument Load(string text)
    {
        // No document types and no resolver: text from outside may not name files, addresses or entities that explode.
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        using (var depths = XmlReader.Create(new StringReader(text), settings))
        {
            while (depths.Read())
            {
                if (depths.Depth > DepthLimit)
                {
                    throw new XmlException($"Elements are nested deeper than {DepthLimit} levels.");
                }
            }
        }

        var document = new XmlDocument { XmlResolver = null };
        using var reader = XmlReader.Create(new StringReader(text), settings);
        document.Load(reader);
        return document;
    }
}
