using System.Collections.Immutable;
using Auspex.Activities.DataMovement;
using Auspex.Activities.External;
using Auspex.Activities.External.Web;
using Auspex.Activities.LinkedServices;
using Auspex.Activities.MachineLearning;
using Auspex.Activities.Triggers;
using Auspex.Connectors.Http;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Hosting;
using Auspex.Engine.Triggers;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Server.Api;
using Auspex.Server.Api.Factories;
using Auspex.Server.Api.MachineLearning;
using Auspex.Server.Api.Studio;
using Auspex.Server.Auth;
using Auspex.Server.Callbacks;
using Auspex.Server.Factories;
using Auspex.Server.Studio;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Batch;
using Auspex.Server.WebServices.Code;
using Auspex.Server.WebServices.Models;
using Auspex.Server.WebServices.Resources;
using Auspex.Server.WebServices.Scoring;
using Auspex.Storage;
using Auspex.Stores;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Auspex.Server.Hosting;

/// <summary>The composition root: engine, storage, connectors, experiments, activities and the interfaces over them.</summary>
internal static class ServerRegistration
{
    public static IServiceCollection AddAuspexServer(
        this IServiceCollection services,
        IConfiguration configuration,
        ServerOptions options,
        ServerFolders folders,
        ServerFactories factories,
        ImmutableArray<string> fileRoots)
    {
        services.AddSingleton(options.Clock ?? TimeProvider.System);
        services.AddSingleton(folders);
        services.AddSingleton(factories);
        services.AddSingleton<IDefinitionStore>(factories);
        services.AddOptions<EngineOptions>().Bind(configuration.GetSection(EngineOptions.Section));
        services.AddOptions<TriggerOptions>().Bind(configuration.GetSection(TriggerOptions.Section));
        services.AddOptions<StorageOptions>().Bind(configuration.GetSection(StorageOptions.Section));
        services.AddOptions<WebServiceOptions>().Bind(configuration.GetSection(WebServiceOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebServiceOptions>, WebServiceOptionsValidator>());
        services.AddOptions<BlobTransferOptions>().Bind(configuration.GetSection(BlobTransferOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BlobTransferOptions>, BlobTransferOptionsValidator>());
        services.AddOptions<WebOptions>().Bind(configuration.GetSection(WebOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebOptions>, ExternalOptionsValidator>());
        services.AddOptions<CustomOptions>().Bind(configuration.GetSection(CustomOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CustomOptions>, ExternalOptionsValidator>());
        services.AddOptions<IdentityOptions>().Bind(configuration.GetSection(IdentityOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IdentityOptions>, ExternalOptionsValidator>());
        services.AddDataProtection().SetApplicationName("Auspex").PersistKeysToFileSystem(new DirectoryInfo(folders.Keys));
        services.AddAuspexStorage(folders.Data);
        // Before the engine: its runs call this server by the address that this learns.
        services.AddHostedService<ListeningService>();
        services.AddAuspexEngine();
        services.AddAuspexTriggers(options.RunsTriggers);
        AddConnectors(services, configuration, folders, fileRoots);
        AddExperiments(services, options);
        AddWebServices(services, folders);
        AddInterfaces(services);
        return services;
    }

    private static void AddConnectors(
        IServiceCollection services, IConfiguration configuration, ServerFolders folders, ImmutableArray<string> fileRoots)
    {
        var outbound = OutboundSettings.Read(configuration);
        services.AddSingleton(provider => new BlobStores(
            new BlobStoresOptions
            {
                FileRoots = [.. fileRoots, folders.Storage],
                Outbound = outbound,
                Transfer = provider.GetRequiredService<IOptions<BlobTransferOptions>>().Value,
            },
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Func<BlobReference, IBlobStore>>(static provider =>
        {
            var stores = provider.GetRequiredService<BlobStores>();
            var addresses = provider.GetRequiredService<StorageAddresses>();
            return reference => stores.Open(addresses.TryOpen(reference) ?? reference);
        });
        services.AddSingleton(provider => new EndpointAddresses(() => provider.GetRequiredService<RunningServer>().Url));
        services.AddSingleton(provider => new IdentityTokens(
            provider.GetRequiredService<HttpClient>(),
            provider.GetRequiredService<EndpointAddresses>(),
            provider.GetRequiredService<IOptions<IdentityOptions>>().Value));
        services.AddSingleton(provider => new SecretReader(Environment.GetEnvironmentVariable, File.ReadAllText)
        {
            KeyVault = new KeyVaultClient(
                provider.GetRequiredService<HttpClient>(),
                provider.GetRequiredService<EndpointAddresses>(),
                provider.GetRequiredService<IdentityTokens>()),
        });
        services.AddSingleton<IBlobWatch, StorageBlobWatch>();
        services.AddSingleton(new OutboundGate(outbound));
        services.AddSingleton(provider => new HttpClient(provider.GetRequiredService<OutboundGate>().CreateHandler())
        {
            Timeout = Timeout.InfiniteTimeSpan,
        });
        services.AddSingleton(new SqlTables(new SqlTablesOptions { FileRoots = [.. fileRoots], Outbound = outbound }));
        var scripts = ScriptSettings.Read(name => configuration[$"{ScriptSettings.Section}:{name}"]);
        services.AddSingleton(provider => new ScriptStandby(scripts, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ModuleServices
        {
            OpenBlobStore = provider.GetRequiredService<Func<BlobReference, IBlobStore>>(),
            Clock = provider.GetRequiredService<TimeProvider>(),
            FileRoots = [.. fileRoots, folders.Storage],
            Databases = provider.GetRequiredService<SqlTables>(),
            Scripts = scripts,
            Standby = provider.GetRequiredService<ScriptStandby>(),
        });
    }

    private static void AddExperiments(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(_ => options.Modules ?? ModuleCatalog.CreateDefault());
        services.AddSingleton<IModelFormat, ModelContainerFormat>();
        services.AddSingleton(provider => new ArtifactValues(
            provider.GetRequiredService<IArtifactStore>(), provider.GetRequiredService<IModelFormat>()));
    }

    private static void AddWebServices(IServiceCollection services, ServerFolders folders)
    {
        services.AddSingleton<SecretProtector>();
        services.AddSingleton<EndpointKeys>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<ManagementAccess>();
        services.AddSingleton<StorageAddresses>();
        services.AddSingleton<BlobFetcher>();
        services.AddSingleton<IWebServiceLoader, WebServiceLoader>();
        services.AddSingleton<WebServiceDirectory>();
        services.AddSingleton<WebServicePublisher>();
        services.AddSingleton<CodePublisher>();
        services.AddSingleton<ModelReplacement>();
        services.AddSingleton<ModelOrigins>();
        services.AddSingleton<ModelVersionStore>();
        services.AddSingleton<ModelVersions>();
        services.AddSingleton<ModelComparison>();
        services.AddSingleton<EndpointChanges>();
        services.AddSingleton<RequestScorer>();
        services.AddSingleton<BatchPipelines>();
        services.AddSingleton<BatchJobs>();
        services.AddSingleton<JobReports>();
        services.AddSingleton(provider => new JobSubmissionReader(provider.GetRequiredService<BlobFetcher>(), folders.Storage));
        services.AddSingleton<BatchInputReader>();
        services.AddSingleton<BatchOutputWriter>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<BatchWorkOpener>();
        services.AddSingleton<BatchScoreExecutor>();
        services.AddSingleton<BatchGraphExecutor>();
        services.AddSingleton<CallbackStore>();
        services.AddSingleton<ICallbacks>(static provider => provider.GetRequiredService<CallbackStore>());
        services.AddSingleton(CreateCatalog);
        services.AddHostedService<JobSweeper>();
        services.AddHostedService<ModelOriginSweeper>();
        services.AddHostedService<CallbackSweeper>();
    }

    private static void AddInterfaces(IServiceCollection services)
    {
        services.AddSingleton<RunningServer>();
        services.AddSingleton(provider => provider.GetRequiredService<RunningServer>().Identity);
        services.AddSingleton<ManagementWriter>();
        services.AddSingleton<ScoringEndpoints>();
        services.AddSingleton<JobEndpoints>();
        services.AddSingleton<ManagementEndpoints>();
        services.AddSingleton<StudioStore>();
        services.AddSingleton<StudioAssets>();
        services.AddSingleton<StudioUploads>();
        services.AddSingleton<StudioDownloads>();
        services.AddSingleton<StudioGraphs>();
        services.AddSingleton<StudioRuns>();
        services.AddSingleton<StudioOutputs>();
        services.AddSingleton<StudioProgress>();
        services.AddSingleton<StudioDatasetPages>();
        services.AddSingleton<StudioRunExecutor>();
        services.AddSingleton<StudioExperiments>();
        services.AddSingleton<StudioPackages>();
        services.AddSingleton<StudioDefinitions>();
        services.AddSingleton<StudioInvitations>();
        services.AddSingleton<StudioCall>();
        services.AddSingleton<StudioPackageEndpoints>();
        services.AddSingleton<StudioAssetEndpoints>();
        services.AddSingleton<StudioExperimentEndpoints>();
        services.AddSingleton<StudioWorkspaceEndpoints>();
        services.AddSingleton<ArmResources>();
        services.AddSingleton<DefinitionPublisher>();
        services.AddSingleton<WebServiceResourceChanges>();
        services.AddSingleton<WebServiceResourceEndpoints>();
        services.AddSingleton<WorkspaceEndpoints>();
        services.AddSingleton<CommitmentPlanEndpoints>();
        services.AddSingleton<ArmOperations>();
        services.AddSingleton<ArmRoutes>();
        services.AddSingleton<DocumentEndpoints>();
        services.AddSingleton<PublishEndpoints>();
        services.AddSingleton<ModelEndpoints>();
        services.AddSingleton<StorageEndpoints>();
        services.AddSingleton<TokenEndpoints>();
        services.AddSingleton<ResourceDocuments>();
        services.AddSingleton<OperationResults>();
        services.AddSingleton<FactoryEndpoints>();
        services.AddSingleton<ResourceEndpoints>();
        services.AddSingleton<GlobalParameterEndpoints>();
        services.AddSingleton<IntegrationRuntimeEndpoints>();
        services.AddSingleton<PipelineRunEndpoints>();
        services.AddSingleton<TriggerEndpoints>();
        services.AddSingleton<EventEndpoints>();
        services.AddSingleton<CallbackEndpoints>();
        services.AddSingleton<RunWatchEndpoints>();
        services.AddSingleton<FactoryRoutes>();
    }

    private static ActivityCatalog CreateCatalog(IServiceProvider provider)
    {
        var catalog = new ActivityCatalog();
        var secrets = provider.GetRequiredService<SecretReader>();
        var addresses = provider.GetRequiredService<EndpointAddresses>();
        DataMovementActivities.Register(
            catalog,
            provider.GetRequiredService<HttpClient>(),
            secrets,
            addresses,
            provider.GetRequiredService<Func<BlobReference, IBlobStore>>(),
            provider.GetRequiredService<SqlTables>(),
            new DataMovementOptions(),
            provider.GetRequiredService<TimeProvider>());
        MachineLearningActivities.Register(
            catalog,
            provider.GetRequiredService<HttpClient>(),
            secrets,
            addresses,
            provider.GetRequiredService<Func<BlobReference, IBlobStore>>(),
            new MachineLearningOptions(),
            provider.GetRequiredService<TimeProvider>());
        ExternalActivities.Register(
            catalog,
            provider.GetRequiredService<HttpClient>(),
            provider.GetRequiredService<OutboundGate>(),
            secrets,
            addresses,
            provider.GetRequiredService<IdentityTokens>(),
            provider.GetRequiredService<ICallbacks>(),
            provider.GetRequiredService<Func<BlobReference, IBlobStore>>(),
            provider.GetRequiredService<SqlTables>(),
            provider.GetRequiredService<IOptions<WebOptions>>().Value,
            provider.GetRequiredService<IOptions<CustomOptions>>().Value,
            provider.GetRequiredService<ServerFolders>().Commands,
            provider.GetRequiredService<TimeProvider>());
        return catalog
            .Add(BatchPipelines.ScoreType, provider.GetRequiredService<BatchScoreExecutor>())
            .Add(BatchPipelines.GraphType, provider.GetRequiredService<BatchGraphExecutor>())
            .Add(StudioRuns.ActivityType, provider.GetRequiredService<StudioRunExecutor>());
    }
}
