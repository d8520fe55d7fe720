using System.Globalization;
using System.Xml;
using System.Xml.XPath;
using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

internal static class XmlFunctions
{
    public static void Register(FunctionFamily family)
    {
        family.Add("xml", 1, 1, "value", "an XML value of a text, or of an object with one root", Xml);
        family.Add(
            "xpath", 2, 2, "xml, path", "what an XPath 1.0 expression selects: an array of nodes or texts, or a scalar",
            XPath);
    }

    private static ExpressionValue Xml(CallArguments arguments)
    {
        switch (arguments[0].Type)
        {
            case ExpressionType.String:
                return XmlValue.Parse(arguments[0].AsText, arguments);
            case ExpressionType.Object when arguments[0].AsObject is XmlValue xml:
                return xml;
            case ExpressionType.Object when ContentEnvelope.TryRead(arguments[0].AsObject, out _):
                return XmlValue.Parse(TextRendering.ToText(arguments[0]), arguments);
            case ExpressionType.Object:
                return new XmlValue(new JsonToXml(arguments.Function).Convert(arguments[0].AsObject));
            default:
                throw arguments.WrongType(0, "a string or an object");
        }
    }

    private static ExpressionValue XPath(CallArguments arguments)
    {
        var path = arguments.Text(1);
        var xml = arguments[0].Type == ExpressionType.Object ? XmlValue.TryFrom(arguments[0].AsObject, arguments) : null;
        if (xml is null)
        {
            throw arguments.WrongType(0, "an XML");
        }

        try
        {
            return xml.Document.CreateNavigator()!.Evaluate(path) switch
            {
                XPathNodeIterator nodes => Selected(nodes),
                bool value => value,
                double number => double.IsFinite(number)
                    ? number
                    : throw arguments.Invalid("The path's result is not a number."),
                var other => System.Convert.ToString(other, CultureInfo.InvariantCulture)!,
            };
        }
        catch (XPathException exception)
        {
            throw InvalidPath(arguments, path, exception);
        }
        catch (ArgumentException exception)
        {
            throw InvalidPath(arguments, path, exception);
        }
    }

    private static ExpressionException InvalidPath(CallArguments arguments, string path, Exception exception) =>
        arguments.Invalid(
        $"The path '{ExpressionErrors.Quoted(path)}' is not a valid XPath 1.0 expression: {exception.Message}", exception);

    private static ListArray Selected(XPathNodeIterator nodes)
    {
        var items = new List<ExpressionValue>();
        foreach (XPathNavigator node in nodes)
        {
            // The document's own text, since that of a navigator is indented.
            items.Add(node.NodeType is XPathNodeType.Element or XPathNodeType.Root
                ? XmlValue.Envelope(((XmlNode)node.UnderlyingObject!).OuterXml)
                : node.Value);
        }

        return new ListArray(items);
    }
}
