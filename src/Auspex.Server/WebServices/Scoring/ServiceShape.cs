using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;

namespace Auspex.Server.WebServices.Scoring;

/// <summary>A service's signature, arranged for reading requests. Immutable and thread-safe.</summary>
internal sealed class ServiceShape
{
    private readonly FrozenDictionary<string, InputShape> _inputs;

    /// <param name="signature">What the service takes and gives.</param>
    /// <param name="optional">Columns that callers may leave out: nobody knows the label of what is to be scored.</param>
    public ServiceShape(ServiceSignature signature, IReadOnlySet<string> optional)
    {
        Signature = signature;
        Inputs = [.. signature.Inputs.Select(input => new InputShape(input, optional))];
        _inputs = Inputs.ToFrozenDictionary(input => input.Name, StringComparer.Ordinal);
        TableOutputs = [.. signature.Outputs.Where(output => output.Type == PortType.Dataset)];
        HasOneTableInAndOut = Inputs.Length == 1 && signature.Outputs.Length == 1 && TableOutputs.Length == 1;
    }

    public ServiceSignature Signature { get; }

    public ImmutableArray<InputShape> Inputs { get; }

    /// <summary>What request-response gives back: models are for batch execution only.</summary>
    public ImmutableArray<ServicePort> TableOutputs { get; }

    /// <summary>Only such a service may be row-wise as a whole.</summary>
    public bool HasOneTableInAndOut { get; }

    /// <summary>By exact name, or else by the only name that differs in case alone.</summary>
    public InputShape? FindInput(string name)
    {
        if (_inputs.TryGetValue(name, out var exact))
        {
            return exact;
        }

        InputShape? found = null;
        foreach (var input in Inputs)
        {
            if (input.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                if (found is not null)
                {
                    return null;
                }

                found = input;
            }
        }

        return found;
    }

    public string NameInputs() =>
        Inputs.Length == 0 ? "none" : string.Join(", ", Inputs.Select(input => input.Name));
}

/// <summary>The columns of one web-service input as callers send them.</summary>
internal sealed class InputShape
{
    private readonly FrozenDictionary<string, int> _ignoringCase;

    private readonly IReadOnlySet<string> _optional;

    public InputShape(ServicePort port, IReadOnlySet<string> optional)
    {
        Name = port.Name;
        _optional = optional;
        // Callers send plain values and may leave any out; models know their categories themselves.
        Schema = new TableSchema([.. (port.Schema?.Fields ?? []).Select(field =>
            field with { IsNullable = true, Categories = null })]);
        Utf8Names = [.. Schema.Fields.Select(field => Encoding.UTF8.GetBytes(field.Name))];
        _ignoringCase = Schema.Fields
            .Select((field, index) => (field.Name, index))
            .GroupBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() == 1)
            .ToFrozenDictionary(group => group.Key, group => group.First().index, StringComparer.OrdinalIgnoreCase);
    }

    public string Name { get; }

    public TableSchema Schema { get; }

    public ImmutableArray<byte[]> Utf8Names { get; }

    /// <summary>By exact name, or else by the only name that differs in case alone; -1 when there is none.</summary>
    public int IndexOf(string column)
    {
        var index = Schema.IndexOf(column);
        return index >= 0 ? index : _ignoringCase.GetValueOrDefault(column, -1);
    }

    /// <summary>Whether callers may leave the column out.</summary>
    public bool IsOptional(int column) => _optional.Contains(Schema.Fields[column].Name);

    public string NameColumns()
    {
        const int Most = 30;
        var names = string.Join(", ", Schema.Fields.Take(Most).Select(field => $"'{field.Name}'"));
        return Schema.Fields.Length > Most ? $"{names} and {Schema.Fields.Length - Most} more" : names;
    }
}
