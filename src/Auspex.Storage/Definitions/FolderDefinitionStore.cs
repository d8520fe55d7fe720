using System.Collections.Immutable;
using Auspex.Definitions;
using Auspex.Stores;

namespace Auspex.Storage.Definitions;

/// <summary>The one factory that lies in a folder.</summary>
/// <param name="folder">The factory's folder, or a single definition's file.</param>
/// <param name="environmentName">Which overlay of an environment to use; null for none.</param>
/// <remarks>
/// Thread-safe. The factory is read when it is first asked for, and again on <see cref="Refresh"/> when names, sizes or
/// times of its files have changed; in between every caller sees the same one. An edit that keeps a file's size and comes
/// within the clock tick of the one before is not noticed.
/// </remarks>
public sealed class FolderDefinitionStore(string folder, string? environmentName) : IDefinitionStore
{
    private readonly Lock _reading = new();
    private volatile FactoryDefinition? _factory;
    private string? _stamp;

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
                return _factory ?? Load(FactoryFolder.Stamp(folder));
            }
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<string> FactoryNames => [Factory.Name];

    /// <inheritdoc/>
    public void Refresh()
    {
        lock (_reading)
        {
            var stamp = FactoryFolder.Stamp(folder);
            if (_factory is null || stamp != _stamp)
            {
                Load(stamp);
            }
        }
    }

    // The stamp is from before the reading: a file that changes meanwhile is noticed the next time.
    private FactoryDefinition Load(string stamp)
    {
        var factory = FactoryFolder.Load(folder, environmentName);
        _stamp = stamp;
        _factory = factory;
        return factory;
    }

    /// <inheritdoc/>
    public FactoryDefinition? FindFactory(string name) =>
        string.Equals(Factory.Name, name, StringComparison.OrdinalIgnoreCase) ? Factory : null;
}
