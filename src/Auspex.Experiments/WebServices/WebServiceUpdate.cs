using Auspex.Connectors.Tables;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Stores;

namespace Auspex.Experiments.WebServices;

/// <summary>
/// Puts a new model or transform in the place of a saved asset of a web service: Studio's Update Resource.
/// </summary>
/// <param name="catalog">The catalogue.</param>
/// <param name="values">Where artifacts are.</param>
public sealed class WebServiceUpdate(ModuleCatalog catalog, ArtifactValues values)
{
    /// <summary>
    /// The package with the new artifact, once it is certain that it fits. The given package stays as it is.
    /// </summary>
    /// <param name="package">The web service as it is.</param>
    /// <param name="assetName">
    /// The saved asset's name, such as <c>Income [trained model]</c>; exact first, then ignoring case.
    /// </param>
    /// <param name="artifact">The bytes of an <c>.ilearner</c>, <c>.itransform</c> or stored table.</param>
    /// <param name="cancellationToken">Stops while loading.</param>
    /// <exception cref="PackagingException">
    /// AssetNotFound: no such asset. ModelIncompatible: not such a file, another task, a needed column that the service does
    /// not have, or other score columns.
    /// </exception>
    public async Task<WebServicePackage> WithAssetAsync(
        WebServicePackage package, string assetName, ArtifactId artifact, CancellationToken cancellationToken)
    {
        var old = Find(package, assetName);
        PortValue oldValue;
        PortValue newValue;
        try
        {
            oldValue = await values.LoadAsync(old.Asset.Kind, old.Artifact, cancellationToken);
            newValue = await values.LoadAsync(old.Asset.Kind, artifact, cancellationToken);
        }
        catch (AuspexException exception)
        {
            throw Incompatible(assetName, $"it cannot be read: {exception.Message}", exception);
        }

        CheckAlone(assetName, oldValue, newValue);
        var updated = package with { Assets = package.Assets.Replace(old, old with { Artifact = artifact }) };
        await CheckWholeAsync(assetName, updated, cancellationToken);
        return updated;
    }

    private static PackagedAsset Find(WebServicePackage package, string name) =>
        package.Assets.FirstOrDefault(asset => asset.Asset.Name == name)
        ?? package.Assets.FirstOrDefault(asset => asset.Asset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new PackagingException(
            ErrorCode.AssetNotFound,
            $"The web service has no saved asset '{name}'; expected "
                + $"{(package.Assets.IsEmpty ? "none" : string.Join(", ", package.Assets.Select(asset => $"'{asset.Asset.Name}'")))}."
                + NearestName.Hint(name, package.Assets.Select(asset => asset.Asset.Name)));

    private static void CheckAlone(string name, PortValue oldValue, PortValue newValue)
    {
        switch (oldValue, newValue)
        {
            case (ModelValue { Model: var old }, ModelValue { Model: var model }):
                if (old.Task != model.Task)
                {
                    throw Incompatible(name, $"it was trained for {model.Task}; expected {old.Task}");
                }

                CheckScores(name, old, model);
                break;
            case (TransformValue { Transform: var old }, TransformValue { Transform: var transform }):
                if (old.Kind != transform.Kind)
                {
                    throw Incompatible(name, $"it is a transform of kind '{transform.Kind}'; expected '{old.Kind}'");
                }

                if (old.KeepsRows && !transform.KeepsRows)
                {
                    throw Incompatible(name, "it drops rows, which the one it should replace does not");
                }

                break;
            default:
                break;
        }
    }

    private static void CheckScores(string name, TrainedModel old, TrainedModel model)
    {
        var fields = old.HasLabel && old.Features.IndexOf(old.Label.Name) < 0 ? old.Features.Fields.Add(old.Label) : old.Features.Fields;
        var schema = new TableSchema(fields);
        try
        {
            CheckColumns(name, old.Bind(schema, appendScores: true).Output, model.Bind(schema, appendScores: true).Output);
        }
        catch (Modules.ModuleException exception)
        {
            throw Incompatible(name, exception.Message, exception);
        }
    }

    private async Task CheckWholeAsync(string name, WebServicePackage package, CancellationToken cancellationToken)
    {
        var runtime = await WebServiceRuntime.LoadAsync(package, catalog, values, cancellationToken);

        // Only a row-wise graph with no required parameter can be checked without data.
        if (!runtime.IsRowwise || package.Signature.Parameters.Any(parameter => !parameter.HasDefault))
        {
            return;
        }

        try
        {
            var plan = runtime.BindRowwise(package.Signature.Inputs[0].Schema!, new Dictionary<string, string>());
            CheckColumns(name, package.Signature.Outputs[0].Schema!, plan!.Output);
        }
        catch (Modules.ModuleException exception)
        {
            throw Incompatible(name, exception.Message, exception);
        }
    }

    private static void CheckColumns(string name, TableSchema expected, TableSchema found)
    {
        for (var i = 0; i < Math.Max(expected.Fields.Length, found.Fields.Length); i++)
        {
            var wanted = i < expected.Fields.Length ? expected.Fields[i] : null;
            var given = i < found.Fields.Length ? found.Fields[i] : null;
            if (wanted?.Name != given?.Name || wanted?.Type != given?.Type)
            {
                throw Incompatible(name, $"column {i + 1} of the result becomes {Describe(given)}; expected {Describe(wanted)}");
            }
        }

        static string Describe(TableField? field) => field is null ? "nothing" : $"'{field.Name}' of type {field.Type}";
    }

    private static PackagingException Incompatible(string name, string why, Exception? inner = null) => new(
        ErrorCode.ModelIncompatible, $"The new content of '{name}' does not fit the web service: {why.TrimEnd('.')}.", inner);
}
