using System.Text;
using System.Text.Json.Nodes;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Modules;
using Auspex.Server.Auth;
using Auspex.Server.Studio;

namespace Auspex.Server.Api.Studio;

/// <summary>The workspace of the Studio interface, its module catalogue and data types.</summary>
internal sealed class StudioWorkspaceEndpoints(StudioCall calls, StudioInvitations invitations, ModuleCatalog catalog)
{
    private const string ModuleWorkspace = "506153734175476c4f62416c57734963";
    private const int MostInvitationBytes = 1 << 20;
    private const string Root = "/api/workspaces/{workspace}";

    // Side features of the original that clients ask for and that are empty here.
    private static readonly string[] Empty = ["projectcontainers", "gateways", "notebooks"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Root, (RequestDelegate)GetAsync);
        routes.MapGet(Root + "/users", (RequestDelegate)UsersAsync);
        routes.MapPost(Root + "/invitations", (RequestDelegate)InviteAsync);
        routes.MapDelete(Root + "/invitations/{email}", (RequestDelegate)RevokeAsync);
        routes.MapGet(Root + "/modules", (RequestDelegate)ModulesAsync);
        routes.MapGet(Root + "/datatypes", (RequestDelegate)DataTypesAsync);
        foreach (var feature in Empty)
        {
            routes.MapGet($"{Root}/{feature}", context =>
            {
                calls.Demand(context, Role.Reader);
                return StudioJson.AnswerAsync(context, new JsonArray());
            });
        }
    }

    private Task GetAsync(HttpContext context)
    {
        var workspace = calls.Demand(context, Role.Reader);
        var token = BearerToken.FindOfManagement(context.Request);
        return StudioJson.AnswerAsync(context, new JsonObject
        {
            ["WorkspaceId"] = workspace,
            ["FriendlyName"] = "auspex",
            ["Description"] = "",
            ["HDInsightClusterConnectionString"] = "",
            ["HDInsightStorageConnectionString"] = "",
            ["UseDefaultHDInsightSettings"] = false,
            // Only hashes of tokens are kept: whoever asks sees the one that he has.
            ["AuthorizationToken"] = new JsonObject { ["PrimaryToken"] = token, ["SecondaryToken"] = token },
            ["MigrationStatus"] = "None",
            ["OwnerEmail"] = "",
            ["UserStorage"] = "",
            ["UserStorageKey"] = "",
            ["SubscriptionId"] = "",
            ["SubscriptionName"] = "",
            ["SubscriptionState"] = "Enabled",
            ["Region"] = "local",
            ["WorkspaceStatus"] = "Enabled",
            ["Type"] = "Production",
            ["OwnerPrincipalId"] = "",
            ["Tags"] = new JsonObject(),
            ["TenantId"] = "",
        });
    }

    private async Task UsersAsync(HttpContext context)
    {
        calls.Demand(context, Role.Reader);
        var owner = new JsonObject
        {
            ["Status"] = "Active",
            ["User"] = new JsonObject { ["UserId"] = "owner", ["Email"] = "", ["Name"] = "owner", ["Role"] = "Owner" },
        };
        await StudioJson.AnswerAsync(context, new JsonArray([owner, .. await invitations.ListAsync(context.RequestAborted)]));
    }

    private async Task InviteAsync(HttpContext context)
    {
        calls.Demand(context, Role.Owner);
        using var body = await RequestBody.ReadAsync(context, MostInvitationBytes);
        await StudioJson.AnswerAsync(context, await invitations.InviteAsync(Encoding.UTF8.GetString(body.Bytes.Span), context.RequestAborted));
    }

    private async Task RevokeAsync(HttpContext context)
    {
        calls.Demand(context, Role.Owner);
        var email = ScoringCall.RouteText(context, "email");
        if (!await invitations.RevokeAsync(email, context.RequestAborted))
        {
            throw StudioCall.NotFound("invitation", email);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private Task DataTypesAsync(HttpContext context)
    {
        calls.Demand(context, Role.Reader);
        return StudioJson.AnswerAsync(context, new JsonArray([.. StudioDataType.All.Select(type => new JsonObject
        {
            ["Id"] = type.Id,
            ["Name"] = type.Id,
            ["Description"] = type.Description,
            ["FileExtension"] = type.Extension,
            ["AllowUpload"] = type.AllowsUpload,
            ["AllowPromotion"] = type.Id is "Dataset" or "GenericCSV",
            ["AllowModelPromotion"] = type.Id == "ILearnerDotNet",
            ["CreatedDate"] = StudioJson.Date(DateTimeOffset.UnixEpoch),
        })]));
    }

    private Task ModulesAsync(HttpContext context)
    {
        calls.Demand(context, Role.Reader);
        return StudioJson.AnswerAsync(context, new JsonArray([.. catalog.Modules.Select(module => Write(module.Descriptor))]));
    }

    private static JsonObject Write(ModuleDescriptor module) => new()
    {
        ["Id"] = module.FamilyId is { } family ? $"{ModuleWorkspace}.{family}.v1-default-1751" : module.Name,
        ["Name"] = module.Name,
        ["Description"] = "",
        ["Category"] = module.Category,
        ["FamilyId"] = module.FamilyId,
        ["IsDeterministic"] = module.IsDeterministic,
        ["IsBlocking"] = false,
        ["ModuleType"] = "User",
        ["ReleaseState"] = "Release",
        ["ModuleLanguage"] = new JsonObject { ["Language"] = "DotNet", ["Version"] = "4.5.0" },
        ["ResourceUploadId"] = null,
        ["Size"] = 0,
        ["CreatedDate"] = StudioJson.Date(DateTimeOffset.UnixEpoch),
        ["Owner"] = "Auspex",
        ["IsLatest"] = true,
        ["IsDeprecated"] = false,
        ["SourceOrigin"] = "FromExistingBlob",
        ["ClientVersion"] = null,
        ["ServiceVersion"] = 0,
        ["Batch"] = module.Version,
        ["EscalationEmail"] = "",
        ["InformationUrl"] = "",
        ["CloudSystem"] = "Dll",
        ["ModuleInterface"] = new JsonObject
        {
            ["InterfaceString"] = "",
            ["InputPorts"] = new JsonArray([.. module.Inputs.Select(port => new JsonObject
            {
                ["Name"] = port.Name,
                ["FriendlyName"] = port.Name,
                ["IsOptional"] = port.IsOptional,
                ["Types"] = new JsonArray(new JsonObject { ["Id"] = TypeOf(port) }),
            })]),
            ["OutputPorts"] = new JsonArray([.. module.Outputs.Select(port => new JsonObject
            {
                ["Name"] = port.Name,
                ["FriendlyName"] = port.Name,
                ["Type"] = new JsonObject { ["Id"] = TypeOf(port) },
            })]),
            ["Parameters"] = new JsonArray([.. module.Parameters.Select(Write)]),
        },
    };

    private static JsonObject Write(ModuleParameter parameter) => new()
    {
        ["Name"] = parameter.GraphName ?? parameter.Name,
        ["FriendlyName"] = parameter.Name,
        ["ParameterType"] = parameter.Kind switch
        {
            ParameterKind.Integer => "Int",
            ParameterKind.Float => "Double",
            ParameterKind.Enum => parameter.Values.Length > 0 ? "Enumerated" : "String",
            ParameterKind.ColumnSelection => "ColumnPicker",
            var kind => kind.ToString(),
        },
        ["IsOptional"] = parameter.IsOptional,
        ["HasDefaultValue"] = parameter.Default is not null,
        ["DefaultValue"] = parameter.Default,
        ["HasRules"] = parameter.Minimum is not null || parameter.Maximum is not null || parameter.Values.Length > 0,
        ["ParameterRules"] = new JsonArray(new JsonObject
        {
            ["Min"] = parameter.Minimum,
            ["Max"] = parameter.Maximum,
            ["Values"] = new JsonArray([.. parameter.Values.Select(value => JsonValue.Create(value))]),
        }),
        ["MarkupType"] = "Parameter",
        ["IsInt"] = parameter.Kind == ParameterKind.Integer,
    };

    private static string TypeOf(ModulePort port) => port.Type switch
    {
        PortType.ILearner => "ILearnerDotNet",
        PortType.ITransform => "ITransformDotNet",
        _ => "Dataset",
    };
}
