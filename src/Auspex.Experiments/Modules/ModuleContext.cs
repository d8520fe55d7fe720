using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules;

/// <summary>What one run of a module sees: its input ports, its parameters, and where to put its outputs.</summary>
public sealed class ModuleContext
{
    private readonly IReadOnlyDictionary<string, PortValue> _inputs;
    private readonly Dictionary<string, PortValue> _outputs = new(StringComparer.Ordinal);
    private readonly List<string> _log = [];

    /// <summary>Prepares a run.</summary>
    /// <param name="inputs">Values by input port's name; unconnected ports are absent.</param>
    /// <param name="parameters">Resolved parameters.</param>
    /// <param name="services">What modules may reach outside.</param>
    public ModuleContext(
        IReadOnlyDictionary<string, PortValue> inputs,
        ModuleParameters parameters,
        ModuleServices services)
    {
        _inputs = inputs;
        Parameters = parameters;
        Services = services;
    }

    /// <summary>The module's parameters with defaults filled in.</summary>
    public ModuleParameters Parameters { get; }

    /// <summary>What modules may reach outside.</summary>
    public ModuleServices Services { get; }

    /// <summary>Output values set so far, by port name.</summary>
    public IReadOnlyDictionary<string, PortValue> Outputs => _outputs;

    /// <summary>What the module noted so far.</summary>
    public IReadOnlyList<string> Log => _log;

    /// <summary>Adds a line to the node's log, such as the seed that was used or rows that were left out; no value of a row.</summary>
    public void Note(string line) => _log.Add(line);

    /// <summary>Whether an input port is connected.</summary>
    public bool Has(string port) => _inputs.ContainsKey(port);

    /// <summary>The table at an input port.</summary>
    /// <exception cref="ModuleException">Error 3: nothing is connected there, or not a table.</exception>
    public TableBatch Table(string port) => Get<TableValue>(port).Table;

    /// <summary>The value at an input port.</summary>
    /// <exception cref="ModuleException">Error 3: nothing is connected there, or something else.</exception>
    public T Get<T>(string port)
        where T : PortValue =>
        _inputs.TryGetValue(port, out var value)
            ? value as T ?? throw new ModuleException(
                3, $"Input port '{port}' holds {value.Kind}; expected {PortValue.KindOf<T>()}.")
            : throw new ModuleException(3, $"Input port '{port}' is not connected; connect {PortValue.KindOf<T>()} to it.");

    /// <summary>Sets an output port.</summary>
    public void Set(string port, PortValue value) => _outputs[port] = value;

    /// <summary>Sets an output port to a table.</summary>
    public void Set(string port, TableBatch table) => _outputs[port] = new TableValue(table);
}

/// <summary>What modules may reach outside their ports.</summary>
public sealed record ModuleServices
{
    /// <summary>Opens the blob stores that Import Data and Export Data name.</summary>
    public required Func<BlobReference, IBlobStore> OpenBlobStore { get; init; }

    /// <summary>
    /// Opens the databases that Import Data and Export Data name. Null: any host, and files inside <see cref="FileRoots"/>.
    /// </summary>
    public SqlTables? Databases { get; init; }

    /// <summary>The clock, for seeds of 0.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Folders that database files may lie in, absolute.</summary>
    public required IReadOnlyList<string> FileRoots { get; init; }

    /// <summary>How scripts run.</summary>
    public ScriptOptions Scripts { get; init; } = new();

    /// <summary>Pythons that wait for scripts; null where each script starts its own.</summary>
    public ScriptStandby? Standby { get; init; }

    /// <summary>How many threads a module may use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Reports how far the module is.</summary>
    public Action<string, long, long?>? ReportProgress { get; init; }
}
