using System.Text.Encodings.Web;
using System.Text.Json;
using Auspex.Server.Api;
using Auspex.Server.Api.Factories;
using Auspex.Server.Api.MachineLearning;
using Auspex.Server.Api.Studio;
using Auspex.Server.Callbacks;
using Auspex.Server.Factories;
using Auspex.Storage.Definitions;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Auspex.Server.Hosting;

/// <summary>Builds the web application: Kestrel, routes, logs, settings.</summary>
internal static class ServerApplication
{
    private const string NoFactoryName = "auspex";

    public static WebApplication Build(ServerOptions options)
    {
        var addresses = ListenAddress.Parse(options.Urls);
        var folders = new ServerFolders(Path.GetFullPath(options.DataFolder));

        // The empty builder: nothing is read from the working directory and no file is watched, which would take a third of
        // the start and, in a data folder, notice every job.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = folders.Data });
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddInMemoryCollection(options.Settings);
        AddLogging(builder.Logging, options);
        builder.WebHost.UseKestrelCore();
        if (addresses.Exists(address => address.IsHttps))
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, addresses, options, folders));
        builder.Services.AddRoutingCore();
        var factories = new ServerFactories(
            options.FactoryFolder is { } folder ? new FolderDefinitionStore(Path.GetFullPath(folder), options.EnvironmentName) : null,
            folders.Factories);
        builder.Services.AddAuspexServer(
            builder.Configuration,
            options,
            folders,
            factories,
            [.. options.FileRoots, .. factories.Given?.Overlay.FileRoots ?? []]);
        return builder.Build();
    }

    public static void Map(WebApplication app)
    {
        app.UseMiddleware<RequestIdMiddleware>();
        app.UseRouting();
        IEndpointRouteBuilder routes = app;
        routes.MapGet("/healthz", (RequestDelegate)(context => context.Response.WriteAsync("Healthy", context.RequestAborted)));
        app.Services.GetRequiredService<ScoringEndpoints>().Map(routes);
        app.Services.GetRequiredService<JobEndpoints>().Map(routes);
        app.Services.GetRequiredService<ManagementEndpoints>().Map(routes);
        app.Services.GetRequiredService<DocumentEndpoints>().Map(routes);
        app.Services.GetRequiredService<PublishEndpoints>().Map(routes);
        app.Services.GetRequiredService<ModelEndpoints>().Map(routes);
        app.Services.GetRequiredService<StorageEndpoints>().Map(routes);
        app.Services.GetRequiredService<TokenEndpoints>().Map(routes);
        app.Services.GetRequiredService<RunWatchEndpoints>().Map(routes);
        app.Services.GetRequiredService<EventEndpoints>().Map(routes);
        app.Services.GetRequiredService<CallbackEndpoints>().Map(routes);
        app.Services.GetRequiredService<FactoryRoutes>().Map(routes);
        app.Services.GetRequiredService<ArmRoutes>().Map(routes);
        app.Services.GetRequiredService<StudioWorkspaceEndpoints>().Map(routes);
        app.Services.GetRequiredService<StudioAssetEndpoints>().Map(routes);
        app.Services.GetRequiredService<StudioExperimentEndpoints>().Map(routes);
        app.Services.GetRequiredService<StudioPackageEndpoints>().Map(routes);
    }

    /// <summary>The name of the factory given at the start, or the one that clients find without.</summary>
    public static string FactoryName(ServerFactories factories) => factories.Given?.Name ?? NoFactoryName;

    private static void Listen(
        KestrelServerOptions kestrel, List<ListenAddress> addresses, ServerOptions options, ServerFolders folders)
    {
        kestrel.AddServerHeader = false;
        // Bodies are bounded where they are read, each by its own limit, so that the answer says so in its own words.
        kestrel.Limits.MaxRequestBodySize = null;
        foreach (var address in addresses)
        {
            kestrel.Listen(address.Host, address.Port, listen =>
            {
                if (address.IsHttps)
                {
                    listen.UseHttps(ServerCertificate.Load(options, folders, (options.Clock ?? TimeProvider.System).GetUtcNow()));
                }
            });
        }
    }

    private static void AddLogging(ILoggingBuilder logging, ServerOptions options)
    {
        logging.SetMinimumLevel(options.LogLevel);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // A failed start is told by whoever asked for it, in one sentence.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        // It warns at each start that keys lie unencrypted; who can read the folder is what protects them, and documented.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        if (options.LogFormat == LogFormat.Json)
        {
            logging.AddJsonConsole(console =>
            {
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                console.UseUtcTimestamp = true;
                console.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.TimestampFormat = "HH:mm:ss ";
                console.SingleLine = true;
            });
        }

        // Standard output belongs to what commands print.
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
