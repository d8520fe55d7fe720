using System.Collections.Immutable;
using Auspex.Definitions;

namespace Auspex.Experiments.Import;

/// <summary>An experiment read from what Studio exported.</summary>
/// <param name="Definition">The experiment. Nodes of unknown modules are in it, so that nothing is lost; it does not compile with them.</param>
/// <param name="Unknown">Modules that this build does not know.</param>
/// <param name="Resources">Saved assets that the experiment names, with where their bytes lie.</param>
/// <param name="Notes">What was left out or changed, a sentence each.</param>
public sealed record ImportedExperiment(
    ExperimentDefinition Definition,
    ImmutableArray<UnknownModule> Unknown,
    ImmutableArray<ImportedResource> Resources,
    ImmutableArray<string> Notes);

/// <summary>A module that this build does not know.</summary>
/// <param name="Node">The node's id in the file.</param>
/// <param name="Name">The module's name, or its id where the file has no name for it.</param>
/// <param name="FamilyId">Its family id; empty when there is none.</param>
public sealed record UnknownModule(string Node, string Name, string FamilyId)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"Node '{Node}' uses module '{Name}'{(FamilyId.Length > 0 && FamilyId != Name ? $" ({FamilyId})" : "")}, which this release does not know.";
}

/// <summary>A saved asset of an imported experiment.</summary>
/// <param name="Key">The asset's key or id in the file.</param>
/// <param name="Asset">What the experiment calls it.</param>
/// <param name="Uri">Where its bytes lie; null when the file does not say.</param>
/// <param name="Credentials">A shared access signature or an account key, a secret; null when there is none.</param>
public sealed record ImportedResource(string Key, AssetReference Asset, string? Uri, string? Credentials)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Asset.Kind} '{Asset.Name}'";
}

/// <summary>The file is not what an import reads.</summary>
public sealed class ExperimentImportException(string message) : Auspex.Errors.AuspexException(Auspex.Errors.ErrorCode.ExperimentShape, message);
