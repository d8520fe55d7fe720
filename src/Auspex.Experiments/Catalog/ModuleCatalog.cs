using System.Diagnostics.CodeAnalysis;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Catalog;

/// <summary>The modules that experiments may use, by Studio's name and by family id.</summary>
/// <remarks>Filled once, by explicit lines, and read from then on; reading is thread-safe.</remarks>
public sealed partial class ModuleCatalog
{
    private readonly Dictionary<string, IModule> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IModule> _byFamilyId = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IModule> _modules = [];

    /// <summary>The modules in the order they were added.</summary>
    public IReadOnlyList<IModule> Modules => _modules;

    /// <summary>Every module that this build knows.</summary>
    public static ModuleCatalog CreateDefault()
    {
        var catalog = new ModuleCatalog();
        AddDataModules(catalog);
        AddLearningModules(catalog);
        return catalog;
    }

    /// <summary>Adds a module.</summary>
    /// <exception cref="ArgumentException">Its name or family id is taken.</exception>
    public ModuleCatalog Add(IModule module)
    {
        var descriptor = module.Descriptor;
        if (!_byName.TryAdd(descriptor.Name, module))
        {
            throw new ArgumentException($"A module named '{descriptor.Name}' is in the catalogue already.", nameof(module));
        }

        if (descriptor.FamilyId is { } familyId && !_byFamilyId.TryAdd(familyId, module))
        {
            throw new ArgumentException(
                $"Family id {familyId} of '{descriptor.Name}' belongs to '{_byFamilyId[familyId].Descriptor.Name}' already.",
                nameof(module));
        }

        _modules.Add(module);
        return this;
    }

    /// <summary>The module by Studio's name, ignoring case, or by its family id.</summary>
    public bool TryFind(string nameOrFamilyId, [NotNullWhen(true)] out IModule? module) =>
        _byName.TryGetValue(nameOrFamilyId, out module) || _byFamilyId.TryGetValue(nameOrFamilyId, out module);

    static partial void AddDataModules(ModuleCatalog catalog);

    static partial void AddLearningModules(ModuleCatalog catalog);
}
