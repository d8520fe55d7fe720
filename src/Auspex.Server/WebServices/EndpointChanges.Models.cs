using System.Collections.Immutable;
using Auspex.Server.Api;
using Auspex.Server.WebServices.Models;

namespace Auspex.Server.WebServices;

/// <summary>Changes of what an endpoint serves, and the ways back.</summary>
internal sealed partial class EndpointChanges
{
    /// <summary>How many models may score beside the one that is served; each costs a job the time of scoring its rows once more.</summary>
    public const int MostChallengers = 8;

    /// <summary>Update Resource that is refused, and remembered as refused, where the new model is worse than the gate allows.</summary>
    /// <returns>The version that is served then, and what the gate found.</returns>
    /// <exception cref="ServiceErrorException">409 ModelRefusedByGate; the endpoint serves what it served.</exception>
    public async Task<(ModelVersionDocument Version, GateFinding Finding)> UpdateAsync(
        LiveService service,
        LiveEndpoint endpoint,
        IReadOnlyList<ResourceUpdate> resources,
        ModelGate gate,
        CancellationToken cancellationToken)
    {
        using var change = await BeginAsync(service, cancellationToken);
        var (version, finding) = await ApplyAsync(service, endpoint, new EndpointSettings(), resources, gate, cancellationToken);
        return (version!, finding!);
    }

    /// <summary>Serves a version again, or a refused one after all.</summary>
    /// <returns>That version.</returns>
    /// <exception cref="ServiceErrorException">404: no such version; 400: updates are prevented, or it does not load.</exception>
    public async Task<ModelVersionDocument> PromoteAsync(
        LiveService service, LiveEndpoint endpoint, int number, CancellationToken cancellationToken)
    {
        using var change = await BeginAsync(service, cancellationToken);
        var all = await versions.ListAsync(service, endpoint, cancellationToken);
        var current = endpoint.Current;
        var version = all.FirstOrDefault(version => version.Number == number)
            ?? throw NoVersion(current.Document.Name, number, all);
        var serving = ModelVersions.Serving(all, current.Model);
        if (serving?.Number != number)
        {
            var servedBefore = ModelVersions.Push(current.Document.ServedBefore, serving);
            await ServeAsync(service, endpoint, version, servedBefore, cancellationToken);
            if (version.IsRefused)
            {
                var now = endpoint.Current;
                return await versions.AddAsync(now.Document, now.Model, ModelVersionReason.Promoted, all, finding: null, cancellationToken);
            }
        }

        return version;
    }

    /// <summary>Serves what was served before the present version; done again, what was served before that.</summary>
    /// <returns>The version that is served then.</returns>
    /// <exception cref="ServiceErrorException">400: nothing was served before, or it is not kept any more.</exception>
    public async Task<ModelVersionDocument> RollBackAsync(
        LiveService service, LiveEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var change = await BeginAsync(service, cancellationToken);
        var document = endpoint.Current.Document;
        for (var before = document.ServedBefore; !before.IsEmpty; before = before[..^1])
        {
            if (await store.FindAsync(service.Document.Id, document.Id, before[^1], cancellationToken) is { } version)
            {
                await ServeAsync(service, endpoint, version, before[..^1], cancellationToken);
                return version;
            }
        }

        throw ServiceErrors.InvalidOperation(
            "NothingToRollBackTo",
            $"Endpoint '{document.Name}' has served nothing before its present model, or what it served is not kept any more. "
            + "'auspex models list' shows what can be promoted.");
    }

    /// <summary>Lets versions score beside the one served in each batch job from now on; none of them is served.</summary>
    /// <exception cref="ServiceErrorException">404: no such version; 400: too many.</exception>
    public async Task ChallengeAsync(
        LiveService service, LiveEndpoint endpoint, ImmutableArray<int> numbers, CancellationToken cancellationToken)
    {
        using var change = await BeginAsync(service, cancellationToken);
        var document = endpoint.Current.Document;
        if (numbers.Length > MostChallengers)
        {
            throw ServiceErrors.InvalidOperation(
                "TooManyChallengers", $"Found {numbers.Length} challengers; at most {MostChallengers} score beside the model that is served.");
        }

        var all = await versions.ListAsync(service, endpoint, cancellationToken);
        foreach (var number in numbers)
        {
            var version = all.FirstOrDefault(version => version.Number == number) ?? throw NoVersion(document.Name, number, all);
            await ModelReplacement.CheckLoadsAsync(directory.GetModel(service.Document.Id, version.ServiceVersion, version.Replacements), cancellationToken);
        }

        await directory.SaveEndpointAsync(service, document with { Challengers = numbers }, endpoint.Current.Model, cancellationToken);
    }

    private async Task<(ModelVersionDocument? Version, GateFinding? Finding)> ApplyAsync(
        LiveService service,
        LiveEndpoint endpoint,
        EndpointSettings settings,
        IReadOnlyList<ResourceUpdate> resources,
        ModelGate? gate,
        CancellationToken cancellationToken)
    {
        var current = endpoint.Current;
        var document = settings.ApplyTo(current.Document);
        if (resources.Count == 0)
        {
            await directory.SaveEndpointAsync(service, document, current.Model, cancellationToken);
            return (null, null);
        }

        DemandNotDefault(service, current.Document, "updated");
        DemandUpdatable(current.Document, document);
        var replacements = await models.PrepareAsync(current.Model, resources, cancellationToken);
        var model = directory.GetModel(service.Document.Id, current.Model.Version, replacements);
        // Loaded before the swap: no call waits for the new model, and one that does not load changes nothing.
        await ModelReplacement.CheckLoadsAsync(model, cancellationToken);
        var before = await versions.ListAsync(service, endpoint, cancellationToken);
        var serving = ModelVersions.Serving(before, current.Model);
        var finding = gate?.Judge(
            await versions.DescribeAsync(current.Model, cancellationToken), await versions.DescribeAsync(model, cancellationToken));
        if (finding is { IsPassed: false })
        {
            var refused = await versions.AddAsync(current.Document, model, ModelVersionReason.Updated, before, finding, cancellationToken);
            throw ServiceErrors.Conflict(
                "ModelRefusedByGate",
                $"The new model is kept as version {refused.Number} of endpoint '{document.Name}' and not served: {finding.Sentence}. "
                + "Train a better one, widen the margin, or promote this one all the same ('auspex models promote').");
        }

        document = document with { Replacements = replacements, VersionAt = clock.GetUtcNow() };
        var version = serving;
        if (serving is null || !current.Model.Serves(model.ServiceId, model.Version, replacements))
        {
            document = document with { ServedBefore = ModelVersions.Push(document.ServedBefore, serving) };
            version = await versions.AddAsync(document, model, ModelVersionReason.Updated, before, finding, cancellationToken);
        }

        await directory.SaveEndpointAsync(service, document, model, cancellationToken);
        return (version, finding);
    }

    private async Task ServeAsync(
        LiveService service,
        LiveEndpoint endpoint,
        ModelVersionDocument version,
        ImmutableArray<int> servedBefore,
        CancellationToken cancellationToken)
    {
        var current = endpoint.Current.Document;
        DemandUpdatable(current, current);
        var model = directory.GetModel(service.Document.Id, version.ServiceVersion, version.Replacements);
        await ModelReplacement.CheckLoadsAsync(model, cancellationToken);
        var follows = current.Id == service.Document.DefaultEndpointId
            && version.ServiceVersion == service.Document.Version
            && version.Replacements.IsEmpty;
        var document = current with
        {
            Version = follows ? null : version.ServiceVersion,
            Replacements = version.Replacements,
            VersionAt = clock.GetUtcNow(),
            ServedBefore = servedBefore,
        };
        await directory.SaveEndpointAsync(service, document, model, cancellationToken);
    }

    private static void DemandUpdatable(EndpointDocument before, EndpointDocument after)
    {
        if (after.PreventUpdate && before.PreventUpdate)
        {
            throw ServiceErrors.InvalidOperation(
                "UpdatePrevented", $"Endpoint '{after.Name}' does not allow updates. Set PreventUpdate to false first.");
        }
    }

    private static ServiceErrorException NoVersion(string endpoint, int number, ImmutableArray<ModelVersionDocument> all) =>
        ServiceErrors.NotFound(
            "ModelVersionNotFound",
            $"Endpoint '{endpoint}' has no version {number}; it has {string.Join(", ", all.TakeLast(20).Select(version => version.Number))}.");
}
