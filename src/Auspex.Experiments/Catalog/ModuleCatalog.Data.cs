namespace Auspex.Experiments.Catalog;

public sealed partial class ModuleCatalog
{
    static partial void AddDataModules(ModuleCatalog catalog)
    {
    }
}
