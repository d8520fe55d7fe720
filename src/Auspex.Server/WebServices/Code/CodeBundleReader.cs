using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.WebServices;
using Auspex.Server.Api;

namespace Auspex.Server.WebServices.Code;

/// <summary>A code bundle with the name that its service is to have.</summary>
internal sealed record CodePublication(string Name, string? Description, CodeBundle Bundle);

/// <summary>Reads the body with which the Python and R clients publish a function.</summary>
internal static class CodeBundleReader
{
    private const string CodeType = "Code";
    private const int MostColumns = 10_000;

    /// <exception cref="ServiceErrorException">400: what is wrong with it.</exception>
    public static CodePublication Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw ServiceErrors.RequestBodyInvalid("The request body is no JSON object; expected one with 'Name', 'Type' and 'CodeBundle'.");
        }

        var type = body.Text("Type");
        if (!CodeType.Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            throw ServiceErrors.BadArgument(
                "WebServiceTypeInvalid",
                $"A web service of type '{ServiceErrors.Shorten(type ?? "")}' cannot be put here; expected 'Code'. Publish an experiment with 'auspex experiment publish'.");
        }

        var bundle = body.Member("CodeBundle");
        if (bundle.ValueKind != JsonValueKind.Object)
        {
            throw ServiceErrors.BadArgument("MissingWebServicePackage", "'CodeBundle' is missing or no object; expected one with 'Language' and 'SourceCode'.");
        }

        var source = bundle.Text("SourceCode");
        if (string.IsNullOrWhiteSpace(source))
        {
            throw ServiceErrors.BadArgument("MissingWebServicePackage", "'CodeBundle.SourceCode' is missing or empty; expected the script.");
        }

        var language = bundle.Text("Language") ?? "";
        return new CodePublication(
            body.Text("Name") ?? "",
            body.Text("Description"),
            new CodeBundle(
                ReadLanguage(language),
                language,
                source,
                ReadFiles(bundle.Member("ZipContents")),
                ReadSchema(bundle.Member("InputSchema"), "InputSchema"),
                ReadSchema(bundle.Member("OutputSchema"), "OutputSchema")));
    }

    private static CodeLanguage ReadLanguage(string language) =>
        language.StartsWith("python", StringComparison.OrdinalIgnoreCase) ? CodeLanguage.Python
        : language.StartsWith("R-", StringComparison.OrdinalIgnoreCase) || language.Equals("R", StringComparison.OrdinalIgnoreCase) ? CodeLanguage.R
        : throw ServiceErrors.PackageError(
            "RuntimesError", $"'CodeBundle.Language' is '{ServiceErrors.Shorten(language)}'; expected python-VERSION or R-VERSION, such as python-2.7-64 or R-3.1-64.");

    private static ReadOnlyMemory<byte>? ReadFiles(JsonElement contents)
    {
        if (!contents.IsGiven() || (contents.ValueKind == JsonValueKind.String && contents.ValueEquals("")))
        {
            return null;
        }

        // The R client breaks its base64 into lines.
        return contents.ValueKind == JsonValueKind.String && TryDecode(contents.GetString()!) is { } bytes
            ? bytes
            : throw ServiceErrors.PackageError("FormatError", "'CodeBundle.ZipContents' is no base64 text; expected a zip archive as base64.");
    }

    private static byte[]? TryDecode(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static TableSchema ReadSchema(JsonElement schema, string member)
    {
        if (!schema.IsGiven())
        {
            return new TableSchema([]);
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            throw ServiceErrors.PackageError("FormatError", $"'CodeBundle.{member}' is no object; expected a column's type by its name.");
        }

        var fields = ImmutableArray.CreateBuilder<TableField>();
        foreach (var column in schema.EnumerateObject())
        {
            if (column.Name.Length == 0 || fields.Any(field => field.Name == column.Name) || fields.Count == MostColumns)
            {
                throw ServiceErrors.PackageError(
                    "FormatError", $"'CodeBundle.{member}' has an empty name, the name '{ServiceErrors.Shorten(column.Name)}' twice, or more than {MostColumns} columns.");
            }

            fields.Add(new TableField { Name = column.Name, Type = ReadType(column, member), IsNullable = true });
        }

        return new TableSchema(fields.ToImmutable());
    }

    private static ColumnType ReadType(JsonProperty column, string member)
    {
        var type = column.Value.Text("type") ?? "";
        var format = column.Value.Text("format") ?? "";
        return (type.ToUpperInvariant(), format.ToUpperInvariant()) switch
        {
            ("BOOLEAN", _) => ColumnType.Boolean,
            ("NUMBER", _) => ColumnType.Double,
            ("INTEGER", "INT8" or "INT16" or "INT32" or "UINT8" or "UINT16") => ColumnType.Int32,
            ("INTEGER", _) => ColumnType.Int64,
            ("STRING", "DATE-TIME" or "DATE-TIMEOFFSET") => ColumnType.DateTime,
            ("STRING", "TIME-SPAN" or "DURATION") => ColumnType.TimeSpan,
            ("STRING", _) => ColumnType.String,
            _ => throw ServiceErrors.PackageError(
                "FormatError",
                $"Column '{ServiceErrors.Shorten(column.Name)}' of 'CodeBundle.{member}' has type '{ServiceErrors.Shorten(type)}'; expected boolean, integer, number or string."),
        };
    }
}
