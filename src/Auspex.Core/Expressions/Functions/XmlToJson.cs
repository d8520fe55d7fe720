using System.Xml;
using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

/// <summary>
/// XML as JSON by the usual convention: attributes are <c>@name</c>, repeated elements an array, text beside other
/// content <c>#text</c>, an empty element null, and every value text.
/// </summary>
internal static class XmlToJson
{
    public static ExpressionValue Convert(XmlDocument document) => new MapObject(Grouped(document.ChildNodes));

    private static OrderedDictionary<string, ExpressionValue> Grouped(XmlNodeList nodes)
    {
        var groups = new OrderedDictionary<string, List<ExpressionValue>>(StringComparer.Ordinal);
        foreach (XmlNode node in nodes)
        {
            if (Named(node) is not var (name, value))
            {
                continue;
            }

            if (groups.TryGetValue(name, out var group))
            {
                group.Add(value);
            }
            else
            {
                groups.Add(name, [value]);
            }
        }

        var members = new OrderedDictionary<string, ExpressionValue>(StringComparer.Ordinal);
        foreach (var (name, group) in groups)
        {
            members.Add(name, group.Count == 1 ? group[0] : new ListArray(group));
        }

        return members;
    }

    private static (string Name, ExpressionValue Value)? Named(XmlNode node) => node switch
    {
        XmlDeclaration declaration => ("?xml", Declaration(declaration)),
        XmlElement element => (DecodedName(element), Element(element)),
        XmlCDataSection section => ("#cdata-section", section.Value!),
        XmlText text => ("#text", text.Value!),
        XmlSignificantWhitespace space => ("#significant-whitespace", space.Value!),
        XmlProcessingInstruction instruction => ("?" + instruction.Name, instruction.Value),
        _ => null,
    };

    private static ExpressionValue Declaration(XmlDeclaration declaration)
    {
        var members = new OrderedDictionary<string, ExpressionValue>(StringComparer.Ordinal)
        {
            ["@version"] = declaration.Version,
        };
        if (declaration.Encoding.Length > 0)
        {
            members["@encoding"] = declaration.Encoding;
        }

        if (declaration.Standalone.Length > 0)
        {
            members["@standalone"] = declaration.Standalone;
        }

        return new MapObject(members);
    }

    private static ExpressionValue Element(XmlElement element)
    {
        if (element.Attributes.Count == 0)
        {
            if (!element.HasChildNodes)
            {
                return element.IsEmpty ? ExpressionValue.Null : "";
            }

            if (element.ChildNodes.Count == 1 && element.FirstChild is XmlText text)
            {
                return text.Value!;
            }
        }

        var members = new OrderedDictionary<string, ExpressionValue>(StringComparer.Ordinal);
        foreach (XmlAttribute attribute in element.Attributes)
        {
            members["@" + DecodedName(attribute)] = attribute.Value;
        }

        foreach (var (name, value) in Grouped(element.ChildNodes))
        {
            members[name] = value;
        }

        return new MapObject(members);
    }

    private static string DecodedName(XmlNode node) => XmlConvert.DecodeName(node.Name);
}
