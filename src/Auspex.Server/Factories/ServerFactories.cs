using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Storage.Definitions;
using Auspex.Stores;

namespace Auspex.Server.Factories;

/// <summary>
/// The factories of this server: the one whose folder was given at the start, and those that clients made, each a git folder
/// of its own below the data folder.
/// </summary>
/// <remarks>
/// Thread-safe. Whoever changes a factory holds <see cref="LockAsync"/> from its check to its write, so that checks that
/// wait for other stores still hold when the file is written.
/// </remarks>
internal sealed class ServerFactories : IDefinitionStore, IDisposable
{
    private readonly FolderDefinitionStore? _given;
    private readonly string _folder;
    private readonly ConcurrentDictionary<string, FolderDefinitionStore> _made = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _writing = new(1);

    /// <param name="given">The factory given at the start; null when there is none.</param>
    /// <param name="folder">Where factories that clients make lie, absolute; made with the first.</param>
    public ServerFactories(FolderDefinitionStore? given, string folder)
    {
        _given = given;
        _folder = folder;
        if (Directory.Exists(folder))
        {
            foreach (var made in Directory.EnumerateDirectories(folder).Where(made => !Path.GetFileName(made).StartsWith('.')))
            {
                _made[Path.GetFileName(made)] = new FolderDefinitionStore(made, null);
            }
        }
    }

    /// <summary>The factory given at the start; null when there is none.</summary>
    public FactoryDefinition? Given => _given?.Factory;

    /// <summary>What clients wrote as secrets.</summary>
    public DefinitionSecrets Secrets { get; } = new();

    /// <inheritdoc/>
    public ImmutableArray<string> FactoryNames => [.. List().Select(factory => factory.Name)];

    /// <inheritdoc/>
    public FactoryDefinition? FindFactory(string name) =>
        FindStore(name) is { } store ? Secrets.Lay(store.Factory) : null;

    /// <inheritdoc/>
    public void Refresh()
    {
        _given?.Refresh();
        foreach (var made in _made.Values)
        {
            made.Refresh();
        }
    }

    /// <summary>All factories, in the order of their names.</summary>
    public ImmutableArray<FactoryDefinition> List() =>
    [
        .. _made.Values.Select(made => made.Factory)
            .Concat(_given is null ? [] : [_given.Factory])
            .DistinctBy(factory => factory.Name, StringComparer.OrdinalIgnoreCase)
            .OrderBy(factory => factory.Name, StringComparer.OrdinalIgnoreCase)
            .Select(Secrets.Lay),
    ];

    /// <summary>Whether a factory is the one given at the start, whose folder is its owner's to remove.</summary>
    public bool IsGiven(string name) => Given is { } given && string.Equals(given.Name, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Waits for whoever else changes factories; disposing lets the next one go on.</summary>
    public async Task<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        return new Release(_writing);
    }

    /// <summary>Changes one resource; see <see cref="FolderDefinitionStore.Edit"/>.</summary>
    public FactoryDefinition Edit(string factory, Func<FactoryDefinition, DefinitionEdit?> decide) =>
        Secrets.Lay((FindStore(factory) ?? throw new KeyNotFoundException($"There is no factory '{factory}'.")).Edit(decide));

    /// <summary>Makes a factory that is not there yet.</summary>
    /// <param name="name">Its name: letters, digits and inner hyphens only.</param>
    /// <param name="source">The factory's own file.</param>
    public FactoryDefinition Create(string name, JsonObject source)
    {
        var folder = Path.Combine(_folder, name);
        Directory.CreateDirectory(folder);
        var store = new FolderDefinitionStore(folder, null);
        store.Edit(_ => new DefinitionEdit("factory", name, source));
        _made[name] = store;
        return Secrets.Lay(store.Factory);
    }

    /// <summary>Removes a factory that a client made, with all its files.</summary>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (_made.TryRemove(name, out var store))
        {
            // Gone at once for whoever starts next, even when the removal is cut short.
            var folder = store.Factory.Folder!;
            var doomed = Path.Combine(_folder, $".{Guid.NewGuid():N}");
            Directory.Move(folder, doomed);
            Directory.Delete(doomed, recursive: true);
        }

        await Secrets.ForgetAsync(name, cancellationToken);
    }

    public void Dispose() => _writing.Dispose();

    private FolderDefinitionStore? FindStore(string name) =>
        IsGiven(name) ? _given : _made.GetValueOrDefault(name);

    private sealed class Release(SemaphoreSlim writing) : IDisposable
    {
        public void Dispose() => writing.Release();
    }
}
