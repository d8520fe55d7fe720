using Auspex.Definitions;

namespace Auspex.Stores;

/// <summary>The factories that this process knows, each as it is now.</summary>
public interface IDefinitionStore
{
    /// <summary>The factory by name, ignoring case; null when it is unknown.</summary>
    FactoryDefinition? FindFactory(string name);
}
