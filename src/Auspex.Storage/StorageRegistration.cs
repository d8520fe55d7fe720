using Auspex.Storage;
using Auspex.Storage.Files;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers our own state.</summary>
public static class StorageRegistration
{
    /// <summary>
    /// Adds the stores of a data folder: journal, documents, artifacts, and a protector of secrets unless one is registered.
    /// The folder is taken when the first of them is asked for, and given up with the provider.
    /// </summary>
    /// <exception cref="DataFolderInUseException">When it is taken: another process has the folder.</exception>
    public static IServiceCollection AddAuspexStorage(this IServiceCollection services, string dataFolder)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<StorageOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>());
        services.TryAddSingleton(provider =>
            LocalStores.Open(dataFolder, provider.GetRequiredService<IOptions<StorageOptions>>().Value));
        services.TryAddSingleton(static provider => provider.GetRequiredService<LocalStores>().Journal);
        services.TryAddSingleton(static provider => provider.GetRequiredService<LocalStores>().Documents);
        services.TryAddSingleton(static provider => provider.GetRequiredService<LocalStores>().Triggers);
        services.TryAddSingleton(static provider => provider.GetRequiredService<LocalStores>().Artifacts);
        services.TryAddSingleton(static provider => provider.GetRequiredService<LocalStores>().Secrets);
        return services;
    }

    /// <summary>The same with stores that are open already; they stay the caller's to dispose.</summary>
    public static IServiceCollection AddAuspexStorage(this IServiceCollection services, LocalStores stores)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(stores);
        services.AddSingleton(stores);
        services.TryAddSingleton(stores.Journal);
        services.TryAddSingleton(stores.Documents);
        services.TryAddSingleton(stores.Triggers);
        services.TryAddSingleton(stores.Artifacts);
        services.TryAddSingleton(stores.Secrets);
        return services;
    }
}
