using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Auspex.Experiments.Modules;

namespace Auspex.Tests.Experiments.Catalog;

/// <summary>What the catalogue holds, as the baseline file and the compatibility table show it.</summary>
internal static class CatalogManifest
{
    public static string Json(IEnumerable<IModule> modules)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            writer.WriteStartArray();
            foreach (var module in modules)
            {
                Write(writer, module);
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    public static string Table(IEnumerable<IModule> modules)
    {
        var table = new StringBuilder();
        foreach (var category in modules.GroupBy(module => module.Descriptor.Category).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            table.Append("\n### ").Append(category.Key).Append("\n\n| Module | In | Out | Parameters | Row by row |\n|---|---|---|---|---|\n");
            foreach (var module in category.OrderBy(module => module.Descriptor.Name, StringComparer.Ordinal))
            {
                var descriptor = module.Descriptor;
                table.Append("| ").Append(descriptor.Name)
                    .Append(" | ").Append(Ports(descriptor.Inputs))
                    .Append(" | ").Append(Ports(descriptor.Outputs))
                    .Append(" | ").Append(string.Join("; ", descriptor.Parameters.Select(parameter => parameter.Name)))
                    .Append(" | ").Append(module is IRowwiseModule ? "yes" : "no")
                    .Append(" |\n");
            }
        }

        return table.Append('\n').ToString();

        static string Ports(IEnumerable<ModulePort> ports) => string.Join(
            "; ", ports.Select(port => $"{port.Name}{(port.IsOptional ? " (optional)" : "")}"));
    }

    private static void Write(Utf8JsonWriter writer, IModule module)
    {
        var descriptor = module.Descriptor;
        writer.WriteStartObject();
        writer.WriteString("name", descriptor.Name);
        writer.WriteString("category", descriptor.Category);
        writer.WriteString("familyId", descriptor.FamilyId);
        writer.WriteNumber("version", descriptor.Version);
        writer.WriteBoolean("deterministic", descriptor.IsDeterministic);
        writer.WriteBoolean("rowwise", module is IRowwiseModule);
        WritePorts(writer, "inputs", descriptor.Inputs);
        WritePorts(writer, "outputs", descriptor.Outputs);
        writer.WriteStartArray("parameters");
        foreach (var parameter in descriptor.Parameters)
        {
            Write(writer, parameter);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WritePorts(Utf8JsonWriter writer, string name, IEnumerable<ModulePort> ports)
    {
        writer.WriteStartArray(name);
        foreach (var port in ports)
        {
            writer.WriteStringValue($"{(port.IsOptional ? "?" : "")}{port.Name}: {port.Type}");
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ModuleParameter parameter)
    {
        writer.WriteStartObject();
        writer.WriteString("name", parameter.Name);
        writer.WriteString("kind", parameter.Kind.ToString());
        if (parameter.GraphName is { } graphName)
        {
            writer.WriteString("graphName", graphName);
        }

        if (parameter.Default is { } text)
        {
            writer.WriteString("default", text);
        }

        if (!parameter.Values.IsEmpty)
        {
            writer.WriteString("values", string.Join(';', parameter.Values.Select(
                value => parameter.Labels.TryGetValue(value, out var label) ? $"{value}={label}" : value)));
        }

        if (parameter.Minimum is not null || parameter.Maximum is not null)
        {
            writer.WriteString("range", FormattableString.Invariant(
                $"{(parameter.MinimumIsExclusive ? '(' : '[')}{parameter.Minimum},{parameter.Maximum}]"));
        }

        if (parameter.IsOptional)
        {
            writer.WriteBoolean("optional", true);
        }

        if (parameter.VisibleWhen is { } condition)
        {
            writer.WriteString("visibleWhen", $"{condition.Parameter} in ({string.Join(',', condition.Values)})");
        }

        writer.WriteEndObject();
    }
}
