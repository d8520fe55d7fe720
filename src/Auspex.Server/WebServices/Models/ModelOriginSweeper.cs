using Auspex.Engine.Hosting;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices.Models;

/// <summary>Forgets where models came from that nobody keeps, once an hour; they live as long as ended jobs do.</summary>
internal sealed class ModelOriginSweeper(
    ModelOrigins origins,
    ModelVersionStore versions,
    IOptions<WebServiceOptions> options,
    TimeProvider clock,
    ILogger<ModelOriginSweeper> logger) : HourlyService(clock, logger)
{
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    protected override string Description => "Forgetting the origins of models that are gone";

    /// <inheritdoc/>
    protected override bool IsDoneAtStart => false;

    /// <inheritdoc/>
    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var named = (await versions.ListAllAsync(cancellationToken))
            .SelectMany(version => version.Assets)
            .Select(asset => asset.Artifact)
            .ToHashSet(StringComparer.Ordinal);
        await origins.SweepAsync(named, _clock.GetUtcNow() - options.Value.JobRetention, cancellationToken);
    }
}
