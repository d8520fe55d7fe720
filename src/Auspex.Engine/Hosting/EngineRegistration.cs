using Auspex.Engine.Dispatch;
using Auspex.Engine.Hosting;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.Stores;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the engine.</summary>
public static class EngineRegistration
{
    /// <summary>
    /// Adds <see cref="IPipelineRuns"/> and the hosted service that runs it. Whoever composes also registers
    /// <see cref="IRunJournal"/>, <see cref="IArtifactStore"/> and <see cref="ISecretProtector"/> (storage does),
    /// <see cref="IDefinitionStore"/> and the filled <see cref="ActivityCatalog"/>.
    /// </summary>
    public static IServiceCollection AddAuspexEngine(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<EngineOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EngineOptions>, EngineOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new LocalRunHost(
            provider.GetRequiredService<IRunJournal>(),
            provider.GetRequiredService<IArtifactStore>(),
            provider.GetRequiredService<IDefinitionStore>(),
            provider.GetRequiredService<ActivityCatalog>(),
            provider.GetRequiredService<ISecretProtector>(),
            provider.GetRequiredService<IOptions<EngineOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            ids: null,
            provider.GetService<ILogger<LocalRunHost>>()));
        services.TryAddSingleton<IPipelineRuns>(static provider => provider.GetRequiredService<LocalRunHost>());
        services.AddHostedService<RunHostService>();
        services.AddHostedService<HistorySweeper>();
        return services;
    }
}

/// <summary>Starts the run host once everything else has started, and stops it before anything else stops.</summary>
/// <remarks>Activities may call the server of this very process, so that it has to listen whenever they run.</remarks>
internal sealed class RunHostService(LocalRunHost host) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => host.StartHostAsync(cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken) => host.StopHostAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
