using Auspex.Engine.Runs;
using Auspex.Engine.Triggers;
using Auspex.Stores;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers triggers.</summary>
public static class TriggerRegistration
{
    /// <summary>
    /// Adds <see cref="ITriggers"/> beside an engine that was added before. Whoever composes also registers
    /// <see cref="ITriggerStore"/> (storage does), and <see cref="IBlobWatch"/> where blobs are to be watched.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="fires">Whether this process fires triggers; without, they can only be asked and changed.</param>
    public static IServiceCollection AddAuspexTriggers(this IServiceCollection services, bool fires)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<TriggerOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TriggerOptions>, TriggerOptionsValidator>());
        services.TryAddSingleton(static provider => new TriggerHost(
            provider.GetRequiredService<ITriggerStore>(),
            provider.GetRequiredService<IPipelineRuns>(),
            provider.GetRequiredService<IDefinitionStore>(),
            provider.GetRequiredService<IOptions<TriggerOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<IBlobWatch>(),
            provider.GetService<ILogger<TriggerHost>>()));
        services.TryAddSingleton<ITriggers>(static provider => provider.GetRequiredService<TriggerHost>());
        if (fires)
        {
            services.AddHostedService<TriggerHostService>();
        }

        return services;
    }
}

/// <summary>Fires once runs can be started, and stops before they cannot: it is registered after the run host.</summary>
internal sealed class TriggerHostService(TriggerHost host) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => host.StartHostAsync(cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken) => host.StopHostAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
