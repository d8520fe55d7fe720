using System.Globalization;
using System.Xml;
using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

/// <summary>The opposite of <see cref="XmlToJson"/>: an object with one root becomes a document.</summary>
internal sealed class JsonToXml(FunctionDefinition function)
{
    private const int DepthLimit = 256;
    private const string XmlnsUri = "http://www.w3.org/2000/xmlns/";

    private readonly XmlDocument _document = new() { XmlResolver = null };

    public XmlDocument Convert(ObjectValue value)
    {
        try
        {
            foreach (var (name, member) in value.Members)
            {
                AddTopLevel(name, member);
            }

            // Written once here, where characters that XML cannot hold are still this function's error.
            _ = _document.OuterXml;
        }
        catch (XmlException exception)
        {
            throw NotXml(exception);
        }
        catch (ArgumentException exception)
        {
            throw NotXml(exception);
        }
        catch (InvalidOperationException exception)
        {
            throw NotXml(exception);
        }

        return _document.DocumentElement is null ? throw OneRoot() : _document;
    }

    private void AddTopLevel(string name, ExpressionValue value)
    {
        if (name == "?xml")
        {
            AddDeclaration(value);
        }
        else if (name.StartsWith('?'))
        {
            _document.AppendChild(_document.CreateProcessingInstruction(name[1..], Text(value)));
        }
        else if (value.Type == ExpressionType.Array && value.AsArray.Count != 1)
        {
            throw OneRoot();
        }
        else
        {
            AddRoot(name, value.Type == ExpressionType.Array ? value.AsArray[0] : value);
        }
    }

    private ExpressionException NotXml(Exception exception) =>
        ExpressionErrors.ArgumentInvalid(function, $"The object cannot be written as XML: {exception.Message}", exception);

    private ExpressionException OneRoot() =>
        ExpressionErrors.ArgumentInvalid(function, "An object becomes XML only when it has exactly one root property.");

    private void AddRoot(string name, ExpressionValue value)
    {
        if (_document.DocumentElement is not null || name.StartsWith('@') || name.StartsWith('#'))
        {
            throw OneRoot();
        }

        AddElement(_document, name, value, 1);
    }

    private void AddDeclaration(ExpressionValue value)
    {
        string Attribute(string name) =>
            value.Type == ExpressionType.Object && value.AsObject.TryGet(name, out var text) ? Text(text) : "";

        var version = Attribute("@version");
        _document.AppendChild(_document.CreateXmlDeclaration(
            version.Length == 0 ? "1.0" : version, Attribute("@encoding"), Attribute("@standalone")));
    }

    private void AddElement(XmlNode parent, string name, ExpressionValue value, int depth)
    {
        if (depth > DepthLimit)
        {
            throw ExpressionErrors.TooDeep("The object");
        }

        var element = CreateElement(parent, name, value);
        parent.AppendChild(element);
        switch (value.Type)
        {
            case ExpressionType.Object:
                // Declarations of prefixes first: an attribute before them may use one.
                foreach (var (key, member) in value.AsObject.Members.OrderBy(member => !IsNamespace(member.Key)))
                {
                    AddMember(element, key, member, depth);
                }

                break;
            case ExpressionType.Array:
                AddItems(element, name, value.AsArray, depth);
                break;
            default:
                AddText(element, Text(value));
                break;
        }
    }

    private void AddMember(XmlElement element, string name, ExpressionValue value, int depth)
    {
        if (name.StartsWith('@'))
        {
            element.SetAttributeNode(CreateAttribute(element, name[1..], Text(value)));
        }
        else if (name == "#text")
        {
            AddEach(value, text => AddText(element, text));
        }
        else if (name == "#cdata-section")
        {
            AddEach(value, text => element.AppendChild(_document.CreateCDataSection(text)));
        }
        else if (name is "#whitespace" or "#significant-whitespace")
        {
            AddEach(value, text => element.AppendChild(_document.CreateSignificantWhitespace(text)));
        }
        else if (name.StartsWith('?'))
        {
            element.AppendChild(_document.CreateProcessingInstruction(name[1..], Text(value)));
        }
        else if (value.Type == ExpressionType.Array)
        {
            AddItems(element, name, value.AsArray, depth);
        }
        else
        {
            AddElement(element, name, value, depth + 1);
        }
    }

    private void AddItems(XmlElement element, string name, ArrayValue items, int depth)
    {
        for (var i = 0; i < items.Count; i++)
        {
            AddElement(element, name, items[i], depth + 1);
        }
    }

    private static void AddEach(ExpressionValue value, Action<string> add)
    {
        if (value.Type != ExpressionType.Array)
        {
            add(Text(value));
            return;
        }

        for (var i = 0; i < value.AsArray.Count; i++)
        {
            add(Text(value.AsArray[i]));
        }
    }

    // An element without text is written <a />, also for an empty string.
    private void AddText(XmlElement element, string text)
    {
        if (text.Length > 0)
        {
            element.AppendChild(_document.CreateTextNode(text));
        }
    }

    private static bool IsNamespace(string name) => name.StartsWith("@xmlns", StringComparison.Ordinal);

    private XmlElement CreateElement(XmlNode parent, string name, ExpressionValue value)
    {
        var (prefix, local) = SplitName(name);
        var uri = DeclaredNamespace(value, prefix) ?? parent.GetNamespaceOfPrefix(prefix);
        return prefix.Length > 0 && uri.Length > 0
            ? _document.CreateElement(prefix, local, uri)
            : _document.CreateElement(prefix.Length > 0 ? XmlConvert.EncodeLocalName(name)! : local, uri);
    }

    private XmlAttribute CreateAttribute(XmlElement element, string name, string text)
    {
        var (prefix, local) = SplitName(name);
        var uri = prefix switch
        {
            "" => name == "xmlns" ? XmlnsUri : "",
            "xmlns" => XmlnsUri,
            _ => element.GetNamespaceOfPrefix(prefix),
        };
        var attribute = prefix.Length > 0 && uri.Length > 0
            ? _document.CreateAttribute(prefix, local, uri)
            : _document.CreateAttribute(prefix.Length > 0 ? XmlConvert.EncodeLocalName(name)! : local, uri);
        attribute.Value = text;
        return attribute;
    }

    private static string? DeclaredNamespace(ExpressionValue value, string prefix)
    {
        var attribute = prefix.Length == 0 ? "@xmlns" : "@xmlns:" + prefix;
        return value.Type == ExpressionType.Object && value.AsObject.TryGet(attribute, out var uri) ? Text(uri) : null;
    }

    private static (string Prefix, string Local) SplitName(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon < name.Length - 1 && name.IndexOf(':', colon + 1) < 0
            ? (XmlConvert.EncodeLocalName(name[..colon])!, XmlConvert.EncodeLocalName(name[(colon + 1)..])!)
            : ("", XmlConvert.EncodeLocalName(name)!);
    }

    // XML writes true and false in lower case, unlike the language's own text.
    private static string Text(ExpressionValue value) => value.Type switch
    {
        ExpressionType.Boolean => value.AsBoolean ? "true" : "false",
        ExpressionType.Float => value.WideDigits ?? value.AsDouble.ToString("R", CultureInfo.InvariantCulture),
        _ => TextRendering.ToText(value),
    };
}
