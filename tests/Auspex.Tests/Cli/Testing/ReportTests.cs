using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Auspex.Cli.Testing.Reports;
using Xunit;
using Result = Auspex.Cli.Testing.TestResult;

namespace Auspex.Tests.Cli.Testing;

public sealed class ReportTests
{
    // What consumers of this form agree on: names, order, and the types of the attributes.
    private const string Schema = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
          <xs:attributeGroup name="counts">
            <xs:attribute name="name" type="xs:string" use="required"/>
            <xs:attribute name="tests" type="xs:unsignedInt" use="required"/>
            <xs:attribute name="failures" type="xs:unsignedInt" use="required"/>
            <xs:attribute name="errors" type="xs:unsignedInt" use="required"/>
            <xs:attribute name="skipped" type="xs:unsignedInt"/>
            <xs:attribute name="time" type="xs:decimal"/>
          </xs:attributeGroup>
          <xs:complexType name="problem"><xs:simpleContent><xs:extension base="xs:string">
            <xs:attribute name="message" type="xs:string"/><xs:attribute name="type" type="xs:string" use="required"/>
          </xs:extension></xs:simpleContent></xs:complexType>
          <xs:element name="testsuites"><xs:complexType><xs:sequence>
            <xs:element name="testsuite" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
              <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
                <xs:choice minOccurs="0">
                  <xs:element name="skipped"/>
                  <xs:element name="failure" type="problem"/>
                  <xs:element name="error" type="problem"/>
                </xs:choice>
                <xs:attribute name="name" type="xs:string" use="required"/>
                <xs:attribute name="classname" type="xs:string" use="required"/>
                <xs:attribute name="time" type="xs:decimal"/>
              </xs:complexType></xs:element>
            </xs:sequence><xs:attributeGroup ref="counts"/></xs:complexType></xs:element>
          </xs:sequence><xs:attributeGroup ref="counts"/></xs:complexType></xs:element>
        </xs:schema>
        """;

    private static readonly Result[] Results =
    [
        new("passes", "test/a.json", 1, [], false, TimeSpan.FromMilliseconds(12), TimeSpan.FromDays(3)),
        new("fails <&\" \u0001", "test/a.json", 9, ["status: found Failed, expected Succeeded", "activity 'A': input:\n  $.x: found 1, expected 2"], false, TimeSpan.FromMilliseconds(20), TimeSpan.Zero),
        new("(the file)", "test/b.json", null, ["test/b.json(3): error AUX8020 at $.x: A test has no member 'x'."], true, TimeSpan.Zero, null),
    ];

    [Fact]
    public void Write_OfResults_IsValidJUnit()
    {
        var schemas = new XmlSchemaSet();
        schemas.Add(null, XmlReader.Create(new StringReader(Schema)));

        var document = XDocument.Parse(JUnitReport.Write("auspex test f", Results));
        document.Validate(schemas, (_, problem) => Assert.Fail(problem.Message));

        var root = document.Root!;
        Assert.Equal(["3", "1", "1"], new[] { "tests", "failures", "errors" }.Select(name => root.Attribute(name)!.Value));
        Assert.Equal(["test/a.json", "test/b.json"], root.Elements("testsuite").Select(suite => suite.Attribute("name")!.Value));
        var failure = root.Descendants("failure").Single();
        Assert.Equal("status: found Failed, expected Succeeded", failure.Attribute("message")!.Value);
        Assert.Contains("$.x: found 1, expected 2", failure.Value, StringComparison.Ordinal);
        Assert.Equal("test.a", root.Descendants("testcase").First().Attribute("classname")!.Value);
    }

    [Fact]
    public void Show_OfResults_PrintsALineEachAndTheReasons()
    {
        var output = new StringWriter { NewLine = "\n" };
        var report = new TestReport(output, json: false);

        foreach (var result in Results)
        {
            report.Show(result);
        }

        report.Summarize(Results, TimeSpan.FromSeconds(1.5));

        Assert.Equal(
            """
            test/a.json
              ok     passes  [12 ms for 3.00:00:00]
              FAILED fails <&" ¤ (line 9)  [20 ms]
                       status: found Failed, expected Succeeded
                       activity 'A': input:
                         $.x: found 1, expected 2
            test/b.json
              ERROR  (the file)  [0 ms]
                       test/b.json(3): error AUX8020 at $.x: A test has no member 'x'.
            3 tests: 1 passed, 2 failed (1.50 s)

            """.Replace('¤', '\u0001'),
            output.ToString());
    }
}
