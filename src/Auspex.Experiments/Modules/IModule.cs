using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules;

/// <summary>A module of the catalogue. Stateless and shared: all it needs comes with the context.</summary>
public interface IModule
{
    /// <summary>Ports, parameters and ids.</summary>
    ModuleDescriptor Descriptor { get; }

    /// <summary>Runs the module: reads input ports and parameters, sets every output port.</summary>
    /// <exception cref="ModuleException">The module failed, with Studio's error number.</exception>
    Task RunAsync(ModuleContext context, CancellationToken cancellationToken);
}

/// <summary>
/// A module whose one table output is a row-wise function of its one table input, once parameters and other ports are
/// known: it can be part of a scoring plan, and running it is <see cref="Bind"/> and then apply.
/// </summary>
public interface IRowwiseModule : IModule
{
    /// <summary>Makes the function for tables of this schema. Reads parameters and the ports that are not tables.</summary>
    /// <exception cref="ModuleException">The schema does not fit: a column is missing or of another type.</exception>
    IRowTransform Bind(TableSchema input, ModuleContext context);
}
