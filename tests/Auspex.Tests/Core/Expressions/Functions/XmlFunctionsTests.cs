using Xunit;

namespace Auspex.Tests.Core.Expressions.Functions;

public sealed class XmlFunctionsTests
{
    [Theory]
    [InlineData("@xml('<a>1</a>')", "{\"$content-type\":\"application/xml;charset=utf-8\",\"$content\":\"PGE+MTwvYT4=\"}")]
    [InlineData("@string(xml('<a>1</a>'))", "\"<a>1</a>\"")]
    [InlineData("@{xml('<a/>')}", "\"<a />\"")]
    [InlineData("@string(xml(json('{\"a\":{\"b\":\"1\"}}')))", "\"<a><b>1</b></a>\"")]
    [InlineData("@string(xml(json('{\"a\":{\"b\":[1,true,2.0],\"@id\":\"x\"}}')))", "\"<a id=\\\"x\\\"><b>1</b><b>true</b><b>2</b></a>\"")]
    [InlineData("@string(xml(json('{\"a\":{\"b\":null,\"c\":\"\"}}')))", "\"<a><b /><c /></a>\"")]
    [InlineData("@string(xml(json('{\"a b\":{\"1\":\"<\"}}')))", "\"<a_x0020_b><_x0031_>&lt;</_x0031_></a_x0020_b>\"")]
    [InlineData("@string(xml(json('{\"a\":{\"#text\":\"t\",\"#cdata-section\":\"<x>\"}}')))", "\"<a>t<![CDATA[<x>]]></a>\"")]
    [InlineData("@string(xml(json('{\"?xml\":{\"@version\":\"1.0\",\"@encoding\":\"utf-8\"},\"a\":\"b\"}')))", "\"<?xml version=\\\"1.0\\\" encoding=\\\"utf-8\\\"?><a>b</a>\"")]
    [InlineData("@string(xml(json('{\"a\":{\"p:b\":{\"@p:c\":\"1\"},\"@xmlns\":\"u\",\"@xmlns:p\":\"v\"}}')))", "\"<a xmlns=\\\"u\\\" xmlns:p=\\\"v\\\"><p:b p:c=\\\"1\\\" /></a>\"")]
    [InlineData("@string(xml(base64ToBinary(base64('<a/>'))))", "\"<a />\"")]
    [InlineData("@equals(xml('<a/>'),xml('<a />'))", "true")]
    public void Xml_TextOrObject_GivesADocument(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@json(xml('<a>1</a>'))", "{\"a\":\"1\"}")]
    [InlineData("@json(xml('<a/>'))", "{\"a\":null}")]
    [InlineData("@json(xml('<r><v>3</v><v>4</v></r>'))", "{\"r\":{\"v\":[\"3\",\"4\"]}}")]
    [InlineData("@json(xml('<r><v>3</v></r>'))", "{\"r\":{\"v\":\"3\"}}")]
    [InlineData("@json(xml('<r id=\"7\"><v x=\"1\">3</v></r>'))", "{\"r\":{\"@id\":\"7\",\"v\":{\"@x\":\"1\",\"#text\":\"3\"}}}")]
    [InlineData("@json(xml('<r>a<b/>c</r>'))", "{\"r\":{\"#text\":[\"a\",\"c\"],\"b\":null}}")]
    [InlineData("@json(xml('<r><![CDATA[<x>]]></r>'))", "{\"r\":{\"#cdata-section\":\"<x>\"}}")]
    [InlineData("@json(xml('<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?><!-- c --><r/>'))", "{\"?xml\":{\"@version\":\"1.0\",\"@encoding\":\"utf-8\",\"@standalone\":\"yes\"},\"r\":null}")]
    [InlineData("@json(xml('<r><a_x0020_b>1</a_x0020_b></r>'))", "{\"r\":{\"a b\":\"1\"}}")]
    public void Json_OfXml_FollowsTheConvention(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@xpath(xml('<r><v>3</v><v>4</v></r>'),'sum(//v)')", "7.0")]
    [InlineData("@xpath(xml('<r><v>3</v></r>'),'//v/text()')", "[\"3\"]")]
    [InlineData("@xpath(xml('<r><v a=\"x\"/><v a=\"y\"/></r>'),'//@a')", "[\"x\",\"y\"]")]
    [InlineData("@xpath(xml('<r><v>3</v></r>'),'//v')", "[{\"$content-type\":\"application/xml;charset=utf-8\",\"$content\":\"PHY+Mzwvdj4=\"}]")]
    [InlineData("@string(first(xpath(xml('<r><v><w>3</w></v></r>'),'/r/v')))", "\"<v><w>3</w></v>\"")]
    [InlineData("@xpath(xml('<r/>'),'//q')", "[]")]
    [InlineData("@xpath(xml('<r><v>3</v></r>'),'string(/r/v)')", "\"3\"")]
    [InlineData("@xpath(xml('<r><v>3</v></r>'),'count(//v) = 1')", "true")]
    [InlineData("@xpath(xml('<r><b><c>1</c></b><b><c>2</c><c>9</c></b></r>'),'/r/b/c[1]/text()')", "[\"1\",\"2\"]")]
    [InlineData("@xpath(first(xpath(xml('<r><v>3</v></r>'),'//v')),'string(/v)')", "\"3\"")]
    [InlineData("@json(first(xpath(xml('<r><v>3</v></r>'),'//v')))", "{\"v\":\"3\"}")]
    [InlineData("@xpath(xml('<r xmlns:p=\"u\"><p:a>1</p:a></r>'),'//*[local-name()=\"a\"]/text()')", "[\"1\"]")]
    public void XPath_Path_Selects(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@xml('<a><b></a>')", "not well-formed XML")]
    [InlineData("@xml('')", "not well-formed XML")]
    [InlineData("@xml('<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>')", "document type")]
    [InlineData("@xml(5)", "of type 'Integer'")]
    [InlineData("@xml(json('{\"a\":1,\"b\":2}'))", "exactly one root")]
    [InlineData("@xml(json('{\"a\":[1,2]}'))", "exactly one root")]
    [InlineData("@xml(json('{}'))", "exactly one root")]
    [InlineData("@xpath('<r/>','//v')", "an XML. The provided value is of type 'String'")]
    [InlineData("@xpath(json('{}'),'//v')", "an XML. The provided value is of type 'Object'")]
    [InlineData("@xpath(xml('<r/>'),'//[')", "not a valid XPath 1.0 expression")]
    [InlineData("@xpath(xml('<r/>'),'$v')", "not a valid XPath 1.0 expression")]
    [InlineData("@xpath(xml('<r/>'),'number(//v)')", "not a number")]
    [InlineData("@xpath(xml('<r/>'),5)", "of type 'Integer'")]
    public void Call_WithWrongArguments_Fails(string text, string part) => Evaluating.Fails(text, part);

    [Fact]
    public void Xml_TooDeepText_Fails() => Evaluating.Fails(
        $"@xml('{string.Concat(Enumerable.Repeat("<a>", 300))}{string.Concat(Enumerable.Repeat("</a>", 300))}')", "deeper than 256 levels");
}
