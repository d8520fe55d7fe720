using System.Collections.Immutable;
using Auspex.Definitions;

namespace Auspex.Stores;

/// <summary>The factories that this process knows, each as it is now.</summary>
public interface IDefinitionStore
{
    /// <summary>The names of all factories; for whoever works through them, such as triggers.</summary>
    ImmutableArray<string> FactoryNames => [];

    /// <summary>The factory by name, ignoring case; null when it is unknown.</summary>
    FactoryDefinition? FindFactory(string name);

    /// <summary>
    /// Looks whether definitions were edited since they were read, and reads them again then. Cheap when nothing was; for
    /// whoever begins something by a definition's name. Stores that are never edited from outside need not do anything.
    /// </summary>
    void Refresh()
    {
    }
}
