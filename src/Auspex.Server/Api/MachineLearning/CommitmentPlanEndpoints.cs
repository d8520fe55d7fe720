using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Server.Api.Factories;
using Auspex.Server.WebServices.Resources;

namespace Auspex.Server.Api.MachineLearning;

/// <summary>Commitment plans: kept and given back. Nothing is billed here, so that a plan limits nothing.</summary>
internal sealed class CommitmentPlanEndpoints(ArmResources resources)
{
    public async Task ListAsync(ArmCall call) => await call.AnswerAsync(new JsonObject
    {
        ["value"] = new JsonArray([.. (await resources.ListAsync(ArmKind.CommitmentPlans, call.Cancellation)).Select(plan => Write(call, plan))]),
    });

    public async Task GetAsync(ArmCall call) => await call.AnswerAsync(Write(call, await FindAsync(call)));

    public async Task PutAsync(ArmCall call)
    {
        var body = await call.ReadBodyAsync();
        ArmErrors.CheckEnvelope(call, body, needsLocation: true);
        CheckCapacity(body);
        ArmResource? stored;
        ArmResource written;
        using (await resources.LockAsync(call.Cancellation))
        {
            stored = await resources.FindAsync(ArmKind.CommitmentPlans, call.Name, call.Cancellation);
            EntityTags.Demand(call.Context.Request, stored is null ? null : EntityTags.Of(stored.Body));
            var given = new JsonObject
            {
                ["location"] = body.TextMember("location"),
                ["tags"] = body.ObjectMember("tags")?.DeepClone(),
                ["sku"] = body.ObjectMember("sku")?.DeepClone(),
            };
            written = await resources.SaveAsync(stored, ArmKind.CommitmentPlans, call.Name, given, call.Cancellation);
        }

        await call.AnswerAsync(Write(call, written), stored is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    public async Task PatchAsync(ArmCall call)
    {
        var body = await call.ReadBodyAsync();
        ArmErrors.CheckEnvelope(call, body, needsLocation: false);
        CheckCapacity(body);
        ArmResource written;
        using (await resources.LockAsync(call.Cancellation))
        {
            var stored = await FindAsync(call);
            var merged = stored.Body.DeepClone().AsObject();
            foreach (var member in (ReadOnlySpan<string>)["tags", "sku"])
            {
                if (body.ObjectMember(member) is { } value)
                {
                    merged[member] = value.DeepClone();
                }
            }

            written = await resources.SaveAsync(stored, ArmKind.CommitmentPlans, call.Name, merged, call.Cancellation);
        }

        await call.AnswerAsync(Write(call, written));
    }

    public async Task DeleteAsync(ArmCall call)
    {
        using (await resources.LockAsync(call.Cancellation))
        {
            if (!await resources.DeleteAsync(ArmKind.CommitmentPlans, call.Name, call.Cancellation))
            {
                call.Context.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        }
    }

    public async Task ListAssociationsAsync(ArmCall call)
    {
        var plan = await FindAsync(call);
        var services = await ServicesOfAsync(call, plan);
        await call.AnswerAsync(new JsonObject
        {
            ["value"] = new JsonArray([.. services.Select(service => Association(call, plan, service))]),
        });
    }

    public async Task GetAssociationAsync(ArmCall call)
    {
        var plan = await FindAsync(call);
        await call.AnswerAsync(Association(call, plan, await FindServiceAsync(call, plan)));
    }

    public async Task MoveAssociationAsync(ArmCall call)
    {
        var destination = (await call.ReadBodyAsync()).TextMember("destinationPlanId") ?? "";
        using (await resources.LockAsync(call.Cancellation))
        {
            var plan = await FindAsync(call);
            var service = await FindServiceAsync(call, plan);
            var name = destination.TrimEnd('/').Split('/')[^1];
            var target = await resources.FindAsync(ArmKind.CommitmentPlans, name, call.Cancellation)
                ?? throw ArmErrors.Invalid($"'destinationPlanId' names no commitment plan of this server: '{ServiceErrors.Shorten(destination)}'.", "destinationPlanId");
            var body = service.Body.DeepClone().AsObject();
            body["properties"]!["commitmentPlan"] = new JsonObject { ["id"] = call.IdOf(target.Name) };
            var moved = await resources.SaveAsync(service, ArmKind.WebServices, service.Name, body, call.Cancellation);
            await call.AnswerAsync(Association(call, target, moved));
        }
    }

    public async Task ListUsageAsync(ArmCall call)
    {
        await FindAsync(call);
        await call.AnswerAsync(new JsonObject { ["value"] = new JsonArray() });
    }

    public static Task ListSkusAsync(ArmCall call) => call.AnswerAsync(new JsonObject
    {
        ["value"] = new JsonArray([.. ((ReadOnlySpan<string>)["S1", "S2", "S3"]).ToArray().Select(name => new JsonObject
        {
            ["resourceType"] = call.Type,
            ["sku"] = new JsonObject { ["name"] = name, ["tier"] = "Standard" },
            ["capacity"] = new JsonObject { ["minimum"] = 1, ["maximum"] = 100, ["default"] = 1, ["scaleType"] = "Manual" },
        })]),
    });

    private async Task<ArmResource> FindAsync(ArmCall call) =>
        await resources.FindAsync(ArmKind.CommitmentPlans, call.Name, call.Cancellation) ?? throw ArmErrors.NotFound(call);

    private async Task<List<ArmResource>> ServicesOfAsync(ArmCall call, ArmResource plan) =>
        [.. (await resources.ListAsync(ArmKind.WebServices, call.Cancellation)).Where(service =>
            service.Properties.ObjectMember("commitmentPlan")?.TextMember("id") is { } id
            && id.TrimEnd('/').Split('/')[^1].Equals(plan.Name, StringComparison.OrdinalIgnoreCase))];

    private async Task<ArmResource> FindServiceAsync(ArmCall call, ArmResource plan)
    {
        var name = call.Context.Request.RouteValues["association"] as string ?? "";
        return (await ServicesOfAsync(call, plan)).Find(service => service.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw FactoryErrors.NotFound(
                "ResourceNotFound", $"The commitment plan '{plan.Name}' has no association '{ServiceErrors.Shorten(name)}'.");
    }

    private static JsonObject Association(ArmCall call, ArmResource plan, ArmResource service) => new()
    {
        ["id"] = $"{call.IdOf(plan.Name)}/commitmentAssociations/{service.Name}",
        ["name"] = service.Name,
        ["type"] = "Microsoft.MachineLearning/commitmentPlans/commitmentAssociations",
        ["location"] = service.Body.TextMember("location"),
        ["etag"] = EntityTags.Of(plan.Body),
        ["properties"] = new JsonObject
        {
            ["associatedResourceId"] = (call with { Kind = ArmKind.WebServices }).IdOf(service.Name),
            ["commitmentPlanId"] = call.IdOf(plan.Name),
            ["creationDate"] = WebServiceResourceWriter.Time(service.CreatedAt),
        },
    };

    private static void CheckCapacity(JsonObject body)
    {
        if (body.ObjectMember("sku")?.Member("capacity") is { } capacity && capacity.AsInteger() is not (>= 1 and <= int.MaxValue))
        {
            throw ArmErrors.Invalid("'sku.capacity' is no whole number from 1.", "sku.capacity");
        }
    }

    private static JsonObject Write(ArmCall call, ArmResource plan) => new()
    {
        ["id"] = call.IdOf(plan.Name),
        ["name"] = plan.Name,
        ["type"] = call.Type,
        ["location"] = plan.Body.TextMember("location"),
        ["tags"] = plan.Body.ObjectMember("tags")?.DeepClone() ?? new JsonObject(),
        ["etag"] = EntityTags.Of(plan.Body),
        ["sku"] = plan.Body.ObjectMember("sku")?.DeepClone() ?? new JsonObject { ["name"] = "S1", ["tier"] = "Standard", ["capacity"] = 1 },
        ["properties"] = new JsonObject
        {
            ["chargeForOverage"] = false,
            ["chargeForPlan"] = false,
            ["creationDate"] = WebServiceResourceWriter.Time(plan.CreatedAt),
            ["includedQuantities"] = new JsonObject(),
            ["maxAssociationLimit"] = 100,
            ["maxCapacityLimit"] = 100,
            ["minCapacityLimit"] = 1,
            ["planMeter"] = "",
            ["refillFrequencyInDays"] = 30,
            ["suspendPlanOnOverage"] = false,
        },
    };
}
