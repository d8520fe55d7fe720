using Auspex.Definitions;
using Auspex.Server.Factories;

namespace Auspex.Server.Api.Factories;

/// <summary>Finds the factory that a call is about.</summary>
internal static class FactoryLookup
{
    /// <summary>The factory as its files are now; a workspace without any is empty.</summary>
    /// <exception cref="ServiceErrorException">404: there is no such factory.</exception>
    public static FactoryDefinition Demand(this ServerFactories factories, FactoryCall call)
    {
        factories.Refresh();
        return factories.FindFactory(call.Factory)
            ?? (call.IsSynapse
                ? new FactoryDefinition { Name = call.Factory }
                : throw FactoryErrors.FactoryNotFound(call.Factory, factories.List().Select(factory => factory.Name)));
    }
}
