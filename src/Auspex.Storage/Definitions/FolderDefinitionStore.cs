using Auspex.Definitions;
using Auspex.Stores;

namespace Auspex.Storage.Definitions;

/// <summary>The one factory that lies in a folder.</summary>
/// <param name="folder">The factory's folder, or a single definition's file.</param>
/// <param name="environmentName">Which overlay of an environment to use; null for none.</param>
/// <remarks>
/// Thread-safe. The factory is read when it is first asked for and again on <see cref="Reload"/>; between the two every
/// caller sees the same one, so that a run does not see half of an edit.
/// </remarks>
public sealed class FolderDefinitionStore(string folder, string? environmentName) : IDefinitionStore
{
    private readonly Lock _reading = new();
    private volatile FactoryDefinition? _factory;

    /// <summary>The factory as last read.</summary>
    public FactoryDefinition Factory
    {
        get
        {
            if (_factory is { } factory)
            {
                return factory;
            }

            lock (_reading)
            {
                return _factory ??= FactoryFolder.Load(folder, environmentName);
            }
        }
    }

    /// <summary>Reads the folder again.</summary>
    public FactoryDefinition Reload()
    {
        lock (_reading)
        {
            return _factory = FactoryFolder.Load(folder, environmentName);
        }
    }

    /// <inheritdoc/>
    public FactoryDefinition? FindFactory(string name) =>
        string.Equals(Factory.Name, name, StringComparison.OrdinalIgnoreCase) ? Factory : null;
}
