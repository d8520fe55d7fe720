using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Definitions;
using Auspex.Server.Api;

namespace Auspex.Server.Studio;

/// <summary>
/// Who was invited into the workspace. Callers are told apart by tokens here, not by accounts: an invitation is kept and listed, nobody is written to, and
/// whoever comes needs a token of the server.
/// </summary>
internal sealed partial class StudioInvitations(StudioStore store, TimeProvider clock)
{
    private const int MostAtOnce = 1000;
    private static readonly string[] Roles = ["User", "Owner"];

    /// <summary>Keeps invitations; one for each address, the last role counts.</summary>
    /// <param name="text">The request's body; the PowerShell client writes its members without quotes.</param>
    /// <param name="cancellationToken">Stops between addresses.</param>
    /// <returns>For each address whether it was kept.</returns>
    /// <exception cref="ServiceErrorException">400: the body is no such object, or the role is unknown.</exception>
    public async Task<JsonArray> InviteAsync(string text, CancellationToken cancellationToken)
    {
        var body = Read(text);
        var given = body.TextMember("Role") ?? "";
        var role = Array.Find(Roles, role => role.Equals(given, StringComparison.OrdinalIgnoreCase))
            ?? throw ServiceErrors.RequestBodyInvalid($"The role '{ServiceErrors.Shorten(given)}' is unknown; expected one of {string.Join(", ", Roles)}.");
        var addresses = (body.TextMember("Emails") ?? "").Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (addresses.Length is 0 or > MostAtOnce)
        {
            throw ServiceErrors.RequestBodyInvalid($"'Emails' holds {addresses.Length} addresses; expected 1 to {MostAtOnce}, parted by commas.");
        }

        var results = new JsonArray();
        foreach (var address in addresses)
        {
            var isSound = AddressPattern().IsMatch(address);
            if (isSound)
            {
                await store.SaveAsync(
                    StudioStore.Invitations,
                    address,
                    new JsonObject { ["Email"] = address, ["Role"] = role, ["Created"] = StudioJson.Date(clock.GetUtcNow()) },
                    cancellationToken);
            }

            results.Add((JsonNode)new JsonObject
            {
                ["Email"] = address,
                ["Failed"] = !isSound,
                ["ErrorMessage"] = isSound ? "" : $"'{ServiceErrors.Shorten(address)}' is no e-mail address.",
            });
        }

        return results;
    }

    /// <summary>All that were invited, as users.</summary>
    public async Task<IEnumerable<JsonNode>> ListAsync(CancellationToken cancellationToken) =>
        (await store.ListAsync(StudioStore.Invitations, cancellationToken))
            .OrderBy(invited => invited.TextMember("Email"), StringComparer.OrdinalIgnoreCase)
            .Select(invited => (JsonNode)new JsonObject
            {
                ["Status"] = "Invited",
                ["User"] = new JsonObject
                {
                    ["UserId"] = "",
                    ["Email"] = invited.TextMember("Email"),
                    ["Name"] = "",
                    ["Role"] = invited.TextMember("Role"),
                },
            });

    /// <summary>Takes an invitation back; false when there is none.</summary>
    public Task<bool> RevokeAsync(string address, CancellationToken cancellationToken) =>
        store.DeleteAsync(StudioStore.Invitations, address, cancellationToken);

    private static JsonObject Read(string text)
    {
        foreach (var candidate in (ReadOnlySpan<string>)[text, BareMemberPattern().Replace(text, "$1\"$2\":")])
        {
            try
            {
                if (JsonNode.Parse(candidate) is JsonObject body)
                {
                    return body;
                }
            }
            catch (JsonException)
            {
                // Its members may lack their quotes.
            }
        }

        throw ServiceErrors.RequestBodyInvalid("The request body is no JSON object; expected {\"Role\": \"User\", \"Emails\": \"a@b.example,c@d.example\"}.");
    }

    [GeneratedRegex("^[^@\\s/]{1,64}@[^@\\s/]{1,255}$", RegexOptions.CultureInvariant)]
    private static partial Regex AddressPattern();

    [GeneratedRegex("([{,]\\s*)([A-Za-z_][A-Za-z0-9_]*)\\s*:", RegexOptions.CultureInvariant)]
    private static partial Regex BareMemberPattern();
}
