using System.Collections.Immutable;
using System.Net.Sockets;
using Auspex.Definitions;
using Auspex.Engine.Runs;
using Auspex.Engine.Triggers;
using Auspex.Errors;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server.Auth;
using Auspex.Server.Factories;
using Auspex.Server.Hosting;
using Auspex.Server.Studio;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Batch;
using Auspex.Stores;
using Microsoft.Extensions.Options;

namespace Auspex.Server;

/// <summary>The server in this process: every interface, the engine, and all state of one data folder.</summary>
/// <remarks>Disposing stops it in order: calls are answered, running activities are left to the next start.</remarks>
public sealed class AuspexServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RunningServer _running;
    private readonly SessionToken _session;

    private AuspexServer(WebApplication app, SessionToken session, string? newOwnerToken)
    {
        _app = app;
        _running = app.Services.GetRequiredService<RunningServer>();
        _session = session;
        NewOwnerToken = newOwnerToken;
    }

    /// <summary>Where it listens, in the order of the options.</summary>
    public ImmutableArray<Uri> Urls => _running.Urls;

    /// <summary>Where this process, and others on this machine, reach it.</summary>
    public Uri Url => _running.Url;

    /// <summary>The https address; null when there is none.</summary>
    public Uri? HttpsUrl => Urls.FirstOrDefault(url => url.Scheme == Uri.UriSchemeHttps);

    /// <summary>32 hex.</summary>
    public string WorkspaceId => _running.Identity.WorkspaceId;

    /// <summary>The factory's name; <c>auspex</c> when there is none.</summary>
    public string FactoryName => _running.Identity.FactoryName;

    /// <summary>The factory's ARM id, from <c>/subscriptions/</c> on.</summary>
    public string FactoryId => _running.Identity.FactoryId;

    /// <summary>The owner token when it was made just now; null otherwise, since only its hash is kept. A secret.</summary>
    public string? NewOwnerToken { get; }

    /// <summary>A token of the owner's role that is valid while this server runs. A secret.</summary>
    public string SessionOwnerToken => _session.Value;

    /// <summary>Starts, watches and cancels runs.</summary>
    public IPipelineRuns Runs => _app.Services.GetRequiredService<IPipelineRuns>();

    /// <summary>Starts, stops and watches triggers.</summary>
    public ITriggers Triggers => _app.Services.GetRequiredService<ITriggers>();

    /// <summary>The factories that this server knows.</summary>
    public IDefinitionStore Definitions => _app.Services.GetRequiredService<IDefinitionStore>();

    /// <summary>The factory as it is now; null when there is none.</summary>
    public FactoryDefinition? Factory => Definitions.FindFactory(FactoryName);

    /// <summary>Models, tables and large outputs.</summary>
    public IArtifactStore Artifacts => _app.Services.GetRequiredService<IArtifactStore>();

    /// <summary>What modules of an experiment may reach when it runs in this process.</summary>
    public ModuleServices ModuleServices => _app.Services.GetRequiredService<ModuleServices>();

    /// <summary>Starts a server; it answers and runs pipelines when the task ends.</summary>
    /// <exception cref="AuspexException">
    /// The address is taken or malformed, an option is out of its range, the data folder is in use or cannot be read. Nothing
    /// listens then.
    /// </exception>
    public static async Task<AuspexServer> StartAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var app = ServerApplication.Build(options);
        SessionToken? session = null;
        try
        {
            var newOwnerToken = await LoadAsync(app.Services, options, cancellationToken);
            session = await SessionToken.CreateAsync(app.Services, cancellationToken);
            ServerApplication.Map(app);
            await ListenAsync(app, options, cancellationToken);
            await app.Services.GetRequiredService<BatchJobs>().RecoverAsync(cancellationToken);
            await app.Services.GetRequiredService<StudioRuns>().RecoverAsync(cancellationToken);
            return new AuspexServer(app, session, newOwnerToken);
        }
        catch
        {
            session?.Dispose();
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes a package, whose artifacts must be in <see cref="Artifacts"/>; see the HTTP route of the same use.</summary>
    /// <exception cref="AuspexException">The package does not load; nothing was changed.</exception>
    public async Task<PublishedWebService> PublishAsync(
        string name, string? description, WebServicePackage package, CancellationToken cancellationToken)
    {
        var publisher = _app.Services.GetRequiredService<WebServicePublisher>();
        var service = await publisher.PublishAsync(WorkspaceId, name, description, package, cancellationToken);
        return PublishedWebService.Of(
            service, _app.Services.GetRequiredService<EndpointKeys>(), Url.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>Waits until the process is asked to end, by a signal or by <paramref name="cancellationToken"/>.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static async Task<string?> LoadAsync(
        IServiceProvider services, ServerOptions options, CancellationToken cancellationToken)
    {
        var documents = services.GetRequiredService<IDocumentStore>();
        var factories = services.GetRequiredService<ServerFactories>();
        await factories.Secrets.LoadAsync(documents, services.GetRequiredService<SecretProtector>(), cancellationToken);
        var factory = ServerApplication.FactoryName(factories);
        var running = services.GetRequiredService<RunningServer>();
        running.Identity = await ServerIdentity.LoadAsync(documents, factory, options, cancellationToken);

        var tokens = services.GetRequiredService<AccessTokens>();
        await tokens.LoadAsync(cancellationToken);
        string? newOwnerToken = null;
        if (options.OwnerToken is { Length: > 0 } given)
        {
            await tokens.SetAsync(AccessTokens.OwnerName, Role.Owner, given, cancellationToken);
        }
        else if (!tokens.Contains(AccessTokens.OwnerName))
        {
            newOwnerToken = await tokens.CreateAsync(AccessTokens.OwnerName, Role.Owner, cancellationToken);
        }

        await services.GetRequiredService<WebServiceDirectory>().LoadAsync(cancellationToken);
        services.GetRequiredService<ServerFolders>().EmptyTemporary();
        return newOwnerToken;
    }

    private static async Task ListenAsync(WebApplication app, ServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is SocketException or Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new ServerStartException(
                ErrorCode.AddressInUse,
                $"Cannot listen on {options.Urls}: {e.Message} Expected an address that no other process listens on. Choose another with --urls http://127.0.0.1:PORT (port 0 takes any free one), or stop the other process.",
                e);
        }
        catch (SocketException e)
        {
            throw new ServerStartException(
                e.SocketErrorCode == SocketError.AddressAlreadyInUse ? ErrorCode.AddressInUse : ErrorCode.ListenAddressInvalid,
                $"Cannot listen on {options.Urls}: {e.Message}. Expected addresses of this machine and ports that this user may open.",
                e);
        }
        catch (OptionsValidationException e)
        {
            throw new ServerStartException(ErrorCode.OptionInvalid, $"A setting is out of its range: {string.Join(" ", e.Failures)}", e);
        }
    }
}
