using System.Text;
using Auspex.Server.Api.Factories;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Server.Api.Factories;

public sealed class ManagementPageTests
{
    private const string Heading =
        """
        # Management interface

        The operations of Azure Data Factory (`api-version` 2018-06-01, 2017-09-01-preview accepted) and of a Synapse workspace's data
        plane (2020-12-01 and its previews) that this server answers, under the names that the client libraries give them. `~` is
        `/subscriptions/S/resourceGroups/G/providers/Microsoft.DataFactory/factories/F`; subscription and group may be anything. Paths and names
        ignore case. The table comes from `src/Auspex.Server/Api/Factories/FactoryOperation.cs`, of which the routes are made; a test compares them.

        Confirmed with `@azure/arm-datafactory` 12.0.0 and `@azure/synapse-artifacts` 1.0.0-beta.12 over https; see `tests/node`.

        What holds for all of them:

        - Errors are `{"error": {"code", "message", "target", "details"}}`; a malformed call never gets a 5xx.
        - Writes obey `If-Match` and `If-None-Match` (412), reads `If-None-Match` (304). A definition is a file of the factory's git folder when
          the answer is sent; members that are not known here are kept as they are.
        - Secrets of linked services are encrypted in the data folder, not in the git folder, and never shown; writing back the mask
          keeps them. Other literal SecureStrings stay in the file as they were written and are masked in answers.
        - A write is refused for names that Azure refuses, references to what is not there, a wrong shape, activities that share a name or wait for
          each other; a delete while something refers to the resource.
        - Lists come in pages of 200 (`nextLink`), pipeline runs in pages of 100 and activity runs in pages of 1,000 (`continuationToken`).
        - A rerun (`referencePipelineRunId`, `isRecovery`) repeats a run with its arguments, in its group: all of it, from an activity
          (`startActivityName`) or from what failed (`startFromFailure`). Results taken over bear `recoveryStatus`; see `docs/adr/0026-rerun.md`.
        - Writes and deletes of the Synapse form answer 202 with a `Location`, where the result already waits.

        | operation | ARM | Synapse | role | |
        |---|---|---|---|---|

        """;

    [Fact]
    public void Page_OfAllOperations_ListsEach()
    {
        var table = new StringBuilder(Heading);
        foreach (var operation in FactoryOperation.All)
        {
            var arm = operation.IsSynapseOnly ? "" : $"`{operation.Method} {operation.Path}`";
            var synapse = operation.SynapsePath is { } path ? $"`{operation.Method} {path}`" : "";
            table.Append($"| {operation.Name} | {arm} | {synapse} | {operation.Role} | {operation.Note} |\n");
        }

        var document = Path.Combine(RepositoryRoot.Path, "docs", "compat", "management-api.md");
        var written = File.Exists(document) ? File.ReadAllText(document) : string.Empty;
        if (written != table.ToString())
        {
            File.WriteAllText(Path.ChangeExtension(document, ".received.md"), table.ToString());
        }

        Assert.Equal(table.ToString(), written);
    }

    [Fact]
    public void Operations_NamesAndPaths_AreUnique()
    {
        Assert.Empty(FactoryOperation.All.GroupBy(operation => operation.Name).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.Empty(FactoryOperation.All.Where(operation => !operation.IsSynapseOnly)
            .GroupBy(operation => $"{operation.Method} {operation.FullPath}".ToUpperInvariant()).Where(group => group.Count() > 1).Select(group => group.Key));
    }
}
