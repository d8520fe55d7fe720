using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex models list|show|compare|challenge|promote|rollback</c>: the versions of what web-service endpoints serve.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "List, show, compare, challenge, promote and roll back the models of web services.")
    {
        List(), Show(), Compare(), Challenge(), Promote(), RollBack(),
    };

    private static Command List()
    {
        var service = new Argument<string?>("SERVICE") { Description = "A web service's name (default: all).", Arity = ArgumentArity.ZeroOrOne };
        var endpoint = new Option<string?>("--endpoint") { Description = "Only this endpoint." };
        return ServerCommands.Connect(new Command("list", "List versions, the oldest first.") { service, endpoint }, async (client, parsed, cancellationToken) =>
        {
            var answer = await client.CallModelsAsync(HttpMethod.Get, "", cancellationToken);
            List<JsonObject> all = [.. (answer["value"] as JsonArray ?? []).OfType<JsonObject>()];
            var found = all.FindAll(version => Matches(version["service"], parsed.GetValue(service)) && Matches(version["endpoint"], parsed.GetValue(endpoint)));
            if (found.Count == 0 && parsed.GetValue(service) is { } wanted)
            {
                var known = all.ConvertAll(version => $"{version["service"]}/{version["endpoint"]}").Distinct(StringComparer.Ordinal).ToList();
                await Console.Error.WriteLineAsync(
                    $"auspex: there is no {(parsed.GetValue(endpoint) is { } name ? $"endpoint '{name}' of a web service" : "web service")} '{wanted}'; there "
                    + (known.Count == 0 ? "are none." : $"are {string.Join(", ", known)}."));
                return ExitCodes.Failure;
            }

            var width = found.Count == 0 ? 0 : found.Max(version => $"{version["service"]}/{version["endpoint"]}".Length);
            foreach (var version in found)
            {
                Console.WriteLine(parsed.GetValue<bool>("--json")
                    ? version.ToJsonString()
                    : $"{$"{version["service"]}/{version["endpoint"]}".PadRight(width)}  {version["version"],4}  {version["state"],-10}  {version["createdAt"]?.ToString()[..19]}Z  {version["reason"],-9}  {Metrics(version)}");
            }

            return ExitCodes.Success;
        });
    }

    private static Command Show()
    {
        var (service, endpoint, version) = (Service(), Endpoint(), Version("VERSION"));
        return ServerCommands.Connect(new Command("show", "Show all that is known of a version.") { service, version, endpoint }, async (client, parsed, cancellationToken) =>
        {
            var found = await client.CallModelsAsync(HttpMethod.Get, $"{Path(parsed, service, endpoint)}/{parsed.GetValue(version)}", cancellationToken);
            if (parsed.GetValue<bool>("--json"))
            {
                Console.WriteLine(found.ToJsonString());
                return ExitCodes.Success;
            }

            Console.WriteLine(Line(found));
            foreach (var asset in (found["assets"] as JsonArray ?? []).OfType<JsonObject>())
            {
                Console.WriteLine($"  {asset["name"]} ({asset["kind"]}), {asset["artifact"]}");
                foreach (var (name, label) in Lines)
                {
                    if (asset[name] is { } value)
                    {
                        Console.WriteLine($"    {label,-14} {value}");
                    }
                }

                foreach (var (name, value) in asset["metrics"] as JsonObject ?? [])
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {name,-30} {(double?)value:0.######}"));
                }
            }

            if ((string?)found["gate"]?["finding"] is { } finding)
            {
                Console.WriteLine($"  gate: {((bool?)found["gate"]!["passed"] == true ? "passed" : "refused")}: {finding}");
            }

            return ExitCodes.Success;
        });
    }

    private static readonly (string Name, string Label)[] Lines =
    [
        ("learner", "learner"), ("trainedRows", "rows"), ("trainingData", "training data"), ("experiment", "experiment"), ("runId", "run"),
    ];

    private static Command Compare()
    {
        var (service, endpoint, first, second) = (Service(), Endpoint(), Version("FROM"), Version("TO"));
        return ServerCommands.Connect(new Command("compare", "Compare two versions: metrics, columns, parameters.") { service, first, second, endpoint }, async (client, parsed, cancellationToken) =>
        {
            var found = await client.CallModelsAsync(
                HttpMethod.Get,
                $"{Path(parsed, service, endpoint)}/compare?from={parsed.GetValue(first)}&to={parsed.GetValue(second)}",
                cancellationToken);
            if (parsed.GetValue<bool>("--json"))
            {
                Console.WriteLine(found.ToJsonString());
                return ExitCodes.Success;
            }

            foreach (var asset in (found["assets"] as JsonArray ?? []).OfType<JsonObject>())
            {
                Console.WriteLine($"{asset["name"]}{((bool?)asset["same"] == true ? ": the same bytes" : "")}");
                if (asset["metrics"] is JsonArray { Count: > 0 })
                {
                    Console.WriteLine($"  {"",-30} {$"version {parsed.GetValue(first)}",12} {$"version {parsed.GetValue(second)}",12} {"difference",12}");
                }

                foreach (var metric in (asset["metrics"] as JsonArray ?? []).OfType<JsonObject>())
                {
                    Console.WriteLine(
                        $"  {metric["name"],-30} {Number(metric["from"]),12} {Number(metric["to"]),12} {Number(metric["difference"]),12}");
                }

                foreach (var sentence in asset["differences"] as JsonArray ?? [])
                {
                    Console.WriteLine($"  {sentence}");
                }
            }

            return ExitCodes.Success;
        });
    }

    private static Command Challenge()
    {
        var (service, endpoint) = (Service(), Endpoint());
        var numbers = new Argument<int[]>("VERSION") { Description = "Versions that score beside the one served in each batch job; none ends it.", Arity = ArgumentArity.ZeroOrMore };
        return ServerCommands.Connect(
            new Command("challenge", "Let versions score beside the one served, and report what they disagree about.") { service, numbers, endpoint },
            async (client, parsed, cancellationToken) =>
            {
                var body = new JsonObject { ["versions"] = new JsonArray([.. (parsed.GetValue(numbers) ?? []).Select(number => JsonValue.Create(number))]) };
                var answer = await client.CallModelsAsync(HttpMethod.Put, $"{Path(parsed, service, endpoint)}/challengers", cancellationToken, body);
                if (parsed.GetValue<bool>("--json"))
                {
                    Console.WriteLine(answer.ToJsonString());
                    return ExitCodes.Success;
                }

                var challengers = (answer["value"] as JsonArray ?? []).OfType<JsonObject>().Where(version => (string?)version["state"] == "Challenger").ToList();
                challengers.ForEach(version => Console.WriteLine(Line(version)));
                if (challengers.Count == 0)
                {
                    Console.WriteLine("No version scores beside the one that is served.");
                }

                return ExitCodes.Success;
            });
    }

    private static Command Promote()
    {
        var (service, endpoint, version) = (Service(), Endpoint(), Version("VERSION"));
        return ServerCommands.Connect(
            new Command("promote", "Serve a version from now on.") { service, version, endpoint },
            async (client, parsed, cancellationToken) => Serves(parsed, await client.CallModelsAsync(
                HttpMethod.Post, $"{Path(parsed, service, endpoint)}/{parsed.GetValue(version)}/promote", cancellationToken)));
    }

    private static Command RollBack()
    {
        var (service, endpoint) = (Service(), Endpoint());
        return ServerCommands.Connect(
            new Command("rollback", "Serve again what was served before the present version.") { service, endpoint },
            async (client, parsed, cancellationToken) => Serves(parsed, await client.CallModelsAsync(
                HttpMethod.Post, $"{Path(parsed, service, endpoint)}/rollback", cancellationToken)));
    }

    private static int Serves(ParseResult parsed, JsonObject version)
    {
        Console.WriteLine(parsed.GetValue<bool>("--json") ? version.ToJsonString() : Line(version));
        return ExitCodes.Success;
    }

    private static string Line(JsonObject version) =>
        $"{version["service"]}/{version["endpoint"]}: version {version["version"]}, {version["state"]}, {version["createdAt"]}, {version["reason"]}";

    private static string Metrics(JsonObject version) => string.Join("  ", (version["assets"] as JsonArray ?? []).OfType<JsonObject>()
        .SelectMany(asset => asset["metrics"] as JsonObject ?? [])
        .Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {(double?)metric.Value:0.####}")));

    private static string Number(JsonNode? value) =>
        value is null ? "-" : ((double)value).ToString("0.######", CultureInfo.InvariantCulture);

    private static bool Matches(JsonNode? name, string? wanted) =>
        wanted is null || string.Equals((string?)name, wanted, StringComparison.OrdinalIgnoreCase);

    private static Argument<string> Service() => new("SERVICE") { Description = "The web service's name or id." };

    private static Option<string> Endpoint() => new("--endpoint") { Description = "The endpoint.", DefaultValueFactory = _ => "default" };

    private static Argument<int> Version(string name) => new(name) { Description = "A version's number." };

    private static string Path(ParseResult parsed, Argument<string> service, Option<string> endpoint) =>
        $"/{Uri.EscapeDataString(parsed.GetRequiredValue(service))}/{Uri.EscapeDataString(parsed.GetRequiredValue(endpoint))}";
}
