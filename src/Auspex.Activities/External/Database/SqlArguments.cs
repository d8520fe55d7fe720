using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Data;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Activities.External.Web;
using Auspex.Connectors.Sql;
using Auspex.Definitions;

namespace Auspex.Activities.External.Database;

/// <summary>Parameters as activities write them, as what a database is given.</summary>
internal static class SqlArguments
{
    private const string ParametersMember = "storedProcedureParameters";

    private static readonly FrozenDictionary<string, DbType> ScriptTypes = new Dictionary<string, DbType>
    {
        ["Boolean"] = DbType.Boolean,
        ["DateTime"] = DbType.DateTime2,
        ["DateTimeOffset"] = DbType.DateTimeOffset,
        ["Decimal"] = DbType.Decimal,
        ["Double"] = DbType.Double,
        ["Guid"] = DbType.Guid,
        ["Int16"] = DbType.Int16,
        ["Int32"] = DbType.Int32,
        ["Int64"] = DbType.Int64,
        ["Single"] = DbType.Single,
        ["String"] = DbType.String,
        ["Timespan"] = DbType.Time,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, DbType> ProcedureTypes = new Dictionary<string, DbType>
    {
        ["String"] = DbType.String,
        ["Int"] = DbType.Int32,
        ["Int32"] = DbType.Int32,
        ["Int64"] = DbType.Int64,
        ["Decimal"] = DbType.Decimal,
        ["Guid"] = DbType.Guid,
        ["Boolean"] = DbType.Boolean,
        ["Date"] = DbType.DateTime2,
        ["Datetime"] = DbType.DateTime2,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>A parameter of a script: <c>{"name", "type", "value", "direction", "size"}</c>.</summary>
    /// <exception cref="Engine.Dispatch.ActivityException">A member is missing or means nothing.</exception>
    public static SqlStatementParameter ReadScript(PropertyReader parameter)
    {
        var direction = (parameter.Text("direction") ?? "Input").ToUpperInvariant() switch
        {
            "INPUT" => ParameterDirection.Input,
            "OUTPUT" => ParameterDirection.Output,
            "INPUTOUTPUT" => ParameterDirection.InputOutput,
            _ => throw parameter.Wrong("direction", "Input, Output or InputOutput"),
        };
        return Read(parameter, parameter.Required("name"), ScriptTypes, direction) with
        {
            Size = (int)(parameter.Integer("size", -1, int.MaxValue) ?? 0),
        };
    }

    /// <summary>The <c>storedProcedureParameters</c>: an object, or the JSON text of one, which is what an expression may give.</summary>
    /// <exception cref="Engine.Dispatch.ActivityException">A type is none, or a value none of it.</exception>
    public static ImmutableArray<SqlStatementParameter> ReadProcedureParameters(PropertyReader properties)
    {
        var written = properties.Json.Member(ParametersMember);
        if (written.AsText() is { } text)
        {
            written = text.Trim().Length == 0 ? null : WebJson.TryParse(text);
        }

        if (written is null && !properties.Has(ParametersMember))
        {
            return [];
        }

        var parameters = ImmutableArray.CreateBuilder<SqlStatementParameter>();
        foreach (var (name, value) in written as JsonObject ?? throw properties.Wrong(ParametersMember, "an object of parameters"))
        {
            // A bare value is a text, as older definitions have it.
            var parameter = value as JsonObject ?? new JsonObject { ["value"] = value?.DeepClone() };
            parameters.Add(ReadProcedure(
                new PropertyReader(parameter, properties.At($"{ParametersMember}['{name}']"), properties.Activity), name));
        }

        return parameters.ToImmutable();
    }

    /// <summary>A parameter of a stored procedure: <c>{"value", "type"}</c>.</summary>
    private static SqlStatementParameter ReadProcedure(PropertyReader parameter, string name) =>
        Read(parameter, name, ProcedureTypes, ParameterDirection.Input);

    private static SqlStatementParameter Read(
        PropertyReader parameter, string name, FrozenDictionary<string, DbType> types, ParameterDirection direction)
    {
        var typeName = parameter.Text("type");
        if (!types.TryGetValue(typeName ?? "String", out var type))
        {
            throw parameter.Wrong("type", string.Join(", ", types.Keys.Order(StringComparer.Ordinal)));
        }

        var written = parameter.Json.Member("value");
        if (written is null || direction == ParameterDirection.Output)
        {
            return new SqlStatementParameter(name, type, null, direction);
        }

        // The value is not shown: it may be a secret.
        var value = Convert(written, type) ?? throw ActivityFailures.Wrong(
            parameter.Activity, parameter.At("value"), "a value that is none of its type", $"a value of type {typeName}");
        return new SqlStatementParameter(name, type, value, direction);
    }

    private static object? Convert(JsonNode written, DbType type)
    {
        var text = written.AsText();
        if (type == DbType.String)
        {
            return text ?? written.ToJsonString();
        }

        return text?.Trim() is not { Length: > 0 } trimmed ? null : type switch
        {
            DbType.Boolean => trimmed switch
            {
                "1" => true,
                "0" => false,
                _ => bool.TryParse(trimmed, out var boolean) ? boolean : null,
            },
            DbType.Int16 => written.AsInteger() is { } number and >= short.MinValue and <= short.MaxValue ? (short)number : null,
            DbType.Int32 => written.AsInteger() is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null,
            DbType.Int64 => written.AsInteger(),
            DbType.Decimal => decimal.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
            DbType.Double => double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
            DbType.Single => float.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
            DbType.Guid => Guid.TryParse(trimmed, out var guid) ? guid : null,
            DbType.Time => TimeSpan.TryParse(trimmed, CultureInfo.InvariantCulture, out var span) ? span : null,
            DbType.DateTimeOffset => DateTimeOffset.TryParse(
                trimmed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null,
            _ => DateTimeOffset.TryParse(trimmed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
                ? DateTime.SpecifyKind(instant.UtcDateTime, DateTimeKind.Unspecified)
                : null,
        };
    }
}
