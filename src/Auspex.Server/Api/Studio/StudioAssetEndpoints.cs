using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Server.Auth;
using Auspex.Server.Studio;
using Auspex.Server.WebServices;
using Auspex.Stores;

namespace Auspex.Server.Api.Studio;

/// <summary>Data sets, trained models and transforms of the Studio interface; uploads and downloads.</summary>
internal sealed class StudioAssetEndpoints(
    StudioCall calls,
    StudioAssets assets,
    StudioUploads uploads,
    StudioExperiments experiments,
    StudioDownloads downloads,
    StudioDatasetPages pages,
    IArtifactStore artifacts,
    ServerIdentity identity)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var kind in StudioAssetKind.All)
        {
            var root = "/api/workspaces/{workspace}/" + kind.Path;
            routes.MapGet(root, context => ListAsync(context, kind));
            routes.MapGet(root + "/{id}", context => GetAsync(context, kind));
            routes.MapPost(root, context => AddAsync(context, kind));
            routes.MapDelete(root + "/family/{family}", context => DeleteAsync(context, kind));
        }

        routes.MapGet("/api/workspaces/{workspace}/datasources/{id}/visualize", (RequestDelegate)VisualizeAsync);
        routes.MapPost("/api/resourceuploads/workspaces/{workspace}", (RequestDelegate)UploadAsync);
        routes.MapPost("/api/blobuploads/workspaces/{workspace}", (RequestDelegate)UploadBlockAsync);
        routes.MapGet("/" + StudioDownloads.Path, (RequestDelegate)DownloadAsync);
    }

    private async Task ListAsync(HttpContext context, StudioAssetKind kind)
    {
        calls.Demand(context, Role.Reader);
        var list = await assets.ListAsync(kind, context.RequestAborted);
        await StudioJson.AnswerAsync(context, new JsonArray([.. list.Select(asset => Show(context, kind, asset))]));
    }

    private async Task GetAsync(HttpContext context, StudioAssetKind kind)
    {
        calls.Demand(context, Role.Reader);
        var id = ScoringCall.RouteText(context, "id");
        var asset = await assets.FindAsync(kind, id, context.RequestAborted) ?? throw StudioCall.NotFound(kind.Member, id);
        await StudioJson.AnswerAsync(context, Show(context, kind, asset));
    }

    private async Task AddAsync(HttpContext context, StudioAssetKind kind)
    {
        calls.Demand(context, Role.Contributor);
        var body = await StudioCall.ReadAsync(context);
        var given = body.ObjectMember(kind.Member)
            ?? throw ServiceErrors.RequestBodyInvalid($"'{kind.Member}' is missing or no object; expected the name and type of what is to be saved.");
        var type = StudioDataType.Find(given.TextMember("DataTypeId"))
            ?? throw ServiceErrors.BadArgument(
                "DataTypeNotSupported",
                $"The data type '{ServiceErrors.Shorten(given.TextMember("DataTypeId") ?? "")}' is unknown; expected one of {string.Join(", ", StudioDataType.All.Select(known => known.Id))}.");
        var asset = body.TextMember("UploadId") is { Length: > 0 } upload
            ? await FromUploadAsync(kind, type, given, upload, body, context.RequestAborted)
            : await experiments.PromoteAsync(
                StudioCall.Required(body, "ExperimentId"),
                StudioCall.Required(body, "ModuleNodeId"),
                StudioCall.Required(body, "OutputName"),
                StudioCall.Required(given, "Name"),
                kind,
                context.RequestAborted);
        var saved = await assets.AddAsync(
            kind,
            asset with
            {
                Description = given.TextMember("Description") ?? "",
                Owner = given.TextMember("Owner") ?? "",
                FamilyId = given.TextMember("FamilyId"),
            },
            context.RequestAborted);
        await StudioJson.AnswerAsync(context, JsonValue.Create((string)saved["Id"]!));
    }

    private async Task<NewAsset> FromUploadAsync(
        StudioAssetKind kind, StudioDataType type, JsonObject given, string upload, JsonObject body, CancellationToken cancellationToken)
    {
        if (kind != StudioAssetKind.Data || !type.AllowsUpload)
        {
            throw ServiceErrors.BadArgument("DataTypeNotSupported", $"What was uploaded cannot be saved as {kind.Member} of type {type.Id}.");
        }

        var (artifact, size) = await uploads.CompleteAsync(upload, cancellationToken);
        return new NewAsset(StudioCall.Required(given, "Name"), type, artifact, size)
        {
            FileName = body.TextMember("UploadedFromFileName"),
            UploadId = upload,
        };
    }

    private async Task DeleteAsync(HttpContext context, StudioAssetKind kind)
    {
        calls.Demand(context, Role.Contributor);
        var family = ScoringCall.RouteText(context, "family");
        if (!await assets.DeleteFamilyAsync(kind, family, context.RequestAborted))
        {
            throw StudioCall.NotFound("family", family);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task UploadAsync(HttpContext context)
    {
        var workspace = calls.Demand(context, Role.Contributor);
        var type = context.Request.Query["dataTypeId"].ToString();
        var id = await uploads.BeginAsync(type, context.Request.Body, context.RequestAborted);
        await StudioJson.AnswerAsync(context, Upload(workspace, id, type));
    }

    private async Task UploadBlockAsync(HttpContext context)
    {
        var workspace = calls.Demand(context, Role.Contributor);
        var query = context.Request.Query;
        if (!int.TryParse(query["blockId"].ToString(), System.Globalization.CultureInfo.InvariantCulture, out var block) || block < 0)
        {
            throw ServiceErrors.BadArgument("InvalidQueryParameter", "The query parameter 'blockId' is missing or no number from 0.");
        }

        var id = query["uploadId"].ToString();
        await uploads.AddBlockAsync(id, block, context.Request.Body, context.RequestAborted);
        await StudioJson.AnswerAsync(context, Upload(workspace, id, query["dataTypeId"].ToString()));
    }

    // Downloads go out as they are: a client reads the raw stream and would not unpack it.
    private async Task DownloadAsync(HttpContext context)
    {
        var download = downloads.Open(context.Request.Query["signature"].ToString()) ?? throw ServiceErrors.Create(
            403,
            "AuthenticationFailed",
            "The address is not signed by this server, was changed, or has expired.",
            "AuthenticationFailed",
            "Ask for the data set again; it gives a new address.");
        if (download.Dataset is { } dataset)
        {
            await WritePageAsync(context, dataset);
        }
        else
        {
            await WriteAsync(context, artifacts, download.Artifact, download.IsPage);
        }
    }

    // With a token, as the address of a data set's page is for people, and ends.
    private async Task VisualizeAsync(HttpContext context)
    {
        calls.Demand(context, Role.Reader);
        await WritePageAsync(context, ScoringCall.RouteText(context, "id"));
    }

    private async Task WritePageAsync(HttpContext context, string dataset)
    {
        var page = await pages.FindAsync(dataset, context.RequestAborted) ?? throw StudioCall.NotFound(StudioAssetKind.Data.Member, dataset);
        BeginPage(context);
        context.Response.ContentLength = page.Length;
        await context.Response.Body.WriteAsync(page, context.RequestAborted);
    }

    private static void BeginPage(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";

        // Column names and cells are a stranger's text: even if one came through, nothing on the page runs or is fetched.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
    }

    internal static async Task WriteAsync(HttpContext context, IArtifactStore artifacts, ArtifactId artifact, bool isPage = false)
    {
        await using var content = await artifacts.OpenAsync(artifact, context.RequestAborted);
        if (isPage)
        {
            BeginPage(context);
        }
        else
        {
            context.Response.ContentType = "application/octet-stream";
            context.Response.Headers.XContentTypeOptions = "nosniff";
        }

        if (content.CanSeek)
        {
            context.Response.ContentLength = content.Length;
        }

        await content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private JsonObject Show(HttpContext context, StudioAssetKind kind, JsonObject asset)
    {
        var shown = asset.DeepClone().AsObject();
        shown.Remove("$artifact");
        var server = PublicAddresses.Server(context);
        var size = asset.IntegerMember("Size") ?? 0;
        JsonObject Address(long length) => downloads.Sign(
            server, identity.WorkspaceId, StudioAssets.ArtifactOf(asset), asset.TextMember("Name") ?? "", length);

        shown["DownloadLocation"] = Address(size);
        shown["VisualizeEndPoint"] = kind == StudioAssetKind.Data
            ? downloads.SignDataset(server, identity.WorkspaceId, StudioAssets.ArtifactOf(asset), (string)asset["Id"]!)
            : null;
        shown["SchemaEndPoint"] = kind == StudioAssetKind.Data ? Address(-1) : null;
        return shown;
    }

    private static JsonObject Upload(string workspace, string id, string type) => new()
    {
        ["Id"] = id,
        ["DataTypeId"] = type,
        ["ContentType"] = null,
        ["Endpoint"] = null,
        ["Committed"] = false,
        ["WorkspaceId"] = workspace,
        ["SharedAccessUri"] = null,
    };
}
