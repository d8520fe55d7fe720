using System.Net;
using System.Text;
using System.Text.Json;
using Auspex.Definitions;
using Auspex.Experiments.WebServices;
using Auspex.Server.WebServices;

namespace Auspex.Server.Api;

/// <summary>What help pages say of an endpoint beside its signature.</summary>
internal sealed record HelpFrame(string Service, string Endpoint, string Api, string Management, bool IsDefault);

/// <summary>Plain pages that say how to call an endpoint. Clients look for <c>code-snippet-r</c> on the score page.</summary>
internal static class HelpPages
{
    public static string Score(HelpFrame frame, LiveModel model) => Page(
        frame,
        "Request-response",
        new StringBuilder()
            .Append("<p>Scores rows and answers at once. Request address:</p>")
            .Append(Code($"POST {frame.Api}/execute?api-version=2.0&details=true"))
            .Append("<p>Headers: <code>Authorization: Bearer KEY</code>, <code>Content-Type: application/json</code>. With ")
            .Append("<code>format=swagger</code> instead of <code>details=true</code> the answer is an array of row objects.</p>")
            .Append(Ports("Inputs", model.Shape.Signature.Inputs))
            .Append(Ports("Outputs", model.Shape.TableOutputs))
            .Append(Parameters(model.Shape.Signature))
            .Append("<h2>Sample</h2>")
            .Append("<div id=\"code-snippet-sh\">")
            .Append(Code($"curl -X POST '{frame.Api}/execute?api-version=2.0&details=true' \\\n  -H 'Authorization: Bearer KEY' -H 'Content-Type: application/json' \\\n  -d '{InShell(Sample(model.Shape.Signature))}'"))
            .Append("</div><div id=\"code-snippet-r\" class=\"code-snippet-r\">")
            .Append(Code($"library(httr)\nPOST(\"{frame.Api}/execute?api-version=2.0&details=true\",\n     add_headers(Authorization = \"Bearer KEY\"), content_type_json(),\n     body = '{Sample(model.Shape.Signature)}')"))
            .Append("</div>"));

    public static string Jobs(HelpFrame frame, LiveModel model) => Page(
        frame,
        "Batch execution",
        new StringBuilder()
            .Append("<p>Scores files in storage. Submit a job, start it, then ask for its status until it has ended.</p>")
            .Append(Code($"POST   {frame.Api}/jobs?api-version=2.0\nPOST   {frame.Api}/jobs/JOB/start?api-version=2.0\nGET    {frame.Api}/jobs/JOB?api-version=2.0\nDELETE {frame.Api}/jobs/JOB?api-version=2.0"))
            .Append("<p>Files: .csv, .tsv or .arff for tables, .ilearner for trained models. Status: NotStarted, Running, Failed, Cancelled, Finished.</p>")
            .Append(Ports("Inputs", model.Shape.Signature.Inputs))
            .Append(Ports("Outputs", model.Shape.Signature.Outputs))
            .Append(Parameters(model.Shape.Signature)));

    public static string Update(HelpFrame frame, LiveModel model)
    {
        var text = new StringBuilder();
        var resources = model.Package.Assets.Where(asset => asset.Asset.Kind != AssetKind.Dataset).ToList();
        if (resources.Count == 0)
        {
            text.Append("<p>This web service has no updatable resources.</p>");
        }
        else
        {
            text.Append(frame.IsDefault
                    ? "<p>The default endpoint follows what is published and cannot be updated; create another endpoint.</p>"
                    : "<p>Puts another trained model under this endpoint:</p>")
                .Append(Code($"PATCH {frame.Management}"))
                .Append("<p>Resources:</p><ul>");
            foreach (var resource in resources)
            {
                text.Append("<li>").Append(Encode(resource.Asset.Name)).Append("</li>");
            }

            text.Append("</ul>").Append(Code(
                "{ \"Resources\": [ { \"Name\": \"" + resources[0].Asset.Name + "\",\n    \"Location\": { \"BaseLocation\": \"...\", \"RelativeLocation\": \"...\", \"SasBlobToken\": \"...\" } } ] }"));
        }

        return Page(frame, "Update resource", text);
    }

    private static string Page(HelpFrame frame, string title, StringBuilder body) =>
        $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{Encode(frame.Service)}: {title}</title>"
        + "<style>body{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}pre{background:#f4f4f4;padding:1rem;white-space:pre-wrap;overflow-wrap:anywhere}"
        + "td,th{text-align:left;padding:.2rem 1rem .2rem 0}</style></head>"
        + $"<body><h1>{Encode(frame.Service)}</h1><p>Endpoint <b>{Encode(frame.Endpoint)}</b> &middot; {title} &middot; "
        + "<a href=\"score\">score</a> <a href=\"jobs\">jobs</a> <a href=\"update\">update</a> <a href=\"apidocument\">apidocument</a></p>"
        + body + "</body></html>";

    private static string Ports(string title, IEnumerable<ServicePort> ports)
    {
        var text = new StringBuilder($"<h2>{title}</h2>");
        foreach (var port in ports)
        {
            text.Append("<h3>").Append(Encode(port.Name)).Append("</h3>");
            if (port.Schema is null)
            {
                text.Append("<p>").Append(port.Type).Append("</p>");
                continue;
            }

            text.Append("<table><tr><th>Column</th><th>Type</th></tr>");
            foreach (var field in port.Schema.Fields)
            {
                text.Append("<tr><td>").Append(Encode(field.Name)).Append("</td><td>").Append(field.Type).Append("</td></tr>");
            }

            text.Append("</table>");
        }

        return text.ToString();
    }

    private static string Parameters(ServiceSignature signature)
    {
        if (signature.Parameters.IsEmpty)
        {
            return "";
        }

        var text = new StringBuilder("<h2>Parameters</h2><table><tr><th>Name</th><th>Type</th><th></th></tr>");
        foreach (var parameter in signature.Parameters)
        {
            text.Append("<tr><td>").Append(Encode(parameter.Name)).Append("</td><td>").Append(parameter.Kind)
                .Append("</td><td>").Append(parameter.HasDefault ? "optional" : "required").Append("</td></tr>");
        }

        return text.Append("</table>").ToString();
    }

    private static string Sample(ServiceSignature signature)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Json.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("Inputs");
            foreach (var input in signature.Inputs)
            {
                writer.WriteStartObject(input.Name);
                writer.WriteStartArray("ColumnNames");
                foreach (var field in input.Schema?.Fields ?? [])
                {
                    writer.WriteStringValue(field.Name);
                }

                writer.WriteEndArray();
                writer.WriteStartArray("Values");
                writer.WriteStartArray();
                foreach (var cell in input.Sample ?? [])
                {
                    writer.WriteStringValue(cell);
                }

                writer.WriteEndArray();
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteStartObject("GlobalParameters");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    // A column's name may have a quote, which would end the text there.
    private static string InShell(string text) => text.Replace("'", "'\\''", StringComparison.Ordinal);

    private static string Code(string text) => $"<pre>{Encode(text)}</pre>";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
