using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Stores;

namespace Auspex.Storage.Definitions;

/// <summary>The one factory that lies in a folder.</summary>
/// <param name="folder">The factory's folder, or a single definition's file.</param>
/// <param name="environmentName">Which overlay of an environment to use; null for none.</param>
/// <remarks>
/// Thread-safe. The factory is read when it is first asked for, and again on <see cref="Refresh"/> when names, sizes or
/// times of its files have changed; in between every caller sees the same one. An edit from outside that keeps a file's size
/// and comes within the clock tick of the one before is not noticed.
/// </remarks>
public sealed class FolderDefinitionStore(string folder, string? environmentName) : IDefinitionStore
{
    private readonly Lock _reading = new();
    private readonly DefinitionFileCache _files = new();
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

    /// <summary>Changes one resource's file; nobody else changes the factory through this store meanwhile.</summary>
    /// <param name="decide">
    /// Given the factory as its files are now, says what to change; null changes nothing. What it throws reaches the caller.
    /// </param>
    /// <returns>The factory with the change, which is on the disk.</returns>
    /// <exception cref="DefinitionNotEditableException">The resource is not a file of its own, or cannot be written.</exception>
    public FactoryDefinition Edit(Func<FactoryDefinition, DefinitionEdit?> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        lock (_reading)
        {
            Refresh();
            var factory = Factory;
            if (decide(factory) is not { } edit)
            {
                return factory;
            }

            try
            {
                Apply(factory, edit);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new DefinitionNotEditableException(
                    $"The {edit.Kind} '{edit.Name}' cannot be written to the factory's folder: {exception.Message}", exception);
            }

            return Load(FactoryFolder.Stamp(folder));
        }
    }

    /// <inheritdoc/>
    public FactoryDefinition? FindFactory(string name) =>
        string.Equals(Factory.Name, name, StringComparison.OrdinalIgnoreCase) ? Factory : null;

    private void Apply(FactoryDefinition factory, DefinitionEdit edit)
    {
        if (File.Exists(folder) || !DefinitionPlacement.IsEditable(factory))
        {
            throw new DefinitionNotEditableException(
                "The factory was read from a single file or an exported template, which this interface does not change. Give its git folder instead.");
        }

        var present = factory.Find(edit.Kind, edit.Name);
        if (present is { IsWholeFile: false, Origin: var origin })
        {
            throw new DefinitionNotEditableException(
                $"The {edit.Kind} '{edit.Name}' is described in '{origin?.File}' together with other things; change it there.");
        }

        if (edit.Source is null)
        {
            if (present is not null)
            {
                _files.Forget(FullPath(present.Origin!.File!));
                DefinitionFileWriter.Delete(FullPath(present.Origin!.File!));
            }
        }
        else if (present is null || !JsonNode.DeepEquals(present.Source, edit.Source))
        {
            var file = FullPath(present?.Origin!.File ?? DefinitionPlacement.Choose(factory, edit.Kind, edit.Name, path => File.Exists(FullPath(path))));
            _files.Forget(file);
            DefinitionFileWriter.Write(file, edit.Source);
        }
    }

    private string FullPath(string relative) =>
        Path.Combine(Path.GetFullPath(folder), relative.Replace('/', Path.DirectorySeparatorChar));

    // The stamp is from before the reading: a file that changes meanwhile is noticed the next time.
    private FactoryDefinition Load(string stamp)
    {
        var factory = FactoryFolder.Load(folder, environmentName, _files);
        _stamp = stamp;
        _factory = factory;
        return factory;
    }
}
